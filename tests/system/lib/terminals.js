// Call terminals: raw WebSockets with a token, as the seed's pages open them.
import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { Gateway, runToEnd } from "./gateway.js";
import { TOKEN_KEYS, tokenOf } from "./jwt.js";
import { Inbox, until, within } from "./wait.js";

/** A gateway for one test, or for a file when `t` is null, which takes the tokens of lib/jwt. */
export async function gatewayOf(t, { tokens, ...config } = {}, options = {}) {
  const gateway = await Gateway.start({
    config: { tokens: { ...TOKEN_KEYS, ...tokens }, ...config },
    ...options,
  });
  t?.after(() => gateway.stop());
  return gateway;
}

/** The address of a terminal; a token that is not there is left out. */
export const addressOf = (gateway, token, path = "/ws") =>
  gateway.url + path + (token === undefined ? "" : `?token=${encodeURIComponent(token)}`);

export class Terminal {
  /** All that came, in order: {text, frame, type}. */
  frames = [];
  pings = 0;
  #inboxes = new Map();

  /** Connects and waits for the first online list. */
  static open(gateway, token, options = {}) {
    return gateway.inTurn(() => Terminal.#open(addressOf(gateway, token), options));
  }

  static async #open(address, options) {
    const terminal = new Terminal(address, options);
    try {
      const inside = Promise.race([terminal.opened, terminal.#refused()]);
      await within(inside, "a terminal to be let in");
      terminal.first = await terminal.next("Chat");
    } catch (error) {
      terminal.kill();
      throw new Error(`no online list but ${terminal.refusal ?? error.message}`);
    }
    return terminal;
  }

  constructor(address, options = {}) {
    this.socket = new WebSocket(address, {
      perMessageDeflate: false,
      rejectUnauthorized: false,
      ...options,
    });
    this.socket.on("message", (data, binary) => this.#arrived(data, binary));
    this.socket.on("ping", () => this.pings++);
    this.socket.on("error", (error) => (this.refusal = error.message));
    this.opened = new Promise((resolve) => this.socket.once("open", resolve));
    this.closed = new Promise((resolve) =>
      this.socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  #arrived(data, binary) {
    assert.ok(!binary, "every frame is text");
    const text = data.toString();
    const frame = JSON.parse(text);
    this.frames.push({ text, frame, type: frame.Type });
    this.#inbox(frame.Type).put(frame);
  }

  async #refused() {
    const { code } = await this.closed;
    throw new Error(`closed with ${code}`);
  }

  #inbox(type) {
    if (!this.#inboxes.has(type)) this.#inboxes.set(type, new Inbox(`a frame of Type ${type}`));
    return this.#inboxes.get(type);
  }

  /** The next frame of this Type that has not been asked for. */
  next(type, patience_ms) {
    return this.#inbox(type).next(patience_ms);
  }

  /** Text as it is, anything else as JSON. */
  send(frame) {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  /** Sends an event, returns its receipt's Message. */
  async event(name, receiver, { data = {}, ...members } = {}) {
    const Message = { Event: name, Data: data };
    return this.ask({ Receiver: receiver, SendTime: "", Type: "Event", Message, ...members });
  }

  /** Sends a frame, returns its receipt's Message. */
  async ask(frame) {
    this.send(frame);
    return (await this.next("Receipt")).Message;
  }

  /** As the seed calls. */
  call(receiver, data = { sender: "甲", type: "呼叫", receiver: "乙" }) {
    return this.event("Call", receiver, { data });
  }

  /** The next event, which must be of this name; its frame. */
  async heard(name) {
    const frame = await this.next("Event");
    assert.equal(frame.Message.Event, name);
    return frame;
  }

  /** Once this returns, all that the gateway had for this terminal has come. */
  async settled() {
    this.send("heart check");
    await this.next("Heartbeat");
  }

  /** Every frame of this Type so far. */
  all(type) {
    return this.frames.filter((one) => one.type === type).map(({ frame }) => frame);
  }

  /** Every online list so far. */
  get lists() {
    return this.all("Chat").map((frame) => frame.Message);
  }

  /** Waits until the newest online list holds just these users. */
  online(...users) {
    const wanted = JSON.stringify(users.sort());
    const newest = () => JSON.stringify([...(this.lists.at(-1) ?? [])].sort());
    return until(() => newest() === wanted, `the online list ${wanted}`).catch((error) => {
      throw new Error(`${error.message}, has ${newest()}`);
    });
  }

  /** How the gateway ended it. */
  end(patience_ms) {
    return within(this.closed, "the gateway to close a terminal", patience_ms);
  }

  /** As a page does when its user logs out. */
  async logout() {
    this.socket.close(1000);
    await this.end();
  }

  /** As a browser does when its page is loaded again. */
  async refresh() {
    this.socket.close(1001);
    await this.end();
  }

  /** As a cable that is pulled, or a process that dies. */
  kill() {
    this.socket.terminate();
  }
}

/** Opens terminals for a test and cuts them when it ends: by user, or by `{token}`. */
export function terminalsOf(t) {
  const open = [];
  t.after(() => open.forEach((terminal) => terminal.kill()));
  return async (gateway, user, { token = tokenOf(user), ...options } = {}) => {
    const terminal = await Terminal.open(gateway, token, options);
    open.push(terminal);
    return terminal;
  };
}

/** The answer in place of an upgrade: {status, headers, text, json}. */
export function refusal(gateway, token, { path, ...options } = {}) {
  const socket = new WebSocket(addressOf(gateway, token, path), {
    rejectUnauthorized: false,
    ...options,
  });
  const answer = new Promise((resolve, reject) => {
    socket.once("open", () => {
      socket.terminate();
      reject(new Error("it was let in"));
    });
    socket.on("error", reject);
    socket.once("unexpected-response", async (_, response) => {
      let text = "";
      for await (const part of response) text += part;
      const json = text.startsWith("{") ? JSON.parse(text) : undefined;
      resolve({ status: response.statusCode, headers: response.headers, text, json });
      socket.terminate();
    });
  });
  return within(answer, "an answer in place of the upgrade");
}

// --- Registered tokens and what the API tells ---

/** `bellhop token ...` on the gateway's state; fails unless it succeeds. */
export async function tokenCommand(gateway, ...words) {
  const flags = ["--config", gateway.configFile, "--state", gateway.state];
  const { code, stdout, stderr } = await runToEnd(["token", ...words, ...flags]);
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

/** Registers a token by the API: {id, token, ...}. */
export async function registerToken(gateway, user, members = {}) {
  const answer = await gateway.authorised("/api/v1/tokens", {
    method: "POST",
    body: JSON.stringify({ user, ...members }),
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

export const usersOf = async (gateway) => (await gateway.authorised("/api/v1/users")).json.users;
export const userOf = async (gateway, id) =>
  (await usersOf(gateway)).find((user) => user.id === id);
/** The newest first. */
export const callsOf = async (gateway) => (await gateway.authorised("/api/v1/calls")).json.calls;

/** [caller, callee, state, end] of every call, the oldest first. */
export const history = async (gateway) =>
  (await callsOf(gateway))
    .reverse()
    .map(({ caller, callee, state, end }) => [caller, callee, state, end]);
