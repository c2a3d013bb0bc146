// A WebSocket whose frames are kept until they are asked for. It keeps its session alive by itself
// unless told not to: answers the pings of revision 4, sends those of revision 3.
import { WebSocket } from "ws";
import { PATIENCE_MS } from "./http.js";

const V3_PING_EVERY_MS = 120;

export class Frames {
  #queue = [];
  #waiting = [];
  #pinger;

  /** @param heartbeat 4, 3 or 0 for a client that keeps silent and shows every frame */
  constructor(url, heartbeat) {
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.opened = new Promise((resolve) => {
      this.socket.once("open", () => resolve("open"));
      this.socket.once("unexpected-response", (request, response) => resolve(refusal(response)));
      this.socket.once("error", (error) => resolve(`error ${error.message}`));
    });
    this.socket.on("error", () => {});
    this.socket.on("message", (data, binary) =>
      this.#arrived(binary ? data : data.toString(), heartbeat),
    );
    this.socket.on("close", (code) => this.#put(code === 1009 ? "closed 1009" : "closed"));
    this.socket.once("close", () => clearInterval(this.#pinger));
  }

  #arrived(data, heartbeat) {
    const text = typeof data === "string";
    if (heartbeat === 3 && text && data.startsWith("0")) {
      this.#pinger = setInterval(() => this.socket.send("2"), V3_PING_EVERY_MS);
    }
    if (heartbeat === 4 && data === "2") return this.socket.send("3");
    if (heartbeat === 3 && data === "3") return;
    this.#put(text ? data : `<${data.toString("hex")}>`);
  }

  #put(line) {
    const taker = this.#waiting.shift();
    if (taker) taker(line);
    else this.#queue.push(line);
  }

  send(data, options = {}) {
    this.socket.send(data, options);
  }

  /** The next frame: a text as it is, binary as <hex>, the end as `closed` or `closed 1009`. */
  next(patience_ms = PATIENCE_MS) {
    if (this.#queue.length > 0) return Promise.resolve(this.#queue.shift());
    return new Promise((resolve) => {
      const taker = (line) => {
        clearTimeout(timer);
        resolve(line);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(taker), 1);
        resolve("nothing");
      }, patience_ms);
      this.#waiting.push(taker);
    });
  }

  end() {
    clearInterval(this.#pinger);
    this.socket.terminate();
  }
}

async function refusal(response) {
  let body = "";
  for await (const chunk of response) body += chunk;
  return `${response.statusCode} ${response.headers["content-type"] ?? "-"} ${body}`;
}
