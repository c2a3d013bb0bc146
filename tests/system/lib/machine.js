// A machine whose watchdog and clocks are files, by a library that is loaded before all others.
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./gateway.js";

const SOURCE = fileURLToPath(new URL("machine.c", import.meta.url));
const FIELDS = ["Seconds", "Minutes", "Hours", "Date", "Month", "FullYear"];

const seconds = (text) => Date.parse(text) / 1000;

export class Machine {
  #folder = temporaryFolder();

  constructor() {
    const library = this.file("libmachine.so");
    execFileSync("cc", ["-O2", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"]);
    /** The environment to start the program in. */
    this.env = {
      LD_PRELOAD: library,
      MACHINE_WATCHDOG: this.watchdog,
      MACHINE_RTC: this.rtc,
      MACHINE_CLOCK: this.file("wall"),
      ASAN_OPTIONS: "verify_asan_link_order=0",
    };
  }

  file(name) {
    return join(this.#folder, name);
  }

  get watchdog() {
    return this.file("watchdog");
  }

  get rtc() {
    return this.file("rtc");
  }

  addWatchdog() {
    writeFileSync(this.watchdog, "");
  }

  /** All that was written to the watchdog. */
  get fed() {
    return readFileSync(this.watchdog, "latin1");
  }

  /** Whether nobody has fed it for so long. */
  starved(seconds) {
    return Date.now() - statSync(this.watchdog).mtimeMs > seconds * 1000;
  }

  /** The wall clock, which stands still; real time when it was never set. */
  get clock() {
    return new Date(Number(readFileSync(this.file("wall"), "utf8")) * 1000).toISOString();
  }

  set clock(text) {
    // At once: the program reads it at any time.
    writeFileSync(this.file("wall.new"), `${seconds(text)}\n`);
    renameSync(this.file("wall.new"), this.file("wall"));
  }

  get rtcTime() {
    const bytes = readFileSync(this.rtc);
    const [second, minute, hour, day, month, year] = FIELDS.map((_, i) => bytes.readInt32LE(i * 4));
    return new Date(Date.UTC(year + 1900, month, day, hour, minute, second)).toISOString();
  }

  set rtcTime(text) {
    const at = new Date(text);
    const bytes = Buffer.alloc(36); // struct rtc_time: nine numbers, of which six tell the time
    FIELDS.forEach((field, i) => bytes.writeInt32LE(at[`getUTC${field}`](), i * 4));
    bytes.writeInt32LE(at.getUTCFullYear() - 1900, 20);
    writeFileSync(this.rtc, bytes);
  }

  remove() {
    rmSync(this.#folder, { recursive: true });
  }
}

/** A machine that goes with its test. */
export function machineOf(t) {
  const machine = new Machine();
  t.after(() => machine.remove());
  return machine;
}
