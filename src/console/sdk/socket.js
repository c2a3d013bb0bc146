// Presence and calls over one raw WebSocket for the whole page. What callers may rely on is in
// socket.d.ts.
const TOKEN_COOKIE = "USERTOKEN";
const RECONNECT_MS = 4000;
const RECONNECT_MOST_MS = 32000; // doubled while no attempt opens: a browser never says "401"
const OPENING_MS = 15000;
const SILENCE_MS = 60000; // then the gateway is asked, and has as long to answer
const MOST_UNSENT = 64; // below what the gateway takes for a flood
const MOST_MISSED = 256;
const OPEN = 1; // WebSocket.readyState
const LOGOUT = 1000; // close codes: the user is removed from the list at once,
const GIVEN_UP = 4000; // or stays in it for a while

// --- Helpers -------------------------------------------------------------------------------------

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

export function escapeHtml(text) {
  if (text === null || text === undefined) return "";
  return String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A page's own fault is shown as one and stops nothing here. */
function callPage(callback, ...args) {
  try {
    callback(...args);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

/** Callbacks of the page; a newcomer is told at once what `greet` finds worth it. */
function subscription(greet) {
  const entries = new Set();
  return {
    add(callback) {
      const entry = { callback };
      entries.add(entry);
      greet((...args) => callPage(callback, ...args));
      return () => {
        entries.delete(entry);
      };
    },
    tell(...args) {
      for (const entry of [...entries]) if (entries.has(entry)) callPage(entry.callback, ...args);
      return entries.size > 0;
    },
  };
}

/** What `read` makes of a text, null if it can make nothing of it. */
function attempt(read, text) {
  try {
    return read(text);
  } catch (error) {
    return null;
  }
}

// --- The token -----------------------------------------------------------------------------------

/** What `?token=${getToken()}` makes of no token counts as none. */
const present = (token) => (["", "undefined", "null"].includes(String(token)) ? null : token);

function cookieToken() {
  if (typeof document === "undefined") return null;
  const found = new RegExp(`(?:^|;\\s*)${TOKEN_COOKIE}=([^;]*)`).exec(document.cookie);
  return found && present(attempt(decodeURIComponent, found[1]) || "");
}

function queryToken(url) {
  const found = /[?&]token=([^&#]*)/.exec(url);
  return found && present(attempt(decodeURIComponent, found[1]) || "");
}

function tokenOf(url, { token }) {
  const own = present(typeof token === "function" ? token() : token || "");
  return own || queryToken(url) || cookieToken();
}

function addressOf(url, token) {
  const bare = url.replace(/([?&])token=[^&#]*&?/, "$1").replace(/[?&]$/, "");
  return `${bare}${bare.includes("?") ? "&" : "?"}token=${encodeURIComponent(token)}`;
}

// --- State ---------------------------------------------------------------------------------------

let wanted = null; // {url, options, byCookie}: whom to be connected to
let socket = null;
let isOpen = false;
let cuts = 0; // since the connection was open last
let reason = ""; // why the connection under way fails, as far as anybody said
let retryTimer = 0;
let deadTimer = 0; // opening, silence and the answer to `heart check` share it
let unsent = []; // {text, callback}
let unanswered = []; // callbacks in the order of the frames: the gateway answers each frame once
let online = null;
let missed = []; // told when somebody listens, since the gateway tells them once
let state = { state: "closed", reason: "" };

const onlineLists = subscription((tell) => online && tell(online));
const calls = subscription(() => {});
const events = subscription(() => {});
const missedCalls = subscription((tell) => {
  const held = missed;
  missed = [];
  if (held.length > 0) tell(held);
});
const states = subscription((tell) => tell(state));

export const onOnline = (callback) => onlineLists.add(callback);
export const onCall = (callback) => calls.add(callback);
export const onEvent = (callback) => events.add(callback);
export const onMissed = (callback) => missedCalls.add(callback);
export const onState = (callback) => states.add(callback);

function setState(name, why = "", more = {}) {
  state = { state: name, reason: why, ...more };
  states.tell(state);
}

// --- Answers -------------------------------------------------------------------------------------

function answer(callback, data, frame) {
  if (!callback) return;
  const { Type, Message } = frame;
  if (Type === "Receipt") return callPage(callback, { data, receipt: Message, error: null });
  const error = new Error(Message.Reason);
  error.code = Message.Code;
  callPage(callback, { data, receipt: null, error });
}

/** The same for a frame that gets none from the gateway. */
function answerInstead(callback, Code, Reason) {
  const frame = { Type: "Error", Message: { Code, Reason } };
  answer(callback, JSON.stringify(frame), frame);
}

function failAll(callbacks, code, why) {
  for (const callback of callbacks) answerInstead(callback, code, why);
}

function takeUnanswered() {
  const callbacks = unanswered;
  unanswered = [];
  return callbacks;
}

function takeUnsent() {
  const messages = unsent;
  unsent = [];
  return messages;
}

// --- The connection ------------------------------------------------------------------------------

function connect() {
  const token = tokenOf(wanted.url, wanted.options);
  if (!token || (wanted.byCookie && !cookieToken())) return end("the token is gone");
  const Implementation = wanted.options.WebSocket || WebSocket;
  const opened = new Implementation(addressOf(wanted.url, token));
  reason = "";
  socket = opened;
  deadTimer = setTimeout(() => lost("the gateway does not answer"), OPENING_MS);
  opened.onopen = ready;
  opened.onmessage = received;
  opened.onerror = (event) => (reason = (event && event.message) || "");
  opened.onclose = (event) => lost(whyClosed(event));
  setState("connecting");
}

function whyClosed(event) {
  if (event.reason) return event.reason;
  if (reason) return reason;
  return isOpen ? `closed with code ${event.code}` : "no connection, or the token is refused";
}

/** Is done with the WebSocket at once; the close event of one that is half-open comes late. */
function abandon(code) {
  clearTimeout(retryTimer);
  clearTimeout(deadTimer);
  const old = socket;
  socket = null;
  isOpen = false;
  if (!old) return;
  old.onopen = old.onmessage = old.onclose = null;
  old.onerror = () => {};
  old.close(code);
}

function ready() {
  console.log(cuts > 0 ? "websocket重新连接了" : "websocket连接成功");
  isOpen = true;
  cuts = 0;
  expectMessage();
  for (const { text, callback } of takeUnsent()) transmit(text, callback);
  setState("open");
}

function lost(why) {
  console.log("websocket服务关闭了", why);
  abandon(GIVEN_UP);
  const retryMs = Math.min(RECONNECT_MS * 2 ** Math.max(cuts - 1, 0), RECONNECT_MOST_MS);
  cuts += 1;
  retryTimer = setTimeout(connect, retryMs);
  const callbacks = takeUnanswered();
  setState("waiting", why, { retryMs });
  failAll(callbacks, "lost", "the connection ended before the receipt came");
}

/** For good: until the next createSocket(). */
function end(why) {
  abandon(LOGOUT);
  wanted = null;
  cuts = 0;
  online = null;
  missed = [];
  const callbacks = [...takeUnanswered(), ...takeUnsent().map(({ callback }) => callback)];
  onlineLists.tell([]);
  setState("closed", why);
  failAll(callbacks, "closed", why);
}

/** Something came: ask after a minute without another word, give up after one more. */
function expectMessage() {
  clearTimeout(deadTimer);
  deadTimer = setTimeout(() => {
    deadTimer = setTimeout(() => lost("no answer to heart check"), SILENCE_MS);
    socket.send("heart check");
  }, SILENCE_MS);
}

function received(event) {
  expectMessage();
  const frame = attempt(JSON.parse, event.data);
  if (!frame) return;
  if (frame.Type === "Receipt" || frame.Type === "Error") {
    if (unanswered.length > 0) answer(unanswered.shift(), event.data, frame);
  } else if (frame.Type === "Chat") {
    online = frame.Message;
    onlineLists.tell(online);
  } else if (frame.Type === "Event") {
    if (frame.Message.Event === "Call") calls.tell(frame, event);
    events.tell(frame, event);
  } else if (frame.Type === "Missed") {
    if (missedCalls.tell(frame.Message)) return;
    missed = [...missed, ...frame.Message].slice(-MOST_MISSED);
  }
}

function transmit(text, callback) {
  unanswered.push(callback);
  socket.send(text);
}

// --- What pages call -----------------------------------------------------------------------------

export function createSocket(url, options = {}) {
  const token = tokenOf(url, options);
  if (!token) return false;
  const address = addressOf(url, token);
  if (wanted && wanted.address === address) {
    if (!socket) {
      clearTimeout(retryTimer); // whoever asks again does not want to wait
      connect();
    }
    return true;
  }
  if (wanted) end("another connection takes its place");
  wanted = { url, options, address, byCookie: cookieToken() !== null };
  try {
    connect();
  } catch (error) {
    wanted = null; // no address of a WebSocket
    throw error;
  }
  return true;
}

export function closeSocket() {
  if (wanted) end("closed by the page");
}

export function sendMsg(data, callback) {
  const text = JSON.stringify(data);
  if (isOpen && socket.readyState === OPEN) return transmit(text, callback);
  if (wanted && unsent.length < MOST_UNSENT) {
    unsent.push({ text, callback });
    return;
  }
  const [code, why] = wanted
    ? ["queue_full", "too many messages wait for the connection"]
    : ["closed", "there is no connection"];
  Promise.resolve().then(() => answerInstead(callback, code, why));
}

/** A frame about a call to who has the other part in it; the promise is that of its receipt. */
function send(Event, about, Data = {}) {
  const Receiver = typeof about === "object" ? about.Sender || about.Receiver : String(about);
  const frame = { Sender: "", Receiver, SendTime: "", Type: "Event", Message: { Event, Data } };
  if (about.Id) frame.Id = about.Id;
  const promise = new Promise((resolve, reject) => {
    sendMsg(frame, ({ receipt, error }) => (error ? reject(error) : resolve(receipt)));
  });
  promise.catch(() => {}); // who does not wait for it does not want to know
  return promise;
}

export const call = (receiver, data = { type: "呼叫" }) => send("Call", receiver, data);
export const accept = (about, data) => send("Accept", about, data);
export const decline = (about, data) => send("Decline", about, data);
export const cancel = (about, data) => send("Cancel", about, data);
export const hangup = (about, data) => send("Hangup", about, data);

/** The seed's pages keep this as `Vue.prototype.socket` and log out by its `onclose()`. */
export default { sendMsg, close: closeSocket, onclose: closeSocket };
