// bellhop-announce as a process, without any privilege.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { until, within } from "../../system/lib/wait.js";

// Probing and giving way take some seconds by RFC 6762, and an emulator its own.
const PATIENCE_MS = 60000;

const NO_PRIVILEGE = ["--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"];

export const PROGRAM = process.env.BELLHOP_ANNOUNCE.split(" ");

export class Announcement {
  log = "";

  constructor(inside, flags, env = {}) {
    const [command, ...words] = inside(
      "setpriv",
      ...NO_PRIVILEGE,
      "--pdeathsig=KILL",
      ...PROGRAM,
      ...flags.split(" "),
    );
    this.child = spawn(command, words, { env: { ...process.env, ...env } });
    this.child.stderr.on("data", (text) => (this.log += text));
    this.ended = once(this.child, "exit");
  }

  /** The lines of the log that have this text. */
  lines(text) {
    return this.log.split("\n").filter((line) => line.includes(text));
  }

  /** Waits for the log to have `count` such lines; the last one. */
  async logged(text, count = 1) {
    const complete = () => this.child.exitCode !== null || this.lines(text).length >= count;
    await until(complete, `"${text}" in the log`, PATIENCE_MS).catch((error) => {
      throw new Error(`${error.message}\n${this.log}`);
    });
    if (this.child.exitCode !== null) throw new Error(`ended before "${text}":\n${this.log}`);
    return this.lines(text).at(-1);
  }

  announced(host) {
    return this.logged(`event=announced host=${host}.local `);
  }

  /** SIGTERM, and its exit code. */
  async stop() {
    this.child.kill("SIGTERM");
    const [code] = await within(this.ended, "bellhop-announce to end", PATIENCE_MS);
    return code;
  }

  async kill() {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill("SIGKILL");
    await this.ended;
  }
}
