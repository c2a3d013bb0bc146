/** How others may be in the room, and whether one may enter beside them. */
export type RoomType = "loginWhenFirst" | "loginWhenLast" | "loginWhenever";

/** A body of `downmsg`: 2001 connected, 2002 entered, 2003 failed, 2004 taken, 2005 put out. */
export interface DownMessage {
  code: string;
  msg: string;
}

/**
 * `code`: "2003" or "2004" as the gateway says it; "closed": the handle was closed; "left":
 * logoutRoom() came first; else the gateway's word for a refused connection, e.g. "expired".
 */
export interface HandleError extends Error {
  code: string;
}

/** `retrying`: the handle tries again every 3 s, for less than a minute, and then tells again. */
export interface ReenterError extends HandleError {
  retrying: boolean;
}

export interface HandleOptions {
  /** Whose page it is; a function is asked again at each connection. */
  token?: string | (() => string);
  /** The `io` of a socket.io-client (2.5 to 4.x) other than the one of `./io.js`. */
  io?: (...args: any[]) => any;
  /** All others go to `io`, e.g. `path`, `query`, `transports`. */
  [option: string]: unknown;
}

/** A connection to the gateway of its own, made when it is first needed. */
export declare class SocketHandle {
  /** The box for handles that are made without an address; undefined: where the page is from. */
  static url: string | undefined;

  constructor(url?: string, options?: HandleOptions);

  /**
   * Enters a room; resolves at 2002, however long the gateway takes to be reached. After a lost
   * connection the room is entered again without being asked.
   */
  loginRoom(id: string | number, type?: RoomType): Promise<DownMessage>;
  /** Leaves a room. */
  logoutRoom(id: string | number): void;

  /** Calls `callback` with the data of each such event; the function returned ends that. */
  listen<Data = any>(eventName: string | undefined, callback: (data: Data) => void): () => void;
  /** The same for `downmsg`. */
  listen(callback: (message: DownMessage) => void): () => void;

  /** Ends the connection, all listening and all that waits. For good: nothing opens it again. */
  close(): void;

  /** Another page has put this one out of the room (2005). */
  onKicked: ((id: string) => void) | null;
  /** After a lost connection: in the room again (null), or not. */
  onReenter: ((id: string, error: ReenterError | null) => void) | null;
  /**
   * The gateway does not take this page: a wrong token, a full table. All rooms are given up; the
   * next loginRoom() or listen() tries anew, and events listened to are heard again then.
   */
  onRefused: ((error: HandleError) => void) | null;
}

export default SocketHandle;
