// The seed's own client at the gateway, a whole day long: no frame of ours makes its handler throw,
// and what it shows is right.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seedsOf } from "./lib/seed_client.js";
import { gatewayOf, terminalsOf, userOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const received = (client, type, count = 1) =>
  until(
    () => client.received.filter((frame) => frame.Type === type).length >= count,
    `${count} frames of Type ${type}`,
  );

test("its example: lamps, a call with a notice, the callback's frame", async (t) => {
  const gateway = await gatewayOf(t);
  const open = seedsOf(t);
  const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
  await until(() => a.lamp("2") === "online", "the lamp of 2");
  assert.deepEqual([a.lamp("1"), a.lamp("3"), b.lamp("1")], ["online", "offline", "online"]);

  const before = Date.now();
  const receipt = await a.call(
    { id: "1", userName: "甲" },
    { userId: "2", receiverName: "<b>乙</b>" },
  );
  assert.deepEqual([receipt.Type, receipt.Message.Status], ["Receipt", "delivered"]);
  await until(() => b.refreshed === 1, "the page to be told");
  const [notice] = b.notices;
  assert.deepEqual([notice.sender, notice.receiver], ["甲", "<b>乙</b>"]);
  assert.ok(Math.abs(notice.at - before) < 60000, `${notice.at}`);
  assert.deepEqual([...a.thrown, ...b.thrown], []);
});

test("ids of the store as numbers, and its first callData with Data empty", async (t) => {
  const gateway = await gatewayOf(t);
  const open = seedsOf(t);
  const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
  // The seed takes the next frame for the receipt, so none may be on its way.
  await until(() => a.lamp("2") === "online", "the lamp of 2");
  const receipt = await a.call({ id: 1, userName: "甲" }, { userId: 2, receiverName: "乙" });
  assert.equal(receipt.Message.Status, "delivered");
  await until(() => b.refreshed === 1, "the page to be told");
  const Message = { Event: "Call", Data: "" };
  a.sendMsg({ Sender: 1, Receiver: "2", SendTime: "", Message, Type: "Event" });
  await received(b, "Event", 2);
  assert.equal(b.refreshed, 1, "nothing in it that it would announce");
  assert.deepEqual([...a.thrown, ...b.thrown], []);
});

test("a day of frames of every kind", async (t) => {
  const gateway = await gatewayOf(t, {
    terminals: { ring_timeout_ms: 400, ping_interval_ms: 200, grace_ms: 3000 },
    limits: { messages_per_10s: 1000 },
  });
  const seed = seedsOf(t);
  const open = terminalsOf(t);
  const other = await open(gateway, "2");
  await other.call("1"); // missed
  const page = await seed(gateway, "1", 400);
  await received(page, "Missed");

  // Events with every kind of Data, and with none.
  const datas = ["{}", "null", "1", '"x"', "[]", "true", '{"type":null}', '{"type":{"a":1}}'];
  for (const data of datas) {
    await other.ask(`{"Receiver":"1","Type":"Event","Message":{"Event":"E","Data":${data}}}`);
  }
  for (const message of [
    '{"Event":"E"}',
    '{"Data":{},"Event":"E","Data":null}',
    '{"Event":"E"  }',
  ]) {
    await other.ask(`{"Receiver":"1","Type":"Event","Message":${message}}`);
  }
  await received(page, "Event", datas.length + 3);

  // Calls with every end.
  for (const end of ["Cancel", "Hangup", undefined]) {
    await other.call("1");
    if (end) await other.event(end, "1");
    else await other.heard("Cancel");
  }
  const second = await open(gateway, "1");
  const { Id } = await other.call("1");
  await second.heard("Call");
  await second.event("Accept", "2", { Id });
  await other.event("Hangup", "1", { Id });

  // What it sends itself: a heartbeat, frames that are none, and receipts of each status.
  page.heartCheck();
  await received(page, "Heartbeat");
  const say = (text) => page.socket.send(text);
  for (const text of ["{", "[]", "{}", '{"Type":"Chat"}', '{"Type":"Event"}', "undefined"])
    say(text);
  page.socket.send(Buffer.from("binary"));
  say("x".repeat(70000));
  await received(page, "Error", 8);
  for (const [receiver, event] of [
    ["2", "Note"],
    ["away", "Note"],
    ["2", "Accept"],
    ["away", "Call"],
  ]) {
    say(JSON.stringify({ Receiver: receiver, Type: "Event", Message: { Event: event } }));
  }
  await received(page, "Receipt", 4);

  // Others come and go, and so does the gateway.
  await (await open(gateway, "3")).logout();
  await until(() => !page.onlineUser.includes("3"), "the lamp to go out");
  await gateway.kill();
  gateway.listen = `127.0.0.1:${gateway.port}`;
  await gateway.launch();
  await until(() => page.connects === 2, "it to come back");
  await (await open(gateway, "2")).call("1");
  await until(() => page.refreshed >= 5, "the call after the restart");

  const types = new Set(page.received.map((frame) => frame.Type));
  assert.deepEqual([...types].sort(), ["Chat", "Error", "Event", "Heartbeat", "Missed", "Receipt"]);
  assert.deepEqual(page.thrown, []);
  const calls = page.received.filter(
    ({ Type, Message }) => Type === "Event" && Message.Event === "Call",
  );
  assert.equal(page.refreshed, calls.length, "each call is announced, and nothing else");
});

test("its reconnect after 4 s is within the grace: nobody sees it go", async (t) => {
  const gateway = await gatewayOf(t, { terminals: { list_interval_ms: 1 } });
  const page = await seedsOf(t)(gateway, "1");
  const other = await terminalsOf(t)(gateway, "2");
  await other.online("1", "2");
  const lists = other.lists.length;
  page.socket.terminate();
  await until(
    async () => (await userOf(gateway, "1")).terminals === 0,
    "the end of its connection",
  );
  await until(() => page.connects === 2, "it to come back");
  await terminalsOf(t)(gateway, "3");
  await other.online("1", "2", "3");
  assert.equal(other.lists.length, lists + 1, "one list, of the third");
  assert.deepEqual(page.thrown, []);
});
