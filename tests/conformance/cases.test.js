import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CASES } from "./cases/index.js";
import { deviations } from "./lib/deviations.js";
import { matches, play } from "./lib/play.js";

const url = process.env.CONFORMANCE_URL;
const onStock = process.env.CONFORMANCE_STOCK === "1";

function skipped({ id }) {
  return onStock && id !== undefined && deviations[id]?.failsOnStock
    ? deviations[id].reason
    : false;
}

async function check(one) {
  const before = [];
  for await (const { step, expected, line } of play(url, one)) {
    before.push(`${step.name}: ${line.slice(0, 300)}`);
    if (expected === undefined) continue;
    assert.ok(
      matches(line, expected),
      `${before.join("\n")}\nexpected: ${String(expected).slice(0, 300)}`,
    );
  }
}

for (const [group, cases] of Object.entries(CASES)) {
  describe(group, () => {
    for (const one of cases)
      test(one.name, { skip: skipped(one), timeout: 30000 }, () => check(one));
  });
}
