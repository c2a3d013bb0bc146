// Pages: the stock clients of every generation.
import client2 from "socket.io-client-2";
import { io as client3 } from "socket.io-client-3";
import { io as client4 } from "socket.io-client-4";
import { Inbox, until, within } from "./wait.js";

const CLIENTS = { 2.5: client2, 3.1: client3, 4.8: client4 };
const TRANSPORTS = {
  polling: ["polling"],
  websocket: ["websocket"],
  upgrade: ["polling", "websocket"],
};

export const VERSIONS = ["2.5", "3.1", "4.8"];
/** Every client on every transport; "upgrade" is what a page gets that says nothing. */
export const EVERY = VERSIONS.flatMap((version) =>
  Object.keys(TRANSPORTS).map((transport) => ({
    version,
    transport,
    name: `${version} ${transport}`,
  })),
);

export class Page {
  #inboxes = new Map();

  /** Connects and waits for 2001. */
  static async open(gateway, kind = { version: "4.8", transport: "websocket" }, options = {}) {
    const page = new Page(gateway, kind, options);
    try {
      await within(page.#connected(), `${kind.version} ${kind.transport} to connect`);
      page.greeting = await page.downmsg.next();
    } catch (error) {
      page.close();
      throw error;
    }
    return page;
  }

  constructor(gateway, { version, transport }, options) {
    const transports = TRANSPORTS[transport];
    const connectTo = CLIENTS[version];
    this.transport = transport;
    this.socket = connectTo(gateway.url, {
      forceNew: true,
      reconnection: false,
      transports,
      ...options,
    });
    this.downmsg = this.listen("downmsg");
    this.disconnected = new Promise((resolve) => this.socket.once("disconnect", resolve));
  }

  #connected() {
    return new Promise((resolve, reject) => {
      this.socket.once("connect", resolve);
      for (const event of ["connect_error", "error"]) this.socket.once(event, reject);
    });
  }

  /** The messages of an event from now on. */
  listen(event) {
    if (!this.#inboxes.has(event)) {
      const inbox = new Inbox(`"${event}" at a page`);
      this.#inboxes.set(event, inbox);
      this.socket.on(event, (...args) => inbox.put(args.length > 1 ? args : args[0]));
    }
    return this.#inboxes.get(event);
  }

  /** Sends, returns the next downmsg. */
  async ask(event, ...args) {
    this.socket.emit(event, ...args);
    return this.downmsg.next();
  }

  /** Sends with a callback, returns what that gets. */
  acked(event, ...args) {
    return within(
      new Promise((resolve) => this.socket.emit(event, ...args, resolve)),
      `an ack of ${event}`,
    );
  }

  login(id, type) {
    return this.ask("loginRoom", type === undefined ? { id } : { id, type });
  }

  /** Waits until a page that began by polling is on its WebSocket. */
  async upgraded() {
    if (this.transport !== "upgrade") return;
    await until(() => this.socket.io.engine.transport.name === "websocket", "the upgrade");
  }

  close() {
    this.socket.disconnect();
  }
}

/** Opens pages for a test and closes them when it ends. */
export function pagesOf(t) {
  const open = [];
  t.after(() => open.forEach((page) => page.close()));
  return async (gateway, kind, options) => {
    const page = await Page.open(gateway, kind, options);
    open.push(page);
    return page;
  };
}

export const entered = (id) => ({ code: "2002", msg: `login room (id:${id}) success` });
export const exists = (id) => ({ code: "2004", msg: `your room id(${id}) already exist` });
export const kicked = (id) => ({ code: "2005", msg: `you have kicked out room (id${id})` });
