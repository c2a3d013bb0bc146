// run TARGET [--update]
// Weighs build/TARGET, prints what it found and compares it with tests/sizes/TARGET.txt, the figures
// recorded last: tables to the byte, the rest within TOLERANCE, so that the record is never far from
// the truth. --update records the new ones.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { weigh } from "./weigh.js";

const TOLERANCE = 0.05;

const { values, positionals } = parseArgs({
  options: { update: { type: "boolean", default: false } },
  allowPositionals: true,
});
const [target] = positionals;
if (!["armhf", "arm64"].includes(target) || positionals.length > 1) {
  console.error("run armhf|arm64 [--update]");
  process.exit(64);
}
const recordFile = fileURLToPath(new URL(`../${target}.txt`, import.meta.url));
const HEAD = `# Bytes of bellhop for ${target}; made by tests/sizes/run ${target} --update\n`;

function readRecord() {
  const rows = readFileSync(recordFile, "utf8").matchAll(/^(\S+) +(\d+)$/gm);
  return new Map([...rows].map(([, name, bytes]) => [name, Number(bytes)]));
}

const row = ([name, bytes]) => `${name.padEnd(28)} ${String(bytes).padStart(9)}`;

/** What is wrong with a figure beside the recorded one, or nothing. */
function complaint(name, now, before) {
  if (before === undefined) return "is not in the record";
  if (now === undefined) return "is in the record only";
  if (name.startsWith("table.")) return now === before ? undefined : `was ${before}`;
  const far = Math.abs(now - before) > before * TOLERANCE;
  return far ? `was ${before}: more than ${TOLERANCE * 100} % away` : undefined;
}

const { figures, remarks } = await weigh(target);
if (values.update) {
  writeFileSync(recordFile, `${HEAD}${[...figures].map(row).join("\n")}\n`);
}
const record = readRecord();
let failed = 0;
for (const name of new Set([...figures.keys(), ...record.keys()])) {
  const wrong = complaint(name, figures.get(name), record.get(name));
  if (wrong) failed += 1;
  console.log(`${row([name, figures.get(name) ?? "-"])}${wrong ? `   WRONG: ${wrong}` : ""}`);
}
remarks.forEach((line) => console.log(line));
if (failed > 0) console.log(`meant so? tests/sizes/run ${target} --update, in the same commit`);
console.log(`${figures.size - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
