// HTTP as back ends speak it, and byte by byte for what no library would send.
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { PATIENCE_MS, within } from "./wait.js";

function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns {{status, headers, body: Buffer, text, json}} one request on a connection of its own
 * unless an agent is given; an error when nothing moves for patience_ms. */
export function request(url, options = {}) {
  const { method = "GET", headers = {}, body, ...others } = options;
  const { agent = false, patience_ms = PATIENCE_MS, ...rest } = others;
  const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
  const client = url.startsWith("https") ? https : http;
  return new Promise((resolve, reject) => {
    const message = client.request(url, {
      method,
      headers: { ...length, ...headers },
      agent,
      ...rest,
    });
    message.setTimeout(patience_ms, () =>
      message.destroy(new Error(`no answer to ${method} ${url}`)),
    );
    message.once("error", reject);
    message.once("response", (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.once("error", reject);
      response.once("end", () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        const { statusCode: status, headers: got } = response;
        resolve({ status, headers: got, body: bytes, text, json: parseJson(text) });
      });
    });
    message.end(body);
  });
}

/** A bare connection: what is written goes out as it is, what comes is kept. */
export class Line {
  received = Buffer.alloc(0);
  ended = false;

  static async open({ host, port }) {
    const line = new Line(net.connect(port, host));
    await within(new Promise((resolve) => line.socket.once("connect", resolve)), "a connection");
    return line;
  }

  constructor(socket) {
    this.socket = socket;
    socket.on("data", (bytes) => (this.received = Buffer.concat([this.received, bytes])));
    socket.on("error", () => {});
    this.closed = new Promise((resolve) =>
      socket.once("close", () => {
        this.ended = true;
        resolve();
      }),
    );
  }

  write(bytes) {
    this.socket.write(bytes);
  }

  /** Waits until `pattern` has come. The end of the connection is an error, with what came. */
  async expect(pattern) {
    const end = Date.now() + PATIENCE_MS;
    while (!pattern.test(this.text)) {
      if (this.ended || Date.now() > end) {
        throw new Error(
          `${this.ended ? "closed" : "silent"} before ${pattern}: ${this.text.slice(0, 500)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return pattern.exec(this.text);
  }

  /** The server ends the connection. */
  async end(patience_ms = PATIENCE_MS) {
    await within(this.closed, "the server to close", patience_ms);
    return this.text;
  }

  get text() {
    return this.received.toString("latin1");
  }

  cut() {
    this.socket.destroy();
  }
}

/** One request of raw bytes, the connection's whole answer until the server closes it. */
export async function exchange(gateway, bytes) {
  const line = await Line.open(gateway);
  line.write(bytes);
  try {
    return await line.end();
  } finally {
    line.cut();
  }
}
