// The clock of a box without internet: restored at boot, saved now and then, set while it serves.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { runToEnd } from "./lib/gateway.js";
import { machineOf } from "./lib/machine.js";
import { callsOf, gatewayOf, terminalsOf, usersOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const NEVER_SET = "1970-01-01T00:00:09Z";
const iso = (text) => new Date(text).toISOString();

describe("bellhop clock", () => {
  const clock = async (machine, action, env = {}) => {
    const words = ["clock", action, machine.file("known"), "--rtc", machine.rtc];
    const { code, stdout, stderr } = await runToEnd(words, { env: { ...machine.env, ...env } });
    assert.equal(stderr, "");
    assert.match(stdout, /^[^\n]+\n$/, "one line");
    return { code, said: stdout };
  };

  test("restores from the RTC, also past 2038", async (t) => {
    const machine = machineOf(t);
    machine.clock = NEVER_SET;
    machine.rtcTime = "2040-02-29T12:34:56Z";
    const { code, said } = await clock(machine, "restore");
    assert.equal(code, 0);
    assert.match(said, /^the clock is set to 2040-02-29T12:34:56Z, from the RTC; /);
    assert.match(said, /known: the file is missing/);
    assert.equal(machine.clock, iso("2040-02-29T12:34:56Z"));
  });

  test("without an RTC what was saved is where it goes on", async (t) => {
    const machine = machineOf(t);
    machine.clock = "2031-05-06T07:08:09Z";
    const saved = await clock(machine, "save");
    assert.equal(saved.code, 0);
    assert.match(saved.said, /is saved to .*known, not to the RTC: .*rtc: No such file/);
    machine.clock = NEVER_SET;
    const { code, said } = await clock(machine, "restore");
    assert.equal(code, 0);
    assert.match(said, /^the clock is set to 2031-05-06T07:08:09Z, from the last known time; /);
    assert.equal(machine.clock, iso("2031-05-06T07:08:09Z"));
  });

  test("with nothing to go by it is the release date, and exit 0", async (t) => {
    const machine = machineOf(t);
    machine.clock = NEVER_SET;
    writeFileSync(machine.file("known"), "unix=1938409"); // half of it
    writeFileSync(machine.rtc, ""); // one whose battery is empty
    const { code, said } = await clock(machine, "restore");
    assert.equal(code, 0);
    assert.match(said, /^the clock is set to \d{4}-\d\d-\d\dT00:00:00Z, from the release date; /);
    assert.match(said, /rtc: Invalid argument; .*known: the file is damaged/);
  });

  test("saves to the RTC as well", async (t) => {
    const machine = machineOf(t);
    machine.clock = "2031-05-06T07:08:09Z";
    machine.rtcTime = "2000-01-01T00:00:00Z";
    const { code, said } = await clock(machine, "save");
    assert.equal(code, 0);
    assert.match(said, / and to the RTC$/m);
    assert.equal(machine.rtcTime, iso("2031-05-06T07:08:09Z"));
    assert.match(readFileSync(machine.file("known"), "utf8"), /utc=2031-05-06T07:08:09Z\n$/);
  });

  test("a clock that may not be set is an error", async (t) => {
    const machine = machineOf(t);
    machine.clock = NEVER_SET;
    machine.rtcTime = "2031-05-06T07:08:09Z";
    const { code, said } = await clock(machine, "restore", { MACHINE_CLOCK_LOCKED: "1" });
    assert.equal(code, 1);
    assert.match(said, /^the clock cannot be set: Operation not permitted, to 2031-05-06/);
    assert.equal(machine.clock, iso(NEVER_SET));
  });
});

describe("a clock that is set while it serves", () => {
  const LATER = "2047-03-01T00:00:00Z";
  const NOW = "2031-05-06T07:08:09Z";
  const numbered = (texts) => texts.map((text) => BigInt(text));
  const growing = (ids) => ids.every((id, i) => i === 0 || id > ids[i - 1]);

  test("by years, both ways, disturbs nobody", async (t) => {
    const machine = machineOf(t);
    machine.clock = NOW;
    const gateway = await gatewayOf(t, {}, { env: machine.env });
    const open = terminalsOf(t);
    const [caller, callee] = [await open(gateway, "1"), await open(gateway, "2")];
    const ids = [];
    for (const text of [LATER, NEVER_SET, NOW]) {
      machine.clock = text;
      const { Id, Status } = await caller.call("2");
      ids.push(Id);
      assert.equal(Status, "delivered");
      const rang = await callee.heard("Call");
      assert.equal(iso(rang.SendTime), iso(text));
      await callee.event("Accept", "1", { Id });
      await caller.event("Hangup", "2", { Id });
      await callee.heard("Hangup");
      ids.push((await gateway.push(undefined, "e", "1")).ID);
    }
    assert.ok(growing(numbered(ids.filter((_, i) => i % 2 === 0))), "calls");
    assert.ok(growing(numbered(ids.filter((_, i) => i % 2 === 1))), "pushes");
    const calls = await callsOf(gateway);
    assert.deepEqual(
      calls.map(({ started }) => iso(started)),
      [NOW, NEVER_SET, LATER].map(iso),
      "in the order in which they were made",
    );
  });

  test("to an earlier time over a restart: numbers go on growing", async (t) => {
    const machine = machineOf(t);
    machine.clock = LATER;
    const gateway = await gatewayOf(t, {}, { env: machine.env });
    const caller = await terminalsOf(t)(gateway, "1");
    const relayed = async (terminal) => (await terminal.event("Offer", "1")).Id;
    const before = {
      push: (await gateway.push(undefined, "e", "1")).ID,
      call: (await caller.call("absent")).Id,
      relayed: await relayed(caller),
    };
    await until(async () => (await callsOf(gateway)).every(({ stored }) => stored), "a commit");
    await gateway.kill();
    machine.clock = NOW;
    await gateway.launch();
    const again = await terminalsOf(t)(gateway, "1");
    const after = {
      push: (await gateway.push(undefined, "e", "1")).ID,
      relayed: await relayed(again),
      call: (await again.call("absent")).Id,
    };
    for (const [name, id] of Object.entries(after)) {
      assert.ok(growing(numbered([before[name], id])), `${name}: ${before[name]}, then ${id}`);
    }
    assert.ok(growing(numbered([before.relayed, after.call])), "calls and frames share theirs");
    assert.deepEqual(
      (await callsOf(gateway)).map(({ id }) => id),
      [after.call, before.call],
    );
    const [seen] = (await usersOf(gateway)).filter(({ id }) => id === "1");
    assert.equal(iso(seen.lastSeen), iso(NOW));
  });
});
