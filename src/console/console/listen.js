// Enters a room as any page would, and keeps what arrives, byte for byte.
import { reactive } from "vue";
import { io } from "socket.io-client";

const MOST_ENTRIES = 200;
const TRY_AGAIN_MS = 3000;
export const RULES = ["loginWhenever", "loginWhenFirst", "loginWhenLast"];

/**
 * The name and the raw arguments of an event packet, `2["test",{...}]`. Raw, since JSON.parse
 * rounds large numbers, and what was sent is to be seen.
 */
export function readEvent(packet) {
  const event = /^2\d*\[\s*("(?:[^"\\]|\\.)*")\s*,?(.*)\]$/s.exec(packet);
  return event && { name: JSON.parse(event[1]), data: event[2].trim() };
}

/** The code of a downmsg; back ends may push an event of that name with any data. */
function codeOf({ name, data }) {
  const code = name === "downmsg" && data !== "" ? JSON.parse(data)?.code : undefined;
  return typeof code === "string" ? code : undefined;
}

export class Listener {
  /** connection and room: keys of the texts `connection` and `roomState`, with what fills them. */
  state = reactive({
    connection: { state: "off", detail: "" },
    room: { state: "out", id: "", detail: "" },
    entries: [], // newest first
  });
  /** The room to be in, also after a lost connection; null: none. */
  #wanted = null;
  #timer = 0;
  #count = 0;
  #socket;

  constructor(path) {
    this.#socket = io({
      path,
      autoConnect: false,
      reconnectionDelay: 500,
      reconnectionDelayMax: 4000,
    });
    this.#socket.on("connect", () => this.#connected());
    this.#socket.on("disconnect", () => {
      clearTimeout(this.#timer);
      this.#setConnection("lost");
    });
    this.#socket.on("connect_error", (error) => {
      if (this.#socket.active) this.#setConnection("lost");
      else this.#setConnection("refused", error.message);
    });
    this.#socket.on("downmsg", (body) => {
      if (body?.code === "2005") this.#kicked(String(body.msg));
    });
    this.#socket.io.on("open", () => {
      this.#socket.io.engine.on("message", (packet) => this.#arrived(packet));
    });
  }

  enter(id, rule) {
    clearTimeout(this.#timer);
    if (this.#wanted && this.#wanted.id !== id) {
      this.#socket.emit("logoutRoom", { id: this.#wanted.id });
    }
    this.#wanted = { id, rule, held: false };
    this.#setRoom("entering", id);
    if (this.#socket.connected) return this.#ask();
    if (!this.#socket.active) {
      this.#setConnection("waiting");
      this.#socket.connect();
    }
  }

  leave() {
    clearTimeout(this.#timer);
    if (this.#wanted && this.#socket.connected) {
      this.#socket.emit("logoutRoom", { id: this.#wanted.id });
    }
    this.#wanted = null;
    this.#setRoom("out");
  }

  clear() {
    this.state.entries = [];
  }

  close() {
    clearTimeout(this.#timer);
    this.#wanted = null;
    this.#socket.disconnect();
  }

  #setConnection(state, detail = "") {
    this.state.connection = { state, detail };
  }

  #setRoom(state, id = "", detail = "") {
    this.state.room = { state, id, detail };
  }

  #connected() {
    const { engine } = this.#socket.io;
    this.#setConnection(engine.transport.name);
    engine.once("upgrade", (transport) => this.#setConnection(transport.name));
    if (!this.#wanted) return;
    this.#setRoom("entering", this.#wanted.id);
    this.#ask();
  }

  #ask() {
    const asked = this.#wanted;
    this.#socket.emit("loginRoom", { id: asked.id, type: asked.rule }, ({ code, msg }) => {
      if (asked === this.#wanted) this.#answered(asked, code, msg);
    });
  }

  #answered(asked, code, message) {
    if (code === "2002") {
      asked.held = true;
      this.#setRoom("in", asked.id);
    } else if (code === "2004" && asked.held) {
      // Until the gateway finds its old connection dead, this page stands before its own room.
      this.#setRoom("again", asked.id);
      this.#timer = setTimeout(() => this.#ask(), TRY_AGAIN_MS);
    } else {
      this.#wanted = null;
      this.#setRoom(code === "2004" ? "taken" : "failed", asked.id, message);
    }
  }

  /** 2005 names the room in its text only. */
  #kicked(message) {
    if (!this.#wanted || !message.endsWith(`(id${this.#wanted.id})`)) return;
    this.#setRoom("kicked", this.#wanted.id);
    this.#wanted = null;
  }

  #arrived(packet) {
    const event = typeof packet === "string" && readEvent(packet);
    if (!event) return;
    this.#count += 1;
    const entry = { ...event, number: this.#count, at: new Date(), code: codeOf(event) };
    this.state.entries = [entry, ...this.state.entries].slice(0, MOST_ENTRIES);
  }
}
