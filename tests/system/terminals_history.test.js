// Calls over a restart, and the bound of what is kept.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TOKEN_KEYS, tokenOf } from "./lib/jwt.js";
import {
  callsOf,
  gatewayOf,
  history,
  refusal,
  terminalsOf,
  usersOf,
} from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const LONG_GRACE = { terminals: { grace_ms: 120000 } };

/** The history is in the database as it stands. */
const stored = (gateway) =>
  until(async () => (await callsOf(gateway)).every((call) => call.stored), "a commit");

async function killAndRestart(gateway) {
  await stored(gateway);
  await gateway.kill();
  gateway.listen = `127.0.0.1:${gateway.port}`;
  await gateway.launch();
}

describe("killed and started again", () => {
  test("while it rings: interrupted, and missed by the callee", async (t) => {
    const gateway = await gatewayOf(t, LONG_GRACE);
    const open = terminalsOf(t);
    const [caller, callee] = [await open(gateway, "1"), await open(gateway, "2")];
    const { Id } = await caller.call("2", { room: 7 });
    await callee.heard("Call");
    await killAndRestart(gateway);
    const [call] = await callsOf(gateway);
    assert.deepEqual(
      [call.id, call.state, call.end, call.missed, call.message],
      [Id, "ended", "interrupted", true, { Event: "Call", Data: { room: 7 } }],
    );
    const back = await open(gateway, "2");
    const missed = await back.next("Missed");
    assert.deepEqual(
      missed.Message.map((one) => [one.Id, one.Sender, one.Reason, one.Message.Data]),
      [[Id, "1", "interrupted", { room: 7 }]],
    );
    const late = await back.event("Accept", "1", { Id });
    assert.equal(late.Status, "refused");
    await back.settled();
    assert.equal(back.all("Event").length, 0, "it rings no more");
  });

  test("after it was accepted: interrupted, and not missed", async (t) => {
    const gateway = await gatewayOf(t, LONG_GRACE);
    const open = terminalsOf(t);
    const [caller, callee] = [await open(gateway, "1"), await open(gateway, "2")];
    const { Id } = await caller.call("2");
    await callee.event("Accept", "1", { Id });
    await killAndRestart(gateway);
    const [call] = await callsOf(gateway);
    assert.deepEqual([call.end, call.missed], ["interrupted", false]);
    const back = await open(gateway, "2");
    await back.settled();
    assert.equal(back.all("Missed").length, 0);
  });

  test("missed ones wait over two restarts, and are told once", async (t) => {
    const gateway = await gatewayOf(t, LONG_GRACE);
    const open = terminalsOf(t);
    const first = await (await open(gateway, "1")).call("2");
    await killAndRestart(gateway);
    const second = await (await open(gateway, "1")).call("2");
    assert.ok(BigInt(second.Id) > BigInt(first.Id), "ids grow over restarts");
    await killAndRestart(gateway);
    const callee = await open(gateway, "2");
    const ids = (await callee.next("Missed")).Message.map(({ Id }) => Id);
    assert.deepEqual(ids, [first.Id, second.Id]);
    await callee.logout();
    await killAndRestart(gateway);
    const again = await open(gateway, "2");
    await again.settled();
    assert.equal(again.all("Missed").length, 0);
    assert.deepEqual(
      (await history(gateway)).map(([, , , end]) => end),
      ["offline", "offline"],
    );
  });

  test("the whole history is as it was", async (t) => {
    const gateway = await gatewayOf(t, LONG_GRACE);
    const open = terminalsOf(t);
    const [caller, callee] = [await open(gateway, "1"), await open(gateway, "2")];
    const ends = [
      [callee, "Decline", "1"],
      [caller, "Cancel", "2"],
      [callee, "Hangup", "1"],
    ];
    for (const [terminal, event, receiver] of ends) {
      await caller.call("2");
      await terminal.event(event, receiver);
    }
    const { Id } = await caller.call("2");
    await callee.event("Accept", "1", { Id });
    await caller.event("Hangup", "2", { Id });
    await stored(gateway);
    const before = await callsOf(gateway);
    assert.deepEqual(
      before.map(({ end }) => end),
      ["hung_up", "declined", "cancelled", "declined"],
    );
    await killAndRestart(gateway);
    await stored(gateway);
    assert.deepEqual(await callsOf(gateway), before);
  });
});

describe("bounded", () => {
  test("the oldest go first, told or not, and no call under way gives way", async (t) => {
    const gateway = await gatewayOf(t, { limits: { calls: 4 }, ...LONG_GRACE });
    const open = terminalsOf(t);
    const [caller, callee] = [await open(gateway, "1"), await open(gateway, "2")];
    const ringing = (await caller.call("2")).Id;
    const ids = [];
    for (let i = 0; i < 6; i++) ids.push((await caller.call(`absent ${i}`)).Id);
    assert.deepEqual(
      (await callsOf(gateway)).map(({ id }) => id),
      [...ids.slice(-3).reverse(), ringing],
    );
    const forgotten = await open(gateway, "absent 0");
    await forgotten.settled();
    assert.equal(forgotten.all("Missed").length, 0);
    const kept = await open(gateway, "absent 5");
    assert.equal((await kept.next("Missed")).Message[0].Id, ids[5]);
    assert.equal((await callee.event("Accept", "1", { Id: ringing })).Status, "delivered");
    assert.equal(await gateway.metric('bellhop_table_in_use{table="calls"}'), 4);
    assert.equal(await gateway.metric('bellhop_table_high_water{table="calls"}'), 4);
  });

  test("all under way: refused and counted, and the next one finds the freed place", async (t) => {
    const gateway = await gatewayOf(t, { limits: { calls: 2 }, ...LONG_GRACE });
    const open = terminalsOf(t);
    const [one, two, three] = [
      await open(gateway, "1"),
      await open(gateway, "2"),
      await open(gateway, "3"),
    ];
    const first = await one.call("2");
    await one.call("3");
    for (const receiver of ["1", "absent"]) {
      const { Status, Reason } = await two.call(receiver);
      assert.deepEqual([Status, Reason], ["refused", "the table of calls is full"]);
    }
    assert.equal(await gateway.refusals("calls"), 2);
    await two.event("Decline", "1", { Id: first.Id });
    assert.equal((await two.call("3")).Status, "delivered");
    await three.heard("Call");
    assert.equal((await three.heard("Call")).Sender, "2");
  });

  test("a smaller table after a restart keeps the newest", async (t) => {
    const gateway = await gatewayOf(t, LONG_GRACE);
    const caller = await terminalsOf(t)(gateway, "1");
    const ids = [];
    for (let i = 0; i < 8; i++) ids.push((await caller.call(`absent ${i}`)).Id);
    gateway.configure({ limits: { calls: 3 }, tokens: TOKEN_KEYS });
    await killAndRestart(gateway);
    assert.deepEqual(
      (await callsOf(gateway)).map(({ id }) => id),
      ids.slice(-3).reverse(),
    );
    const kept = await terminalsOf(t)(gateway, "absent 7");
    assert.equal((await kept.next("Missed")).Message[0].Id, ids[7]);
  });

  test("users: the one away longest makes room; all listed: 503, counted", async (t) => {
    const gateway = await gatewayOf(t, { limits: { users: 2 }, terminals: { grace_ms: 120000 } });
    const open = terminalsOf(t);
    const a = await open(gateway, "a");
    await (await open(gateway, "gone")).logout();
    const b = await open(gateway, "b");
    await a.online("a", "b");
    assert.deepEqual((await usersOf(gateway)).map(({ id }) => id).sort(), ["a", "b"]);
    const answer = await refusal(gateway, tokenOf("c"));
    assert.deepEqual(
      [answer.status, answer.headers["retry-after"], answer.json.error.code],
      [503, "1", "overloaded"],
    );
    assert.equal(await gateway.refusals("users"), 1);
    await open(gateway, "a");
    await b.logout();
    await open(gateway, "c");
    await a.online("a", "c");
  });
});
