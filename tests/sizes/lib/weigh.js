// The figures of one target, as a map from name to bytes, and remarks for people.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TOOLS = {
  armhf: { size: "arm-linux-gnueabihf-size", emulator: "qemu-arm-static" },
  arm64: { size: "aarch64-linux-gnu-size", emulator: "qemu-aarch64-static" },
};
const LARGEST_FRAMES = 10;
const root = fileURLToPath(new URL("../../..", import.meta.url));

function code(bin, size) {
  const [, numbers] = execFileSync(size, [join(bin, "bellhop")], { encoding: "utf8" }).split("\n");
  const [text, data, bss] = numbers.trim().split(/\s+/).map(Number);
  const file = statSync(join(bin, "bellhop")).size;
  return { "code.text": text, "code.data": data, "code.bss": bss, "code.file": file };
}

/** Frames of our own functions, by the compiler's .su files; the largest first. */
function stackFrames(build) {
  const files = ["src", "platform"].flatMap((folder) =>
    readdirSync(join(build, folder), { recursive: true })
      .filter((file) => file.endsWith(".su"))
      .map((file) => join(build, folder, file)),
  );
  const lines = files.flatMap((file) => readFileSync(file, "utf8").trim().split("\n"));
  const frames = lines.filter(Boolean).map((line) => {
    const [place, bytes, kind] = line.split("\t");
    return { name: place.replace(/^.*?:\d+:\d+:/, ""), bytes: Number(bytes), kind };
  });
  return frames.sort((a, b) => b.bytes - a.bytes);
}

function tables(bin, emulator) {
  const lines = execFileSync(emulator, [join(bin, "bellhop-tables")], { encoding: "utf8" });
  return lines
    .trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([name, bytes]) => [`table.${name}`, Number(bytes)]);
}

/** Started with its defaults and ready to serve. */
async function heapWhenReady(bin, emulator) {
  Object.assign(process.env, { BELLHOP_BIN: bin, BELLHOP_EMULATOR: emulator });
  const { Gateway } = await import("../../system/lib/gateway.js");
  const gateway = await Gateway.start();
  const bytes = await gateway.metric("bellhop_heap_bytes");
  await gateway.stop();
  return bytes;
}

export async function weigh(target) {
  const { size, emulator } = TOOLS[target];
  const build = join(root, "build", target);
  const bin = join(build, "bin");
  const frames = stackFrames(build);
  const unbounded = frames.filter(({ kind }) => !/^static$|bounded/.test(kind));
  const figures = new Map([
    ...Object.entries(code(bin, size)),
    ["stack.largest", frames[0].bytes],
    ["stack.unbounded", unbounded.length],
    ...tables(bin, emulator),
    ["heap.ready", await heapWhenReady(bin, emulator)],
  ]);
  const remarks = [
    "largest stack frames of our own functions:",
    ...frames.slice(0, LARGEST_FRAMES).map(({ name, bytes }) => `  ${bytes} ${name}`),
    ...unbounded.map(({ name }) => `  without a bound: ${name}`),
  ];
  return { figures, remarks };
}
