// A box in QEMU with a disk of its own, in place of a process: same life, seen from outside.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { request } from "../../system/lib/http.js";
import { ROOM_FOR_TESTS, toToml } from "../../system/lib/process.js";
import { until } from "../../system/lib/wait.js";
import { Disk } from "./disk.js";

const BOOT_MS = 120000;
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const BOARD = process.env.BELLHOP_BOX ?? "qemu-virt-armhf";
export const IMAGE = join(ROOT, "build/firmware", BOARD, `bellhop-${BOARD}.img`);

/** So many different ones: all are taken before any is let go. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

const running = new Set();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

export class Box {
  /**
   * @param options.config sections over the defaults of the tests, or null: the image's own;
   * options.tls uses the TLS listener; options.disk a file to keep (else one is made and removed);
   * options.prepare(disk) changes a new disk; options.qemu more options of QEMU; of options.env the
   * time zone.
   */
  static async start(options = {}) {
    const box = new this(options);
    try {
      await box.launch();
      return box;
    } catch (error) {
      await box.stop();
      throw error;
    }
  }

  constructor({ config = {}, tls = false, disk, prepare, qemu = [], env = {} } = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "bellhop-box-"));
    this.serialFile = join(this.folder, "serial.log");
    this.tls = tls;
    this.qemu = qemu;
    this.before = Promise.resolve();
    const file = disk ?? join(this.folder, "disk.img");
    this.disk = existsSync(file) ? new Disk(file) : Disk.copy(IMAGE, file);
    if (config) this.configure(config);
    if (env.TZ) this.disk.putSetting("box.conf", `TIMEZONE=${env.TZ}\r\n`);
    prepare?.(this.disk);
  }

  /** Onto the settings partition, with every key file that the configuration names. */
  configure(config) {
    const moved = (value) => {
      if (typeof value !== "string" || !value.startsWith("/") || !existsSync(value)) return value;
      this.disk.putSetting(basename(value), readFileSync(value));
      return `/settings/${basename(value)}`;
    };
    const sections = { ...config, limits: { ...ROOM_FOR_TESTS, ...config.limits } };
    const move = (options) => Object.entries(options).map(([name, v]) => [name, moved(v)]);
    const here = Object.entries(sections).map(([name, o]) => [name, Object.fromEntries(move(o))]);
    this.disk.putSetting("bellhop.toml", toToml(Object.fromEntries(here)));
  }

  /** Power on; returns when it serves, and a first start has told its keys. */
  async launch() {
    await this.powerOn();
    await this.serves();
  }

  async powerOn() {
    if (!this.httpPort) [this.httpPort, this.httpsPort] = await freePorts(2);
    this.host = "127.0.0.1";
    this.port = this.tls ? this.httpsPort : this.httpPort;
    this.url = `${this.tls ? "https" : "http"}://127.0.0.1:${this.port}`;
    const ports = ["--http", this.httpPort, "--https", this.httpsPort];
    const files = ["--disk", this.disk.file, "--serial", this.serialFile];
    const flags = [BOARD, ...ports, ...files, "--", ...this.qemu];
    this.process = spawn(join(ROOT, "firmware/run-qemu"), flags, {
      stdio: ["ignore", "ignore", "pipe"],
    });
    running.add(this.process);
    this.said = "";
    this.process.stderr.on("data", (text) => (this.said += text));
    this.exited = once(this.process, "exit");
  }

  async serves() {
    const answers = async () => {
      if (this.process.exitCode !== null) throw new Error(`QEMU ended: ${this.said}`);
      // QEMU takes connections from the start on: one of before the box has a network hangs.
      const live = { rejectUnauthorized: false, patience_ms: 2000 };
      const answer = await request(`${this.url}/health/live`, live).catch(() => undefined);
      return answer?.status === 200;
    };
    try {
      await until(answers, "the box to serve", BOOT_MS);
      await until(() => this.keys, "the keys on the settings partition", BOOT_MS);
    } catch (error) {
      throw new Error(`${error.message}\n${this.serial.slice(-4000)}`);
    }
  }

  /** What came over the serial console since power on. */
  get serial() {
    return existsSync(this.serialFile) ? readFileSync(this.serialFile, "latin1") : "";
  }

  /** Of the first start, as the integrator reads and keeps them: {name, admin, push}. */
  get keys() {
    this.kept ??= this.#read("first-start.txt") ?? this.#read("memory-only.txt");
    return this.kept;
  }

  #read(file) {
    const text = this.disk.setting(file);
    const line = (name) => new RegExp(`^${name} +(\\S+)$`, "m").exec(text ?? "")?.[1];
    if (!line("push key")) return undefined;
    return { name: line("name"), admin: line("admin key"), push: line("push key") };
  }

  /** After it, the keys are those of the next start that tells any. */
  forgetKeys() {
    this.kept = undefined;
  }

  get key() {
    return this.keys.push;
  }

  get adminKey() {
    return this.keys.admin;
  }

  /** Connects when all before have: QEMU's port queues one connection, and drops others. */
  inTurn(connect) {
    const turn = this.before.then(connect);
    this.before = turn.catch(() => {});
    return turn;
  }

  /** Waits for a line on the serial console. */
  logged(pattern, patience_ms = BOOT_MS) {
    return until(() => pattern.exec(this.serial), `${pattern} on the serial console`, patience_ms);
  }

  /** Pulls the plug. The disk stays. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.exited;
    running.delete(this.process);
  }

  async stop() {
    if (this.process && running.has(this.process)) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
