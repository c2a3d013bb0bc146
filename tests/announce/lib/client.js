// Stock mDNS clients on the LAN: questions and answers (multicast-dns), and service discovery
// (bonjour-service).
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { Bonjour } from "bonjour-service";
import packet from "dns-packet";
import multicastDns from "multicast-dns";
import { until } from "../../system/lib/wait.js";
import { HERE } from "./lan.js";

const GROUP = "224.0.0.251";
const PORT = 5353;
const PATIENCE_MS = 60000;
const ASK_AGAIN_MS = 1000;

export class Client {
  /** Records in the order they came, each with `from`; a goodbye has `ttl` 0. */
  heard = [];

  static async open() {
    const client = new Client();
    await once(client.mdns, "ready");
    return client;
  }

  constructor() {
    this.mdns = multicastDns({ interface: HERE, bind: "0.0.0.0" });
    this.mdns.on("response", ({ answers, additionals }, { address }) => {
      for (const record of [...answers, ...additionals])
        this.heard.push({ ...record, from: address });
    });
    this.bonjour = new Bonjour({ interface: HERE, bind: "0.0.0.0" });
  }

  forget() {
    this.heard.length = 0;
  }

  /** Asks in one packet, again and again until what is heard from now on passes; returns that. */
  async ask(questions, passes) {
    this.forget();
    let next = 0;
    await this.hear(`an answer to ${JSON.stringify(questions)}`, (records) => {
      if (Date.now() >= next) {
        next = Date.now() + ASK_AGAIN_MS;
        this.mdns.query(questions);
      }
      return passes(records);
    });
    return this.heard;
  }

  /** The addresses that a name has, once somebody says. */
  async addresses(name) {
    const isAnswer = (record) => record.name === name && record.type === "A" && record.ttl > 0;
    const heard = await this.ask([{ name, type: "A" }], (records) => records.some(isAnswer));
    return [...new Set(heard.filter(isAnswer).map((record) => record.data))];
  }

  /** Waits, without asking, until what was heard passes. */
  hear(what, passes) {
    return until(() => passes(this.heard), what, PATIENCE_MS);
  }

  /** Looks for services of a type ("http"). */
  browse(type) {
    return new Search(this.bonjour.find({ type }));
  }

  close() {
    this.mdns.destroy();
    this.bonjour.destroy();
  }
}

class Search {
  constructor(browser) {
    this.browser = browser;
  }

  named(name) {
    return this.browser.services.find((service) => service.name === name);
  }

  /**
   * Waits until there is a service of this name. Asks again, as RFC 6762 would have it (the browser
   * does not): what a box has just said to all it does not say again within a second.
   */
  find(name) {
    let next = Date.now() + ASK_AGAIN_MS;
    return until(
      () => {
        if (Date.now() >= next) {
          next = Date.now() + ASK_AGAIN_MS;
          this.browser.update();
        }
        return this.named(name);
      },
      `service ${name}`,
      PATIENCE_MS,
    );
  }

  /** Waits, without asking, until there is none. */
  lose(name) {
    return until(() => !this.named(name), `the end of service ${name}`, PATIENCE_MS);
  }
}

/** A socket that sends bytes to the mDNS group, from a port of its own or from mDNS's. */
export class Sender {
  constructor() {
    this.socket = createSocket({ type: "udp4", reuseAddr: true });
  }

  static async open(port = 0) {
    const sender = new Sender();
    sender.socket.bind(port);
    await once(sender.socket, "listening");
    sender.socket.setMulticastInterface(HERE);
    sender.socket.setMulticastTTL(255);
    return sender;
  }

  send(bytes) {
    return new Promise((resolve, reject) =>
      this.socket.send(bytes, PORT, GROUP, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** A simple resolver's question: answered directly to the port it came from. */
  async resolve(name, type) {
    const question = packet.encode({ type: "query", id: 7, questions: [{ name, type }] });
    let answer = null;
    const take = (bytes) => (answer = packet.decode(bytes));
    this.socket.on("message", take);
    let next = 0;
    await until(
      () => {
        if (Date.now() >= next) {
          next = Date.now() + ASK_AGAIN_MS;
          this.send(question);
        }
        return answer;
      },
      `the answer to a simple resolver's question for ${name}`,
      PATIENCE_MS,
    );
    this.socket.off("message", take);
    return answer;
  }

  close() {
    this.socket.close();
  }
}
