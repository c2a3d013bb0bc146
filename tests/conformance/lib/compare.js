// compare [--server-cmd CMD | --url URL] [--only PATTERN]
// Plays every case, and some odd ones, on the stock server and on ours and compares what came back
// line by line. Where we mean to differ stands in deviations.js; any other difference fails.
import { parseArgs } from "node:util";
import { CASES, ODD } from "../cases/index.js";
import { deviations } from "./deviations.js";
import { matches, play } from "./play.js";
import { OURS, start, STOCK } from "./servers.js";

const AT_A_TIME = 8;

const { values } = parseArgs({
  options: {
    "server-cmd": { type: "string" },
    url: { type: "string" },
    only: { type: "string", default: "" },
  },
});

async function transcript(url, one) {
  const lines = [];
  for await (const { step, line } of play(url, one)) lines.push({ step: step.name, line });
  return lines;
}

/** What differs; the rows of both are the same steps. */
async function differences(stock, ours, one) {
  const [theirs, mine] = await Promise.all([transcript(stock, one), transcript(ours, one)]);
  return mine
    .map(({ step, line }, i) => ({ step, ours: line, stock: theirs[i].line }))
    .filter((row) => row.ours !== row.stock);
}

const meant = (rows, deviation) =>
  deviation !== undefined && rows.every((row) => matches(row.ours, deviation.ours));

function show(name, rows) {
  const cell = (line) => line.slice(0, 300);
  console.log(`✖ ${name}`);
  for (const row of rows) {
    console.log(`    ${row.step}\n      stock ${cell(row.stock)}\n      ours  ${cell(row.ours)}`);
  }
}

function* chosen() {
  for (const [group, cases] of Object.entries({ ...CASES, ...ODD })) {
    for (const one of cases) {
      const name = `${group}: ${one.name}`;
      if (!one.slow && name.includes(values.only)) yield { name, one };
    }
  }
}

/** Takes cases from the common list until it is empty; several do so at a time. */
async function work(list, stock, ours, count) {
  for (const { name, one } of list) {
    const rows = await differences(stock, ours, one);
    const deviation = deviations[one.id];
    const verdict = rows.length === 0 ? "same" : meant(rows, deviation) ? "meant" : "different";
    count[verdict] += 1;
    if (verdict === "meant") console.log(`~ ${name}: ${deviation.reason}`);
    if (verdict === "different") show(name, rows);
  }
}

async function compareAll(stock, ours) {
  const count = { same: 0, meant: 0, different: 0 };
  const list = chosen();
  await Promise.all(Array.from({ length: AT_A_TIME }, () => work(list, stock, ours, count)));
  return count;
}

const stock = await start(STOCK);
const ours = values.url
  ? { url: values.url, stop: async () => {} }
  : await start(values["server-cmd"]?.split(" ") ?? OURS);
const count = await compareAll(stock.url, ours.url);
await Promise.all([stock.stop(), ours.stop()]);
console.log(`${count.same} the same, ${count.meant} meant to differ`);
console.log(`${count.same + count.meant} passed, ${count.different} failed`);
process.exit(count.different === 0 ? 0 : 1);
