// A page on a bare WebSocket: frames as they are, for what no client would send or show.
import { WebSocket } from "ws";
import { Inbox, within } from "./wait.js";

export class Wire {
  frames = new Inbox("a frame");

  /** Revision 4 unless told; joined to "/" and past the greeting unless `join` is false. */
  static async open(gateway, { eio = 4, join = true } = {}) {
    const wire = new Wire(`${gateway.url}/socket.io/?EIO=${eio}&transport=websocket`);
    const open = await wire.next();
    if (!open.startsWith("0{")) throw new Error(`no open packet but ${open}`);
    wire.handshake = JSON.parse(open.slice(1));
    if (eio === 4 && join) wire.send("40");
    if (eio === 3 || join) await wire.frames.take(2);
    return wire;
  }

  constructor(url, options = {}) {
    this.socket = new WebSocket(url, {
      perMessageDeflate: false,
      rejectUnauthorized: false,
      ...options,
    });
    this.socket.on("message", (data, binary) => this.#arrived(data, binary));
    this.socket.on("error", (error) => this.frames.put(`error ${error.message}`));
    this.closed = new Promise((resolve) =>
      this.socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  #arrived(data, binary) {
    const text = binary ? data : data.toString();
    if (text === "2") return this.send("3");
    this.frames.put(text);
  }

  /** The next frame, pings answered: text, or a Buffer for binary. */
  next() {
    return this.frames.next();
  }

  send(data) {
    this.socket.send(data);
  }

  emit(...event) {
    this.send(`42${JSON.stringify(event)}`);
  }

  /** Enters a room, returns the code. */
  async login(id, type = "loginWhenever") {
    this.emit("loginRoom", { id, type });
    const [, body] = JSON.parse((await this.next()).slice(2));
    return body.code;
  }

  /** How the server ended it. */
  end(patience_ms) {
    return within(this.closed, "the server to close the WebSocket", patience_ms);
  }

  cut() {
    this.socket.terminate();
  }
}

export function wiresOf(t) {
  const open = [];
  t.after(() => open.forEach((wire) => wire.cut()));
  return async (gateway, options) => {
    const wire = await Wire.open(gateway, options);
    open.push(wire);
    return wire;
  };
}
