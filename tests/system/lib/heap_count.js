// Counts a gateway's heap calls, by a library that is loaded before all others.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./gateway.js";

const SOURCE = fileURLToPath(new URL("../../load/heap_count.c", import.meta.url));
const NAMES = ["malloc", "calloc", "realloc", "free"];

export const NONE = Object.fromEntries(NAMES.map((name) => [name, 0]));

export class HeapCount {
  #folder = temporaryFolder();

  constructor() {
    const library = join(this.#folder, "libheap_count.so");
    execFileSync("cc", ["-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-o", library, SOURCE]);
    /** The environment to start the gateway in. */
    this.env = { LD_PRELOAD: library, BELLHOP_HEAP_COUNT: this.#file };
  }

  get #file() {
    return join(this.#folder, "counts");
  }

  /** Since the gateway's start, by function. */
  calls() {
    const counts = readFileSync(this.#file);
    return Object.fromEntries(
      NAMES.map((name, i) => [name, Number(counts.readBigUInt64LE(i * 8))]),
    );
  }

  /** Those made while `work` runs. */
  async during(work) {
    const before = this.calls();
    await work();
    const after = this.calls();
    return Object.fromEntries(NAMES.map((name) => [name, after[name] - before[name]]));
  }

  remove() {
    rmSync(this.#folder, { recursive: true });
  }
}
