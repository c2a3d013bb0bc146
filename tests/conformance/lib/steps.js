// What a case can do. Every step sends something or waits for something and returns one line that
// says what came back, with session ids and lengths that depend on them replaced; a case sets the
// line it expects beside the step, and the comparison sets the stock server's line beside ours.
import { once } from "node:events";
import { request, unfinishedPost, PATIENCE_MS } from "./http.js";
import { Frames } from "./websocket.js";

/** One case's view of the server: its session's sid and revision, open sockets and requests. */
export class Client {
  constructor(base, path = "/engine.io/") {
    Object.assign(this, {
      base,
      path,
      v: 4,
      sid: undefined,
      sockets: new Map(),
      requests: new Map(),
    });
  }

  url(query = {}, path = this.path) {
    const all = { EIO: this.v, transport: "polling", ...(this.sid && { sid: this.sid }), ...query };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    return `${path}?${new URLSearchParams(given)}`;
  }

  end() {
    for (const frames of this.sockets.values()) frames.end();
    for (const pending of this.requests.values()) pending.cut();
  }
}

// --- lines ---

const V3_OPEN = /^(\d+):(0\{.*?\})(?=\d+:|$)/s;

function hideSids(text) {
  const v3 = V3_OPEN.exec(text);
  const tidy =
    v3 && Number(v3[1]) === v3[2].length ? `LENGTH:${text.slice(v3[1].length + 1)}` : text;
  return tidy.replace(/(\\?"sid\\?":\\?")[\w-]+/g, "$1SID");
}

const visible = (text) =>
  text.replaceAll("\x1e", "|").replace(/[\0-\x1f]/g, (c) => JSON.stringify(c));

export function line({ status, headers, body }) {
  const type = headers["content-type"] ?? "-";
  const shown =
    type === "application/octet-stream"
      ? `<${body.toString("hex")}>`
      : visible(hideSids(body.toString()));
  return body.length === 0 ? `${status} empty` : `${status} ${type} ${shown}`;
}

const failure = (error) => `failed: ${error.message}`;
const settling = (pending, show = line) => pending.answer.then(show, failure);

// --- polling ---

const MOST_PINGS = 10;

/** Any request at all, without a session. `query` replaces the usual parameters. */
export const ask = (query, options = {}) => ({
  name: `${options.method ?? "GET"} ?${query}`,
  run: (client) => settling(request(client.base, { path: `${client.path}?${query}`, ...options })),
});

/** The same, showing only the named headers. */
export const headersOf = (names, query, options = {}) => ({
  name: `${options.method ?? "GET"} ?${query} (headers)`,
  run: (client) =>
    settling(
      request(client.base, { path: `${client.path}?${query}`, ...options }),
      ({ status, headers }) => [status, ...names.map((name) => headers[name] ?? "-")].join(" "),
    ),
});

export const open = (v = 4, query = {}) => ({
  name: `open a polling session, revision ${v}`,
  async run(client) {
    client.v = v;
    const answer = await request(client.base, { path: client.url(query) }).answer;
    client.sid = /\\?"sid\\?":\\?"([\w-]+)/.exec(answer.body)?.[1];
    return line(answer);
  },
});

/** Opens one more session, of revision 4, at another path; the case's own stays the one it had. */
export const openAt = (path) => ({
  name: `open a session at ${path}`,
  run: (client) => settling(request(client.base, { path: `${path}?EIO=4&transport=polling` })),
});

/** The case goes on at another path, with the sid that it has. */
export const goTo = (path) => ({
  name: `go on at ${path}`,
  async run(client) {
    client.path = path;
    return path;
  },
});

/** One GET, showing whatever comes, a ping too. */
export const poll = () => ({
  name: "GET",
  run: (client) => settling(request(client.base, { path: client.url() })),
});

/** GETs until more than a ping comes, and answers that, as a client of revision 4 does. */
export const get = (query = {}) => ({
  name: "GET",
  async run(client) {
    for (let i = 0; i < MOST_PINGS; i++) {
      const answer = await request(client.base, { path: client.url(query) }).answer;
      const packets = answer.body.toString().split("\x1e");
      if (client.v !== 4 || !packets.includes("2")) return line(answer);
      await request(client.base, { method: "POST", path: client.url(), body: "3" }).answer;
      const rest = packets.filter((packet) => packet !== "2");
      if (rest.length > 0) return line({ ...answer, body: Buffer.from(rest.join("\x1e")) });
    }
    return "pings only";
  },
});

export const post = (body, { query = {}, ...options } = {}) => ({
  name: `${options.method ?? "POST"} ${visible(String(body)).slice(0, 40)}`,
  run: (client) =>
    settling(request(client.base, { method: "POST", path: client.url(query), body, ...options })),
});

/** The server has read everything sent before: it answers requests as they arrive. */
const settled = (client) => request(client.base, { path: `${client.path}?transport=none` }).answer;

/** Waits until what was sent before has been dealt with. */
export const settle = () => ({
  name: "settle",
  run: (client) => settled(client).then(() => "settled"),
});

/** A GET that stays open until answer() or cut(). */
export const hang = (name = "poll") => ({
  name: `hang a GET (${name})`,
  async run(client) {
    const pending = request(client.base, { path: client.url({ t: name }) });
    client.requests.set(name, pending);
    await pending.sent;
    await settled(client);
    return "sent";
  },
});

export const answer = (name = "poll") => ({
  name: `the hanging GET's answer (${name})`,
  run: (client) => settling(client.requests.get(name)),
});

export const cut = (name = "poll") => ({
  name: `cut the connection (${name})`,
  async run(client) {
    client.requests.get(name).cut();
    await settled(client);
    return "cut";
  },
});

export const startPost = (part, announced) => ({
  name: "begin a POST and leave it unfinished",
  async run(client) {
    const pending = unfinishedPost(client.base, client.url(), part, announced);
    client.requests.set("post", pending);
    await pending.sent;
    await settled(client);
    return "sent";
  },
});

export const postCut = () => ({
  name: "the unfinished POST's connection is cut by the server",
  run: (client) => client.requests.get("post").closed.then(() => "cut"),
});

const NOOP = { 3: "1:6", 4: "6" };
const noop = (client) =>
  request(client.base, {
    method: "POST",
    path: client.url({ transport: "polling" }),
    body: NOOP[client.v],
  }).answer;

export const lives = () => ({
  name: "the session lives",
  run: async (client) => (line(await noop(client)) === "200 text/html ok" ? "alive" : "gone"),
});

const isUnknown = ({ status, body }) => status === 400 && body.includes('"code":1');

/** Waits until the session is unknown; it must not be polled for that, or it would stay open. */
export const leaves = () => ({
  name: "the session is gone",
  async run(client) {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      if (isUnknown(await noop(client))) return "gone";
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return "alive";
  },
});

/** Polls, as a client of revision 4 that answers every ping, until the session is unknown. */
export const leavesThoughPolled = () => ({
  name: "the session is gone, its pings answered",
  async run(client) {
    const end = Date.now() + PATIENCE_MS;
    while (Date.now() < end) {
      await request(client.base, { path: client.url() }).answer;
      const pong = { method: "POST", path: client.url(), body: "3" };
      if (isUnknown(await request(client.base, pong).answer)) return "gone";
    }
    return "alive";
  },
});

// --- websocket ---

/** Opens a WebSocket: for the open session if there is one. heartbeat: 0 shows all frames. */
export const dial = ({ v, name = "ws", heartbeat, query = {} } = {}) => ({
  name: `open a websocket (${name})`,
  async run(client) {
    client.v = v ?? client.v;
    const url = new URL(client.url({ transport: "websocket", ...query }), client.base);
    const frames = new Frames(url.href.replace("http", "ws"), heartbeat ?? client.v);
    client.sockets.set(name, frames);
    return frames.opened;
  },
});

export const send = (data, { name = "ws", ...options } = {}) => ({
  name: `send ${visible(String(data)).slice(0, 60)}`,
  async run(client) {
    client.sockets.get(name).send(data, options);
    return "sent";
  },
});

export const recv = (name = "ws") => ({
  name: `receive (${name})`,
  run: async (client) => hideSids(await client.sockets.get(name).next()),
});

/** Keeps the sid of a session that began as a websocket. */
export const takeSid = (name = "ws") => ({
  name: "receive the open packet",
  async run(client) {
    const frame = await client.sockets.get(name).next();
    client.sid = JSON.parse(frame.slice(1)).sid;
    return hideSids(frame);
  },
});

/** Sends a Close frame and waits for the answer to it. */
export const hangUp = (name = "ws") => ({
  name: `close the websocket (${name})`,
  async run(client) {
    const { socket } = client.sockets.get(name);
    socket.close();
    await once(socket, "close");
    await settled(client);
    return "closed";
  },
});

/** Several sends in one turn, so that they arrive together. */
export const bothOf = (...steps) => ({
  name: steps.map((step) => step.name).join(" and "),
  run: async (client) => (await Promise.all(steps.map((step) => step.run(client)))).join(" "),
});

/** Polls and answers pings as a client of revision 4 does, until the websocket shows a frame. */
export const staying = (ms, name = "ws") => ({
  name: `poll on until a frame comes (${name})`,
  async run(client) {
    const end = Date.now() + ms;
    let frame;
    const first = client.sockets
      .get(name)
      .next(ms)
      .then((line) => (frame = line));
    while (frame === undefined && Date.now() < end) {
      const polled = await request(client.base, { path: client.url() }).answer;
      if (polled.status !== 200) return line(polled);
      if (polled.body.toString() === "2")
        await settling(request(client.base, { method: "POST", path: client.url(), body: "3" }));
    }
    return first;
  },
});

export const pause = (ms) => ({
  name: `wait ${ms} ms`,
  run: () => new Promise((resolve) => setTimeout(() => resolve("waited"), ms)),
});
