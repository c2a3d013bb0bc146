// A LAN: a bridge in this process's own network namespace (tests/announce/run made it), and boxes
// that hang on it by a cable, each in a namespace of its own. A namespace ends with its last
// process, and the processes of a box end with this one.
import { execFileSync, spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { until } from "../../system/lib/wait.js";
import { Announcement } from "./announcement.js";

export const HERE = "10.77.0.1";

const ip = (...words) => execFileSync("ip", words.join(" ").split(" "));

export class Lan {
  boxes = [];

  constructor() {
    ip("link set lo up");
    ip("link add lan type bridge");
    ip(`address add ${HERE}/24 dev lan`);
    ip("link set lan up");
  }

  /** A box with this address, or with none yet. */
  async addBox(address) {
    const box = new Box(this.boxes.length + 1);
    this.boxes.push(box);
    await box.build();
    if (address) box.ip(`address add ${address}/24 dev eth0`);
    return box;
  }

  async close() {
    for (const box of this.boxes) await box.close();
    ip("link delete lan");
  }
}

class Box {
  announcements = [];

  constructor(number) {
    this.cable = `cable${number}`;
    // Holds the namespace, and ends when this process does.
    this.holder = spawn("unshare", ["--net", "cat"], { stdio: ["pipe", "ignore", "inherit"] });
  }

  async build() {
    const space = (pid) => readlinkSync(`/proc/${pid}/ns/net`);
    await until(() => space(this.holder.pid) !== space("self"), "a network namespace");
    ip(`link add ${this.cable} type veth peer name eth0 netns ${this.holder.pid}`);
    ip(`link set ${this.cable} master lan`);
    this.plug();
    this.ip("link set lo up");
    this.ip("link set eth0 up");
  }

  /** The arguments that run a command inside. */
  inside(command, ...words) {
    return ["nsenter", `--target=${this.holder.pid}`, "--net", command, ...words];
  }

  ip(words) {
    const [program, ...rest] = this.inside("ip", ...words.split(" "));
    execFileSync(program, rest);
  }

  plug() {
    ip(`link set ${this.cable} up`);
  }

  unplug() {
    ip(`link set ${this.cable} down`);
  }

  /** Boxes that are kept apart hear the LAN, but not one another. */
  keepApart(apart) {
    ip(`link set ${this.cable} type bridge_slave isolated ${apart ? "on" : "off"}`);
  }

  /** Starts bellhop-announce in the box; see Announcement. */
  announce(flags, env) {
    const announcement = new Announcement((...words) => this.inside(...words), flags, env);
    this.announcements.push(announcement);
    return announcement;
  }

  async close() {
    for (const announcement of this.announcements) await announcement.kill();
    ip(`link delete ${this.cable}`);
    this.holder.kill();
  }
}
