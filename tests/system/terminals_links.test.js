// The connection under a terminal: heartbeats both ways, dead and half-open ones, floods, and a
// terminal that does not read.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Line } from "./lib/http.js";
import { tokenOf } from "./lib/jwt.js";
import { gatewayOf, refusal, terminalsOf, userOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d$/;
const QUICK = { ping_interval_ms: 150, ping_timeout_ms: 300, grace_ms: 0 };

describe("heartbeat", () => {
  test("`heart check` is answered with a JSON frame, to who asked only", async (t) => {
    const gateway = await gatewayOf(t);
    const open = terminalsOf(t);
    const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
    await a.online("1", "2");
    a.send("heart check");
    const frame = await a.next("Heartbeat");
    assert.deepEqual(frame, { Type: "Heartbeat", SendTime: frame.SendTime });
    assert.match(frame.SendTime, STAMP);
    await b.settled();
    assert.equal(b.all("Heartbeat").length, 1);
  });

  test("a ping of the client gets its pong, with the same bytes", async (t) => {
    const a = await terminalsOf(t)(await gatewayOf(t), "1");
    for (const payload of ["", "x", "x".repeat(125)]) {
      const pong = new Promise((resolve) => a.socket.once("pong", resolve));
      a.socket.ping(payload);
      assert.equal((await pong).toString(), payload);
    }
  });

  test("an idle terminal that answers pings stays", async (t) => {
    const gateway = await gatewayOf(t, { terminals: QUICK });
    const a = await terminalsOf(t)(gateway, "1");
    await until(() => a.pings >= 8, "8 pings");
    await a.settled();
    assert.equal(await gateway.closed("ping_timeout"), 0);
  });

  test("one that answers none is given up, and the others see it go", async (t) => {
    const gateway = await gatewayOf(t, { terminals: QUICK });
    const open = terminalsOf(t);
    const a = await open(gateway, "1");
    const dead = await open(gateway, "2", { autoPong: false });
    await a.online("1", "2");
    assert.equal((await dead.end()).reason, "ping_timeout");
    await a.online("1");
    assert.equal(await gateway.closed("ping_timeout"), 1);
  });

  test("one that sends is not asked, whatever it sends", async (t) => {
    const terminals = { ping_interval_ms: 2000, ping_timeout_ms: 300 };
    const gateway = await gatewayOf(t, { terminals, limits: { messages_per_10s: 10000 } });
    const open = terminalsOf(t);
    const [busy, idle] = [await open(gateway, "1", { autoPong: false }), await open(gateway, "2")];
    // Each turn ends well within the interval.
    await until(async () => {
      await busy.settled();
      busy.send("no frame");
      await busy.next("Error");
      return idle.pings > 0;
    }, "a ping of the idle one");
    assert.equal(busy.pings, 0);
    assert.equal(await gateway.closed("ping_timeout"), 0);
  });

  test("a half-open socket is given up, and its user leaves the list", async (t) => {
    const gateway = await gatewayOf(t, { terminals: QUICK });
    const a = await terminalsOf(t)(gateway, "1");
    const line = await Line.open(gateway);
    t.after(() => line.cut());
    line.write(
      `GET /ws?token=${tokenOf("2")} HTTP/1.1\r\nHost: box\r\nConnection: Upgrade\r\n` +
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    await line.expect(/ 101 [^]*"Chat"/);
    line.socket.pause(); // it takes no byte any more and says nothing
    await a.online("1", "2");
    await a.online("1");
    assert.equal(await gateway.closed("ping_timeout"), 1);
    assert.equal((await a.event("Note", "2")).Status, "offline");
  });
});

describe("a flood", () => {
  const limits = { messages_per_10s: 50 };
  const kinds = {
    events: (i) =>
      JSON.stringify({ Receiver: "2", Type: "Event", Message: { Event: "E", Data: i } }),
    "heart checks": () => "heart check",
    "bad frames": () => "{",
    "calls to nobody": (i) =>
      JSON.stringify({ Receiver: `n${i}`, Type: "Event", Message: { Event: "Call" } }),
  };
  for (const [what, make] of Object.entries(kinds)) {
    test(`of ${what}: 1008, and the others go on`, async (t) => {
      const gateway = await gatewayOf(t, { limits });
      const open = terminalsOf(t);
      const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
      const noisy = await open(gateway, "3");
      for (let i = 0; i < 51; i++) noisy.send(make(i));
      assert.deepEqual(await noisy.end(), { code: 1008, reason: "flooding" });
      assert.equal(await gateway.closed("flooding"), 1);
      assert.equal((await a.event("Calm", "2")).Status, "delivered");
      await until(() => b.all("Event").some((frame) => frame.Message.Event === "Calm"), "Calm");
      await open(gateway, "3"); // and may come back
    });
  }

  test("of binary and of messages too large counts as well", async (t) => {
    const gateway = await gatewayOf(t, { limits });
    const open = terminalsOf(t);
    for (const data of [Buffer.from("x"), "x".repeat(66000)]) {
      const noisy = await open(gateway, "3");
      for (let i = 0; i < 51; i++) noisy.socket.send(data);
      assert.deepEqual(await noisy.end(), { code: 1008, reason: "flooding" });
    }
  });

  test("as much as allowed is allowed", async (t) => {
    const gateway = await gatewayOf(t, { limits });
    const a = await terminalsOf(t)(gateway, "1");
    for (let i = 0; i < 50; i++) a.send("heart check");
    for (let i = 0; i < 50; i++) await a.next("Heartbeat");
    assert.equal(await gateway.closed("flooding"), 0);
  });
});

describe("a terminal that does not read", () => {
  const limits = { messages_per_10s: 100000 };
  const note = { n: "x".repeat(60000) };

  test("is closed as a slow reader; calls of the others go on meanwhile", async (t) => {
    const gateway = await gatewayOf(t, { limits, terminals: { grace_ms: 0 } });
    const open = terminalsOf(t);
    const [a, b, c] = [
      await open(gateway, "1"),
      await open(gateway, "2"),
      await open(gateway, "3"),
    ];
    const slow = await open(gateway, "slow");
    slow.socket.pause();
    let sent = 0;
    while (sent < 2000 && (await gateway.closed("slow_reader")) === 0) {
      await a.event("Note", "slow", { data: note });
      sent++;
      if (sent % 20 !== 0) continue;
      const { Id } = await b.call("3");
      await c.heard("Call");
      await c.event("Accept", "2", { Id });
      await b.heard("Accept");
      await b.event("Hangup", "3", { Id });
      await c.heard("Hangup");
    }
    assert.ok(sent < 2000, "its queue overran in the end");
    assert.equal((await a.event("Note", "slow")).Status, "offline");
    await a.online("1", "2", "3");
    slow.socket.resume();
    assert.deepEqual(await slow.end(), { code: 1013, reason: "slow_reader" });
    const got = slow.all("Event").length;
    assert.ok(got > 0 && got < sent);
    assert.equal(await gateway.closed("slow_reader"), 1);
  });

  test("costs its other terminal nothing", async (t) => {
    const gateway = await gatewayOf(t, { limits, terminals: { grace_ms: 0 } });
    const open = terminalsOf(t);
    const a = await open(gateway, "1");
    const [slow, good] = [await open(gateway, "2"), await open(gateway, "2")];
    slow.socket.pause();
    let sent = 0;
    let receipt;
    do {
      receipt = await a.event("Note", "2", { data: { ...note, i: sent } });
      assert.equal(receipt.Status, "delivered");
      assert.equal((await good.heard("Note")).Message.Data.i, sent++);
    } while (receipt.Terminals === 2 && sent < 2000);
    assert.equal(receipt.Terminals, 1);
    assert.equal(await gateway.closed("slow_reader"), 1);
    const user = await userOf(gateway, "2");
    assert.deepEqual([user.online, user.terminals], [true, 1]);
  });

  test("and sends all the same does not hold up who waits for its frames", async (t) => {
    const gateway = await gatewayOf(t, { limits });
    const open = terminalsOf(t);
    const [deaf, b] = [await open(gateway, "1"), await open(gateway, "2")];
    deaf.socket.pause();
    for (let i = 0; i < 300; i++) {
      deaf.send({ Receiver: "2", Type: "Event", Message: { Event: "E", Data: i } });
    }
    for (let i = 0; i < 300; i++) assert.equal((await b.heard("E")).Message.Data, i);
  });

  test("misses old online lists, never the newest", async (t) => {
    const terminals = { list_interval_ms: 1, grace_ms: 0 };
    const gateway = await gatewayOf(t, { limits, terminals });
    const open = terminalsOf(t);
    const [a, slow] = [await open(gateway, "1"), await open(gateway, "2")];
    slow.socket.pause();
    for (let i = 0; i < 200; i++) await (await open(gateway, `u${i}`)).logout();
    await open(gateway, "last");
    await a.online("1", "2", "last");
    slow.socket.resume();
    await slow.online("1", "2", "last");
    assert.equal(await gateway.closed("slow_reader"), 0);
  });
});

describe("an upgrade that comes to nothing leaves no session behind:", () => {
  const KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const VERSION = "Sec-WebSocket-Version: 13\r\n";
  const request = (path, headers) =>
    `GET ${path} HTTP/1.1\r\nHost: box\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `${headers}\r\n`;
  const reset = (line) => line.socket.resetAndDestroy();
  const cut = (line) => line.cut();
  // [what, headers, how the client ends it, how often it tries]
  const rows = [
    ["no key", VERSION, cut, 5],
    ["an unknown subprotocol", `${KEY}${VERSION}Sec-WebSocket-Protocol: x\r\n`, cut, 5],
    ["reset at once", KEY + VERSION, reset, 200],
    ["closed at once", KEY + VERSION, cut, 200],
  ];
  const paths = {
    terminal: `/ws?token=${tokenOf("1")}`,
    page: "/socket.io/?EIO=4&transport=websocket",
  };
  for (const [who, path] of Object.entries(paths)) {
    for (const [what, headers, end, times] of rows) {
      test(`${who}, ${what}`, async (t) => {
        const gateway = await gatewayOf(t, { terminals: { grace_ms: 0 } });
        for (let i = 0; i < times; i++) {
          const line = await Line.open(gateway);
          line.write(request(path, headers));
          if (end === cut && times < 10) await line.end();
          end(line);
        }
        for (const table of ["connections", "sessions"]) {
          const rest = table === "connections" ? 1 : 0; // the question has one
          const inUse = () => gateway.metric(`bellhop_table_in_use{table="${table}"}`);
          await until(async () => (await inUse()) === rest, `no ${table}`);
        }
        assert.equal(await gateway.metric("bellhop_users_online"), 0);
      });
    }
  }
});

test("sessions full: 503 before the upgrade, the freed place is given again", async (t) => {
  const gateway = await gatewayOf(t, { limits: { sessions: 2 } });
  const open = terminalsOf(t);
  const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
  const answer = await refusal(gateway, tokenOf("3"));
  assert.deepEqual(
    [answer.status, answer.headers["retry-after"], answer.json.error.code],
    [503, "1", "overloaded"],
  );
  assert.equal(await gateway.refusals("sessions"), 1);
  assert.equal((await a.event("Note", "2")).Status, "delivered");
  await b.logout();
  await open(gateway, "3");
  await a.online("1", "3");
});
