// Ends of the wire that do exactly what a test says.
import { EventEmitter } from "node:events";

export class FakeWebSocket {
  static made = [];
  readyState = 0;
  sent = [];
  closedWith = [];

  static reset() {
    FakeWebSocket.made = [];
  }

  static get last() {
    return FakeWebSocket.made.at(-1);
  }

  constructor(url) {
    if (!url.startsWith("ws")) throw new SyntaxError(`no address of a WebSocket: ${url}`);
    this.url = url;
    FakeWebSocket.made.push(this);
  }

  send(text) {
    if (this.readyState !== 1) throw new Error("not open");
    this.sent.push(text);
  }

  close(...code) {
    this.closedWith.push(code);
    this.readyState = 2;
  }

  open() {
    this.readyState = 1;
    this.onopen({});
  }

  receive(frame) {
    this.onmessage({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }

  end(code = 1006, reason = "") {
    this.readyState = 3;
    if (this.onclose) this.onclose({ code, reason });
  }
}

/** What `io` returns; emits go to `emitted`, with their callbacks. */
export class FakeSocket extends EventEmitter {
  io = new EventEmitter();
  nsp = "/";
  recovered = false;
  emitted = [];
  connects = 0;
  disconnects = 0;

  off(...args) {
    return args.length === 0 ? this.removeAllListeners() : super.off(...args);
  }

  emit(name, body, ack) {
    if (ack === undefined) return super.emit(name, body);
    this.emitted.push({ name, body, ack });
    return true;
  }

  connect() {
    this.connects += 1;
  }

  disconnect() {
    this.disconnects += 1;
  }

  /** An event from the gateway. */
  receive(...data) {
    this.io.emit("packet", { type: 2, nsp: "/", data });
  }

  greet() {
    this.receive("downmsg", { code: "2001", msg: "connect success" });
  }

  /** Answers the oldest emit. */
  answer(code, msg = "") {
    this.emitted.shift().ack({ code, msg });
  }
}

export function fakeIo() {
  const made = [];
  const io = (url, options) => {
    made.push(Object.assign(new FakeSocket(), { url, options }));
    return made.at(-1);
  };
  return { io, made };
}
