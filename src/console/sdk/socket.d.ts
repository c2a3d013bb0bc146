/** What another user sent. `Id` names the call. */
export interface EventFrame<Data = any> {
  Type: "Event";
  Sender: string;
  Receiver: string;
  SendTime: string;
  Id: string;
  Message: { Event: string; Data: Data };
}

/** The same on its way out: the gateway fills in what is missing or empty. */
export interface OutgoingFrame<Data = any> {
  Type: "Event";
  Receiver: string;
  Sender?: string;
  SendTime?: string;
  Id?: string;
  Message: { Event: string; Data?: Data };
}

/** What became of a frame. */
export interface Receipt {
  Id: string;
  Event: string;
  Receiver: string;
  Status: "delivered" | "offline" | "refused";
  /** How many terminals of the receiver got it. */
  Terminals?: number;
  /** Why it was refused. */
  Reason?: string;
}

/**
 * `code`: "lost": the connection ended before the receipt, nobody knows whether the frame arrived;
 * "closed": it was not sent, or not answered, before closeSocket(); "queue_full": 64 messages wait
 * for the connection already; else the gateway's word for a frame that is none.
 */
export interface SendError extends Error {
  code: string;
}

/** `data` is always the JSON of a frame, so that `JSON.parse(ev.data)` works. */
export type Answer =
  | { data: string; receipt: Receipt; error: null }
  | { data: string; receipt: null; error: SendError };

export interface MissedCall {
  Id: string;
  Sender: string;
  SendTime: string;
  Reason: string;
  Message: { Event: string; Data: any };
}

export interface SocketState {
  /** `waiting`: for the next attempt, in `retryMs`. `closed`: for good. */
  state: "closed" | "connecting" | "open" | "waiting";
  /** Why it is closed or waiting. */
  reason: string;
  retryMs?: number;
}

export interface SocketOptions {
  /** Else that of the address (`?token=`), else the cookie USERTOKEN. Asked at each connection. */
  token?: string | (() => string);
  /** In place of the global WebSocket. */
  WebSocket?: new (url: string) => any;
}

/** Ends what the call that returned it began. */
export type Unsubscribe = () => void;

/**
 * Connects the page, and does so again after each loss: after 4 s, more slowly while nothing opens.
 * A cookie USERTOKEN that was there and is gone ends that: a logout. False: there is no token,
 * nothing is done. The page has one connection: another address or token replaces the one before,
 * the same again ends the waiting for the next attempt.
 */
export declare function createSocket(url: string, options?: SocketOptions): boolean;

/** Logs out: no reconnect; what waits for a receipt or for a connection gets an error. */
export declare function closeSocket(): void;

/** Sends a frame, as soon as there is a connection; `callback` gets the receipt of this frame. */
export declare function sendMsg(data: OutgoingFrame, callback?: (answer: Answer) => void): void;

// Any number of callbacks each. A frame is also given as its MessageEvent, whose `data` is the text
// as it came. Subscribe before createSocket(), or miss what comes first.

/** The ids of all users online: at once if known, and at each change. */
export declare function onOnline(callback: (users: string[]) => void): Unsubscribe;
/** Somebody calls: Message.Event is "Call". */
export declare function onCall(callback: (call: EventFrame, event: any) => void): Unsubscribe;
/** Every frame of another user, calls among them. */
export declare function onEvent(callback: (frame: EventFrame, event: any) => void): Unsubscribe;
/** Calls that came while the user was away. */
export declare function onMissed(callback: (calls: MissedCall[]) => void): Unsubscribe;
/** The state of the connection: at once, and at each change. */
export declare function onState(callback: (state: SocketState) => void): Unsubscribe;

/** The other party: a frame of theirs, the receipt of one's own, or their user id. */
export type Party = EventFrame | Receipt | MissedCall | string;

/** Rings at a user's terminals; the receipt's Id names the call. */
export declare function call(receiver: string | number, data?: any): Promise<Receipt>;
export declare function accept(about: Party, data?: any): Promise<Receipt>;
export declare function decline(about: Party, data?: any): Promise<Receipt>;
/** Ends a call of one's own that rings. */
export declare function cancel(about: Party, data?: any): Promise<Receipt>;
/** Ends a call. */
export declare function hangup(about: Party, data?: any): Promise<Receipt>;

/** A text as HTML that shows it and nothing else, also inside an attribute's quotes. */
export declare function escapeHtml(text: unknown): string;

/** For `Vue.prototype.socket`: `close()` and `onclose()` log out, as closeSocket() does. */
declare const socket: { sendMsg: typeof sendMsg; close(): void; onclose(): void };
export default socket;
