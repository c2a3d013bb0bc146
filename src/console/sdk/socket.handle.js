// Rooms and pushed events over the stock socket.io-client. What callers may rely on is in
// socket.handle.d.ts.
import { io as stockClient } from "./io.js";

// After a goodbye of the gateway, which the stock client takes as final.
const OPENING_AGAIN_MS = 4000;
const ENTERING_AGAIN_MS = 3000;
// By then the gateway has found a half-open connection dead (its ping: 25 s and 20 s more).
const ENTERING_AGAIN_TIMES = 16;
const EVENT = 2; // packet types of Socket.IO that carry an event
const BINARY_EVENT = 5;

const isOld = (io) => io.protocol < 5; // 2.x
const say = (line) => console.log(line);

const sayFailure = ({ code, message }) => say(`login room fail code:${code},msg:${message}`);

function failure(code, message) {
  const error = new Error(message);
  error.code = code;
  return error;
}

/** Calls what a page gave us: its faults are shown as its own and stop nothing here. */
function callPage(callback, ...args) {
  try {
    callback(...args);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}

/** The options for `io`; the token goes as `auth` (3.x, 4.x) or as `query` (2.x). */
function optionsOf(io, options, token) {
  const all = { ...options, forceNew: true, autoConnect: false };
  if (!token) return all;
  if (isOld(io)) return { ...all, query: { ...options.query, token: token() } };
  return { ...all, auth: (send) => send({ ...options.auth, token: token() }) };
}

/** Everything behind a handle. Pages do not see it, so that no framework makes it reactive. */
class Connection {
  constructor(url, { token, io = stockClient, ...options }, hooks) {
    this.url = url;
    this.io = io;
    this.token = token && typeof token !== "function" ? () => token : token;
    this.options = options;
    this.hooks = hooks;
    this.socket = null;
    this.ready = false; // from 2001 to the end of the connection
    this.closed = false;
    this.logins = new Set(); // promised to the page, not answered yet
    this.rooms = new Map(); // id -> room: entered, and entered again after a cut
    this.listeners = new Set();
    this.early = null; // events of the turn in which a login was answered
    this.timers = new Set();
  }

  // --- The connection ----------------------------------------------------------------------------

  open() {
    if (this.socket || this.closed) return;
    say("is connecting to server");
    const socket = this.io(this.url, optionsOf(this.io, this.options, this.token));
    this.socket = socket;
    // Packets, not the socket's own events: those mix with what the client itself tells.
    this.onPacket = ({ type, nsp, data }) => {
      if (nsp === socket.nsp && (type === EVENT || type === BINARY_EVENT)) this.received(...data);
    };
    socket.io.on("packet", this.onPacket);
    socket.on("connect", () => socket.recovered && this.greeted());
    socket.on("disconnect", (reason) => this.lost(reason));
    if (isOld(this.io)) this.listenOld(socket);
    // With `data` it is the gateway's refusal, else an attempt that failed: the client makes more.
    else socket.on("connect_error", (error) => "data" in error && this.refused(error));
    socket.connect();
  }

  listenOld(socket) {
    socket.on("error", (body) => body instanceof Error || this.refused(body));
    if (!this.token) return;
    socket.on("reconnect_attempt", () => {
      socket.io.opts.query = { ...socket.io.opts.query, token: this.token() };
    });
  }

  drop() {
    const { socket } = this;
    this.socket = null;
    this.down();
    if (!socket) return;
    socket.io.off("packet", this.onPacket);
    socket.off();
    socket.disconnect();
  }

  down() {
    this.ready = false;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  later(ms, action) {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, ms);
    this.timers.add(timer);
  }

  greeted() {
    if (this.ready) return;
    this.ready = true;
    say("socketIO connect success");
    for (const room of this.rooms.values()) {
      room.attempts = ENTERING_AGAIN_TIMES;
      room.told = false;
      this.enterAgain(room);
    }
    for (const login of this.logins) this.enter(login);
  }

  lost(reason) {
    this.down();
    if (reason !== "io server disconnect") return;
    this.later(OPENING_AGAIN_MS, () => this.socket.connect());
  }

  /** The gateway does not want this page: a wrong token, a full table. */
  refused(body) {
    const { message = String(body), data } = body || {};
    const error = failure(String((data && data.code) || "refused"), message);
    say(`connect refused code:${error.code},msg:${message}`);
    this.drop();
    this.rooms.clear();
    this.fail(error);
    if (this.hooks.onRefused) callPage(this.hooks.onRefused, error);
  }

  fail(error) {
    const logins = [...this.logins];
    this.logins.clear();
    for (const login of logins) login.reject(error);
  }

  close() {
    if (this.closed) return;
    this.closed = true;
    say("going to disconnect");
    this.drop();
    this.rooms.clear();
    this.listeners.clear();
    this.fail(failure("closed", "the handle was closed"));
  }

  // --- Rooms -------------------------------------------------------------------------------------

  login(id, type) {
    const promise = new Promise((resolve, reject) => {
      if (this.closed) return reject(failure("closed", "the handle was closed"));
      const login = { id, type, resolve, reject };
      this.logins.add(login);
      this.open();
      if (this.ready) this.enter(login);
    });
    promise.catch(sayFailure); // which also makes it no unhandled one
    return promise;
  }

  emitLogin({ id, type }, answered) {
    say(`going to login room id:${id},type:${type}`);
    this.socket.emit("loginRoom", { id, type }, answered);
  }

  enter(login) {
    const { id, type } = login;
    this.emitLogin(login, (body) => {
      if (!this.logins.delete(login)) return;
      if (body.code !== "2002") return login.reject(failure(body.code, body.msg));
      this.rooms.set(id, { id, type });
      say("login room success");
      this.keepEarly();
      login.resolve(body);
    });
  }

  enterAgain(room) {
    this.emitLogin(room, (body) => {
      if (this.rooms.get(room.id) === room) this.enteredAgain(room, body);
    });
  }

  enteredAgain(room, { code, msg }) {
    const { onReenter } = this.hooks;
    if (code === "2002") {
      say("login room success");
      if (onReenter) callPage(onReenter, room.id, null);
      return;
    }
    // The page's own connection of before, if it is half-open, still holds the room.
    const retrying = code === "2004" && room.attempts-- > 0;
    if (retrying) this.later(ENTERING_AGAIN_MS, () => this.tryAgain(room));
    else this.rooms.delete(room.id);
    if (retrying && room.told) return;
    room.told = retrying;
    sayFailure({ code, message: msg });
    if (onReenter) callPage(onReenter, room.id, Object.assign(failure(code, msg), { retrying }));
  }

  tryAgain(room) {
    if (this.rooms.get(room.id) === room) this.enterAgain(room);
  }

  logout(id) {
    this.rooms.delete(id);
    for (const login of this.logins) {
      if (login.id !== id) continue;
      this.logins.delete(login);
      login.reject(failure("left", "the room was left before it was entered"));
    }
    if (this.ready) this.socket.emit("logoutRoom", { id });
  }

  /** 2005 names the room in its text only. */
  kicked(message) {
    for (const id of this.rooms.keys()) {
      if (message !== `you have kicked out room (id${id})`) continue;
      this.rooms.delete(id);
      if (this.hooks.onKicked) callPage(this.hooks.onKicked, id);
      return;
    }
  }

  // --- Events ------------------------------------------------------------------------------------

  received(name, data) {
    const listeners = [...this.listeners].filter((listener) => listener.name === name);
    if (listeners.length === 0 && this.early) this.early.push({ name, data });
    for (const listener of listeners) {
      if (this.listeners.has(listener)) callPage(listener.callback, data);
    }
    if (name !== "downmsg" || !data || this.closed) return;
    if (data.code === "2001") this.greeted();
    if (data.code === "2005") this.kicked(data.msg);
  }

  /** A push may come in one piece with 2002: before the page's `then` runs, which listens to it. */
  keepEarly() {
    if (this.early) return;
    this.early = [];
    setTimeout(() => (this.early = null));
  }

  listen(name, callback) {
    say(`ready to listen event eventName:${name}`);
    if (this.closed) return () => {};
    const listener = { name, callback };
    this.listeners.add(listener);
    this.open();
    const early = (this.early || []).filter((event) => event.name === name);
    if (early.length > 0) {
      this.early = this.early.filter((event) => event.name !== name);
      Promise.resolve().then(() => {
        for (const { data } of early) if (this.listeners.has(listener)) callPage(callback, data);
      });
    }
    return () => {
      this.listeners.delete(listener);
    };
  }
}

export class SocketHandle {
  constructor(url = SocketHandle.url, options = {}) {
    this.onKicked = null;
    this.onReenter = null;
    this.onRefused = null;
    const connection = new Connection(url, options, this);
    const roomId = (id) => (typeof id === "number" ? String(id) : id);
    this.loginRoom = (id, type = "loginWhenFirst") => connection.login(roomId(id), type);
    this.logoutRoom = (id) => connection.logout(roomId(id));
    this.listen = (name, callback) =>
      typeof name === "function"
        ? connection.listen("downmsg", name)
        : connection.listen(name === undefined ? "downmsg" : name, callback);
    this.close = () => connection.close();
  }
}

SocketHandle.url = undefined;

export default SocketHandle;
