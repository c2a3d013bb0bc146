// The disk of a box, as one sees it with the box switched off.
import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SECTOR = 512;

/** Runs a tool; its output, or an error with what it said. */
export function tool(name, ...args) {
  return execFileSync(name, args, { stdio: ["ignore", "pipe", "pipe"] });
}

/** As the box does at its start: the journal is replayed. */
function repair(file) {
  try {
    tool("e2fsck", "-fp", file);
  } catch (error) {
    if (error.status !== 1) throw error; // 1: errors were corrected
  }
}

export class Disk {
  constructor(file) {
    this.file = file;
    this.partitions = this.#read();
  }

  /** A copy of an image, sparse as it is. */
  static copy(image, file) {
    tool("cp", "--sparse=always", image, file);
    return new Disk(file);
  }

  bytes(offset, length) {
    const buffer = Buffer.alloc(length);
    const fd = openSync(this.file, "r");
    readSync(fd, buffer, 0, length, offset);
    closeSync(fd);
    return buffer;
  }

  overwrite(offset, bytes) {
    const fd = openSync(this.file, "r+");
    writeSync(fd, bytes, 0, bytes.length, offset);
    closeSync(fd);
  }

  /** UEFI specification section 5.3: name to {offset, size} in bytes. */
  #read() {
    const header = this.bytes(SECTOR, SECTOR);
    if (header.toString("latin1", 0, 8) !== "EFI PART") throw new Error(`${this.file}: no GPT`);
    const [count, size] = [header.readUInt32LE(80), header.readUInt32LE(84)];
    const table = this.bytes(Number(header.readBigUInt64LE(72)) * SECTOR, count * size);
    const found = {};
    for (let at = 0; at < table.length; at += size) {
      const [first, last] = [table.readBigUInt64LE(at + 32), table.readBigUInt64LE(at + 40)];
      if (first === 0n) continue;
      const name = table.toString("utf16le", at + 56, at + 128).replace(/\0.*/, "");
      found[name] = { offset: Number(first) * SECTOR, size: Number(last - first + 1n) * SECTOR };
    }
    return found;
  }

  partition(name) {
    const { offset, size } = this.partitions[name];
    return this.bytes(offset, size);
  }

  /** From `at` bytes into the partition on. */
  damage(name, bytes, at = 0) {
    this.overwrite(this.partitions[name].offset + at, bytes);
  }

  // --- The settings partition, as any computer writes it ---

  get #settings() {
    return `${this.file}@@${this.partitions.settings.offset}`;
  }

  /** `date`: when it was written, if that was not now. */
  putSetting(name, content, date = new Date()) {
    this.#throughFolder((folder) => {
      writeFileSync(join(folder, name), content);
      utimesSync(join(folder, name), date, date);
      tool("mcopy", "-o", "-m", "-i", this.#settings, join(folder, name), `::${name}`);
    });
  }

  putSettingsFolder(name) {
    tool("mmd", "-i", this.#settings, `::${name}`);
  }

  /** Not a byte is free behind this file. */
  fillSettings(name) {
    const [, free] = /^\s*([\d ]+) bytes free$/m.exec(tool("mdir", "-i", this.#settings).toString());
    this.putSetting(name, Buffer.alloc(Number(free.replaceAll(" ", ""))));
  }

  /** Its text, or undefined when it is not there. */
  setting(name) {
    try {
      return tool("mtype", "-i", this.#settings, `::${name}`).toString().replaceAll("\r", "");
    } catch {
      return undefined;
    }
  }

  removeSetting(name) {
    tool("mdel", "-i", this.#settings, `::${name}`);
  }

  // --- The file systems of Linux, without mounting them ---

  /** Runs `change(file)` on a copy of a partition and writes that back. */
  edit(name, change) {
    this.#throughFolder((folder) => {
      const file = join(folder, name);
      writeFileSync(file, this.partition(name));
      change(file);
      const changed = readFileSync(file);
      if (changed.length > this.partitions[name].size) throw new Error(`too large for ${name}`);
      this.damage(name, changed);
    });
  }

  /** Commands of debugfs(8) on the data partition. */
  debugData(...commands) {
    this.edit("data", (file) => {
      repair(file);
      for (const command of commands) tool("debugfs", "-w", "-R", command, file);
    });
  }

  freeBlocks(name) {
    let free;
    this.edit(name, (file) => {
      const text = tool("dumpe2fs", "-h", file).toString();
      free = Number(/^Free blocks: +(\d+)$/m.exec(text)[1]);
    });
    return free;
  }

  /** A file of the data partition, after the file system's own repair. */
  dataFile(path, to) {
    this.#throughFolder((folder) => {
      const file = join(folder, "data");
      writeFileSync(file, this.partition("data"));
      repair(file);
      tool("debugfs", "-R", `dump ${path} ${to}`, file);
    });
  }

  /** The same image with one more script in its root file system, which init runs once. */
  addProbe(script) {
    this.edit("rootA", (file) => {
      const tree = `${file}.tree`;
      tool("unsquashfs", "-q", "-n", "-d", tree, file);
      writeFileSync(join(tree, "probe"), script, { mode: 0o755 });
      const inittab = join(tree, "etc/inittab");
      writeFileSync(inittab, `${readFileSync(inittab)}::once:/probe\n`);
      rmSync(file);
      tool("mksquashfs", tree, file, "-comp", "xz", "-all-root", "-quiet", "-no-progress");
    });
  }

  #throughFolder(work) {
    const folder = mkdtempSync(join(tmpdir(), "bellhop-disk-"));
    try {
      work(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

}
