// A gateway as a process: on a free port of the loopback, with a state folder of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until, within } from "./wait.js";

const START_MS = 15000;
const STOP_MS = 5000;
export const ROOM_FOR_TESTS = { connections_per_address: 512, new_sessions_per_second: 100000 };

export const BIN =
  process.env.BELLHOP_BIN ?? fileURLToPath(new URL("../../../build/host/bin", import.meta.url));
export const BELLHOP = join(BIN, "bellhop");
/** A program for another machine needs an emulator in front. */
const EMULATOR = process.env.BELLHOP_EMULATOR ? [process.env.BELLHOP_EMULATOR] : [];

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), "bellhop-test-"));

/** `{limits: {rooms: 2}}` as TOML: every value of the options is also a value of JSON. */
export function toToml(sections) {
  const section = ([name, options]) =>
    [`[${name}]`, ...Object.entries(options).map(([k, v]) => `${k} = ${JSON.stringify(v)}`)].join(
      "\n",
    );
  return `${Object.entries(sections).map(section).join("\n\n")}\n`;
}

/** Starts the program by another one, which turns into it: `through` is its command line. */
function start(flags, env, through) {
  const [program, ...words] = [...through, ...EMULATOR, BELLHOP, ...flags];
  return spawn(program, words, { env: { ...process.env, ...env } });
}

/** Runs the program to its end: `--check-config` and the like. */
export async function runToEnd(flags, { env = {}, through = [] } = {}) {
  const child = start(flags, env, through);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"])
    child[stream].on("data", (text) => (output[stream] += text));
  try {
    const [code, signal] = await within(once(child, "close"), `bellhop ${flags.join(" ")} to end`);
    return { code, signal, ...output };
  } finally {
    child.kill("SIGKILL");
  }
}

/** Where a gateway runs: as a process of this machine. */
export class Process {
  /**
   * @param options.config sections over the defaults of the tests; options.state a folder to keep
   * (else one is made and removed); options.tls serves TLS only; options.flags, options.env,
   * options.through.
   */
  static async start(options = {}) {
    const gateway = new this(options);
    try {
      await gateway.launch();
      return gateway;
    } catch (error) {
      rmSync(gateway.folder, { recursive: true });
      throw error;
    }
  }

  constructor({ config = {}, state, tls = false, flags = [], env = {}, through = [] }) {
    this.folder = temporaryFolder();
    this.state = state ?? join(this.folder, "state");
    this.configFile = join(this.folder, "bellhop.toml");
    this.tls = tls;
    this.listen = "127.0.0.1:0";
    this.flags = flags;
    this.env = env;
    this.through = through;
    this.configure(config);
  }

  configure(config) {
    const limits = { ...ROOM_FOR_TESTS, ...config.limits };
    writeFileSync(this.configFile, toToml({ ...config, limits }));
  }

  async launch() {
    const [on, off] = this.tls ? ["--tls-listen", "--listen"] : ["--listen", "--tls-listen"];
    const flags = ["--config", this.configFile, "--state", this.state, on, this.listen, off, ""];
    await this.run([...flags, ...this.flags]);
  }

  /** Starts it with exactly these flags and waits until it serves. */
  async run(flags) {
    this.stdout = "";
    this.log = "";
    this.stopping = this.killed = false;
    this.process = start(flags, this.env, this.through);
    this.exited = once(this.process, "exit");
    this.process.stdout.on("data", (text) => (this.stdout += text));
    this.process.stderr.on("data", (text) => (this.log += text));
    const ready = /^ready (https?:\/\/([\d.]+):(\d+))\n/;
    const started = () => {
      if (this.process.exitCode !== null) throw new Error(`bellhop ended at start: ${this.log}`);
      return ready.exec(this.stdout);
    };
    try {
      [, this.url, this.host, this.port] = await until(started, "the ready line", START_MS);
    } catch (error) {
      await this.kill();
      throw error;
    }
    this.port = Number(this.port);
  }

  get pid() {
    return this.process.pid;
  }

  get key() {
    return readFileSync(join(this.state, "push.key"), "utf8").trim();
  }

  get adminKey() {
    return readFileSync(join(this.state, "admin.key"), "utf8").trim();
  }

  /** Ends it as an operator would, and sees that it went in order. */
  async stop() {
    if (!this.killed) {
      if (!this.stopping) this.signal("SIGTERM");
      const [code, signal] = await within(this.exited, "bellhop to end", STOP_MS).catch(
        async (error) => {
          await this.kill();
          throw error;
        },
      );
      assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.log);
      assert.match(this.stdout, /^ready \S+\n$/, "one line on stdout");
      assert.ok(!existsSync(join(this.state, "bellhop.db-wal")), "the database is closed");
    }
    rmSync(this.folder, { recursive: true });
  }

  /** As the power does. The state stays. */
  async kill() {
    this.killed = true;
    this.process.kill("SIGKILL");
    await this.exited;
  }

  signal(name) {
    this.stopping ||= name !== "SIGHUP";
    this.process.kill(name);
  }

  /** Connects as others do; here all may at once. */
  inTurn(connect) {
    return connect();
  }

  /** Waits for a line of the log. */
  logged(pattern) {
    return until(() => pattern.test(this.log), `${pattern} in the log`);
  }
}
