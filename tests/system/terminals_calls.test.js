// The life of a call between terminals, and what of it is kept.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { callsOf, gatewayOf, history, terminalsOf, userOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d$/;
const DATA = { sender: "甲", type: "呼叫", receiver: "乙" };
const LONG_GRACE = { grace_ms: 120000 };

/** Terminals of users "1" (one) and "2" (two of them), and a gateway. */
async function ward(t, config = { terminals: LONG_GRACE }) {
  const gateway = await gatewayOf(t, config);
  const open = terminalsOf(t);
  const caller = await open(gateway, "1");
  const [callee, other] = [await open(gateway, "2"), await open(gateway, "2")];
  return { gateway, open, caller, callee, other };
}

/** Calls and waits until both terminals ring; the call's id. */
async function ring({ caller, callee, other }) {
  const { Id, Status, Terminals } = await caller.call("2");
  assert.deepEqual([Status, Terminals], ["delivered", 2]);
  for (const terminal of [callee, other]) assert.equal((await terminal.heard("Call")).Id, Id);
  return Id;
}

async function expectSilent(...terminals) {
  for (const terminal of terminals) {
    const events = terminal.all("Event").length;
    await terminal.settled();
    assert.equal(terminal.all("Event").length, events);
  }
}

const terminalsOfUser = (gateway, id, count) =>
  until(
    async () => (await userOf(gateway, id)).terminals === count,
    `${count} terminals of ${id}`,
  );

describe("a call", () => {
  test("reaches both terminals of the callee, with a receipt for the caller", async (t) => {
    const house = await ward(t);
    const before = Date.now();
    const receipt = await house.caller.call("2");
    assert.deepEqual(receipt, {
      Id: receipt.Id,
      Event: "Call",
      Receiver: "2",
      Status: "delivered",
      Terminals: 2,
    });
    assert.match(receipt.Id, /^\d+$/);
    for (const terminal of [house.callee, house.other]) {
      const frame = await terminal.heard("Call");
      assert.deepEqual(frame, {
        Sender: "1",
        Receiver: "2",
        SendTime: frame.SendTime,
        Type: "Event",
        Id: receipt.Id,
        Message: { Event: "Call", Data: DATA },
      });
      assert.match(frame.SendTime, STAMP);
      const at = Date.parse(frame.SendTime);
      assert.ok(at >= before - 1000 && at <= Date.now() + 1000, frame.SendTime);
    }
    assert.equal(house.caller.all("Event").length, 0);
    const [call] = await callsOf(house.gateway);
    assert.deepEqual(
      [call.id, call.caller, call.callee, call.state, call.missed],
      [receipt.Id, "1", "2", "ringing", false],
    );
    assert.deepEqual(call.message, { Event: "Call", Data: DATA });
  });

  test("accepted on one terminal stops ringing on the other; then hung up", async (t) => {
    for (const [who, end] of [
      ["caller", "hung_up"],
      ["callee", "hung_up"],
    ]) {
      const house = await ward(t);
      const { gateway, caller, callee, other } = house;
      const Id = await ring(house);
      const receipt = await callee.event("Accept", "1", { Id });
      assert.deepEqual([receipt.Id, receipt.Status, receipt.Terminals], [Id, "delivered", 1]);
      const accepted = await caller.heard("Accept");
      assert.deepEqual([accepted.Id, accepted.Sender], [Id, "2"]);
      const cancel = await other.heard("Cancel");
      assert.deepEqual([cancel.Id, cancel.Sender, cancel.Receiver], [Id, "1", "2"]);
      assert.deepEqual(cancel.Message.Data, { reason: "accepted_elsewhere" });
      await expectSilent(callee);
      assert.deepEqual(await history(gateway), [["1", "2", "accepted", undefined]]);

      const [ending, hearing] = who === "caller" ? [caller, [callee, other]] : [callee, [caller]];
      const receiver = who === "caller" ? "2" : "1";
      assert.equal((await ending.event("Hangup", receiver, { Id })).Status, "delivered");
      for (const terminal of hearing) assert.equal((await terminal.heard("Hangup")).Id, Id);
      const [call] = await callsOf(gateway);
      assert.deepEqual([call.state, call.end, call.missed], ["ended", end, false]);
      assert.ok(Date.parse(call.started) <= Date.parse(call.accepted));
      assert.ok(Date.parse(call.accepted) <= Date.parse(call.ended));
      const again = await ending.event("Hangup", receiver, { Id });
      assert.deepEqual(
        [again.Status, again.Reason],
        ["refused", "there is no such call, or it is over"],
      );
    }
  });

  test("declined", async (t) => {
    const house = await ward(t);
    const Id = await ring(house);
    assert.equal((await house.callee.event("Decline", "1", { Id })).Status, "delivered");
    assert.equal((await house.caller.heard("Decline")).Id, Id);
    const cancel = await house.other.heard("Cancel");
    assert.deepEqual([cancel.Id, cancel.Message.Data.reason], [Id, "declined_elsewhere"]);
    assert.deepEqual(await history(house.gateway), [["1", "2", "ended", "declined"]]);
  });

  test("cancelled by the caller, without naming its Id", async (t) => {
    const house = await ward(t);
    const Id = await ring(house);
    assert.equal((await house.caller.event("Cancel", "2")).Id, Id);
    for (const terminal of [house.callee, house.other]) {
      assert.equal((await terminal.heard("Cancel")).Id, Id);
    }
    assert.deepEqual(await history(house.gateway), [["1", "2", "ended", "cancelled"]]);
    const late = await house.callee.event("Accept", "1", { Id });
    assert.equal(late.Status, "refused");
    await expectSilent(house.caller);
  });

  test("hung up while it rings: as a cancel of the caller, a decline of the callee", async (t) => {
    const house = await ward(t);
    let Id = await ring(house);
    await house.caller.event("Hangup", "2", { Id });
    for (const terminal of [house.callee, house.other]) await terminal.heard("Hangup");
    Id = await ring(house);
    await house.other.event("Hangup", "1", { Id });
    await house.caller.heard("Hangup");
    await house.callee.heard("Cancel");
    assert.deepEqual(
      (await history(house.gateway)).map(([, , , end]) => end),
      ["cancelled", "declined"],
    );
  });

  test("unanswered: both sides are told, and the callee missed it", async (t) => {
    const house = await ward(t, { terminals: { ring_timeout_ms: 300 } });
    const Id = await ring(house);
    for (const terminal of [house.caller, house.callee, house.other]) {
      const frame = await terminal.heard("Cancel");
      assert.deepEqual([frame.Id, frame.Message.Data], [Id, { reason: "timeout" }]);
    }
    const [call] = await callsOf(house.gateway);
    assert.deepEqual([call.end, call.missed], ["timeout", true]);
    const fresh = await house.open(house.gateway, "2");
    const [missed] = (await fresh.next("Missed")).Message;
    assert.deepEqual([missed.Id, missed.Sender, missed.Reason], [Id, "1", "timeout"]);
  });

  test("two accepts in the same turn: the first wins, the second is refused", async (t) => {
    for (let round = 0; round < 5; round++) {
      const house = await ward(t);
      const Id = await ring(house);
      const receipts = await Promise.all(
        [house.callee, house.other].map((terminal) => terminal.event("Accept", "1", { Id })),
      );
      const by = (status) => receipts.findIndex(({ Status }) => Status === status);
      assert.notEqual(by("delivered"), -1, JSON.stringify(receipts));
      assert.equal(receipts[by("refused")].Reason, "the call was accepted already");
      const loser = [house.callee, house.other][by("refused")];
      assert.equal((await loser.heard("Cancel")).Message.Data.reason, "accepted_elsewhere");
      await house.caller.heard("Accept");
      await expectSilent(house.caller, house.callee, house.other);
    }
  });

  test("again while it rings is the same call", async (t) => {
    const house = await ward(t);
    const Id = await ring(house);
    assert.equal(await ring(house), Id);
    assert.equal((await callsOf(house.gateway)).length, 1);
  });

  test("to oneself, an accept of nobody's call, by the wrong side, by a stranger", async (t) => {
    const house = await ward(t);
    const stranger = await house.open(house.gateway, "3");
    const refused = async (terminal, ...frame) => {
      const receipt = await terminal.event(...frame);
      assert.deepEqual([receipt.Status, "Terminals" in receipt], ["refused", false]);
      return receipt.Reason;
    };
    assert.match(await refused(house.caller, "Call", "1"), /themselves/);
    for (const name of ["Accept", "Decline", "Cancel", "Hangup"]) {
      assert.match(await refused(house.callee, name, "1"), /no such call/);
    }
    const Id = await ring(house);
    assert.match(await refused(house.caller, "Accept", "2", { Id }), /only the callee/);
    assert.match(await refused(house.caller, "Decline", "2", { Id }), /only the callee/);
    assert.match(await refused(house.callee, "Cancel", "1", { Id }), /only the caller/);
    for (const receiver of ["1", "2"]) {
      for (const name of ["Accept", "Decline", "Cancel", "Hangup"]) {
        assert.match(await refused(stranger, name, receiver, { Id }), /no such call/);
      }
    }
    await expectSilent(house.caller, house.callee, house.other);
    assert.deepEqual(await history(house.gateway), [["1", "2", "ringing", undefined]]);
  });
});

describe("somebody goes", () => {
  test("a callee whose page is loaded again gets the call again, and can accept it", async (t) => {
    const house = await ward(t);
    const Id = await ring(house);
    await house.other.logout();
    await house.callee.refresh();
    const again = await house.open(house.gateway, "2");
    const frame = await again.heard("Call");
    assert.deepEqual([frame.Id, frame.Sender, frame.Message.Data], [Id, "1", DATA]);
    await again.event("Accept", "1", { Id });
    assert.equal((await house.caller.heard("Accept")).Id, Id);
    const third = await house.open(house.gateway, "2");
    await expectSilent(third);
  });

  test("a caller who logs out or vanishes stops the ringing", async (t) => {
    for (const end of ["logout", "kill"]) {
      const house = await ward(t, { terminals: { grace_ms: 300 } });
      const Id = await ring(house);
      await house.caller[end]();
      for (const terminal of [house.callee, house.other]) {
        const frame = await terminal.heard("Cancel");
        assert.deepEqual(
          [frame.Id, frame.Sender, frame.Message.Data],
          [Id, "1", { reason: "offline" }],
        );
      }
      assert.deepEqual(await history(house.gateway), [["1", "2", "ended", "cancelled"]]);
    }
  });

  test("a callee who vanishes while it rings has missed it, and the caller is told", async (t) => {
    const house = await ward(t, { terminals: { grace_ms: 300 } });
    const Id = await ring(house);
    for (const terminal of [house.callee, house.other]) terminal.kill();
    const frame = await house.caller.heard("Cancel");
    assert.deepEqual(
      [frame.Id, frame.Sender, frame.Message.Data],
      [Id, "2", { reason: "offline" }],
    );
    const back = await house.open(house.gateway, "2");
    assert.equal((await back.next("Missed")).Message[0].Id, Id);
  });

  test("one of two who speak: the other hears Hangup after the grace", async (t) => {
    const house = await ward(t, { terminals: { grace_ms: 300 } });
    const Id = await ring(house);
    await house.callee.event("Accept", "1", { Id });
    house.caller.kill();
    const frame = await house.callee.heard("Hangup");
    assert.deepEqual([frame.Id, frame.Sender], [Id, "1"]);
    assert.deepEqual(await history(house.gateway), [["1", "2", "ended", "lost"]]);
  });

  test("a call to a user in the grace is offline, and missed at the return", async (t) => {
    const house = await ward(t);
    for (const terminal of [house.callee, house.other]) terminal.kill();
    await terminalsOfUser(house.gateway, "2", 0);
    assert.equal((await house.caller.call("2")).Status, "offline");
    const back = await house.open(house.gateway, "2");
    assert.equal((await back.next("Missed")).Message.length, 1);
  });
});

describe("a call to somebody offline", () => {
  test("is answered at once and told at the next login, once", async (t) => {
    const gateway = await gatewayOf(t);
    const open = terminalsOf(t);
    const caller = await open(gateway, "1");
    const { Id, ...rest } = await caller.call("2");
    assert.deepEqual(rest, { Event: "Call", Receiver: "2", Status: "offline", Terminals: 0 });
    const callee = await open(gateway, "2");
    const missed = await callee.next("Missed");
    assert.match(missed.SendTime, STAMP);
    assert.equal(missed.Message.length, 1);
    const { SendTime, ...call } = missed.Message[0];
    assert.match(SendTime, STAMP);
    assert.deepEqual(call, {
      Id,
      Sender: "1",
      Reason: "offline",
      Message: { Event: "Call", Data: DATA },
    });
    assert.equal(callee.frames[0].type, "Chat", "the list comes first");
    await callee.logout();
    for (let login = 0; login < 2; login++) {
      const again = await open(gateway, "2");
      await again.settled();
      assert.equal(again.all("Missed").length, 0, "told once");
    }
  });

  test("many: every one is told, the oldest first, in as many frames as it takes", async (t) => {
    const gateway = await gatewayOf(t, { limits: { messages_per_10s: 1000 } });
    const open = terminalsOf(t);
    const caller = await open(gateway, "1");
    const ids = [];
    for (let i = 0; i < 50; i++) ids.push((await caller.call("2", { n: i })).Id);
    const callee = await open(gateway, "2");
    await callee.settled();
    const told = callee.all("Missed").flatMap((frame) => frame.Message);
    assert.deepEqual(
      told.map(({ Id, Message }) => [Id, Message.Data.n]),
      ids.map((Id, n) => [Id, n]),
    );
  });

  test("of users nobody has ever seen, and other events are just offline", async (t) => {
    const gateway = await gatewayOf(t);
    const caller = await terminalsOf(t)(gateway, "1");
    assert.equal((await caller.call("nobody at all")).Status, "offline");
    assert.equal((await caller.event("Note", "2", { data: 1 })).Status, "offline");
    assert.deepEqual(await history(gateway), [["1", "nobody at all", "ended", "offline"]]);
  });
});
