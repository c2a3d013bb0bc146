// One client that reads too slowly, sends too much or too large: it is closed with a reason and
// counted, and the others get everything.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { EVERY, pagesOf } from "./lib/pages.js";
import { until } from "./lib/wait.js";
import { Wire, wiresOf } from "./lib/wire.js";

let gateway;
before(
  async () => (gateway = await Gateway.start({ config: { limits: { messages_per_10s: 50 } } })),
);
after(() => gateway.stop());

const BIG = 60000;
const big = (i) => `"${String(i).padEnd(BIG, "x")}"`;
const pollUrl = (sid) => `/socket.io/?EIO=4&transport=polling&sid=${sid}`;

/** A polling session joined to "/" whose greeting has been polled. */
async function openPolling() {
  const [, sid] = /"sid":"([\w-]+)"/.exec(
    (await gateway.request("/socket.io/?EIO=4&transport=polling")).text,
  );
  await gateway.request(pollUrl(sid), { method: "POST", body: "40" });
  assert.match((await gateway.request(pollUrl(sid))).text, /2001/);
  return sid;
}

describe("a reader that stops reading", () => {
  test("over a WebSocket: 1013 slow_reader; the others get all of it in order", async (t) => {
    const open = wiresOf(t);
    const slow = await open(gateway);
    const others = [await open(gateway), await open(gateway, { eio: 3 })];
    const page = await pagesOf(t)(gateway, { version: "4.8", transport: "upgrade" });
    const heard = page.listen("big");
    const before = await gateway.closed("slow_reader");
    slow.socket.pause();

    let sent = 0;
    const closed = async () => (await gateway.closed("slow_reader")) > before;
    while (sent < 2000 && !(sent % 10 === 0 && (await closed()))) {
      await gateway.push(undefined, "big", big(sent++));
    }
    assert.ok(sent < 2000, "its queue overran in the end");
    for (const wire of others) {
      for (let i = 0; i < sent; i++) assert.equal(await wire.next(), `42["big",${big(i)}]`);
    }
    for (let i = 0; i < sent; i++) assert.equal(await heard.next(), JSON.parse(big(i)));

    slow.socket.resume();
    assert.deepEqual(await slow.end(), { code: 1013, reason: "slow_reader" });
    const got = slow.frames.items.length;
    for (let i = 0; i < got; i++) assert.equal(slow.frames.items[i], `42["big",${big(i)}]`);
    assert.equal(await gateway.closed("slow_reader"), before + 1);
    assert.equal((await gateway.push(undefined, "after", "1")).DELIVERED, 3);
  });

  test("by polling: the queue's bound closes the session, which is then unknown", async (t) => {
    const other = await wiresOf(t)(gateway);
    const sid = await openPolling();
    const before = await gateway.closed("slow_reader");
    const delivered = [];
    for (let i = 0; i < 33; i++)
      delivered.push((await gateway.push(undefined, "n", `${i}`)).DELIVERED);
    assert.deepEqual(delivered, [...Array(32).fill(2), 1]);
    for (let i = 0; i < 33; i++) assert.equal(await other.next(), `42["n",${i}]`);
    assert.equal(await gateway.closed("slow_reader"), before + 1);
    const poll = await gateway.request(pollUrl(sid));
    assert.deepEqual([poll.status, poll.json?.code], [400, 1]);
  });

  test("by polling: so do queue_bytes", async () => {
    await openPolling();
    const before = await gateway.closed("slow_reader");
    for (let i = 0; i < 8; i++) await gateway.push(undefined, "n", big(i));
    assert.equal(await gateway.closed("slow_reader"), before + 1);
  });

  test("without a byte read from the start of the connection", async (t) => {
    const wire = new Wire(`${gateway.url}/socket.io/?EIO=3&transport=websocket`);
    t.after(() => wire.cut());
    wire.socket.once("upgrade", (response) => response.socket.pause());
    await gateway.connected(1);
    const other = await wiresOf(t)(gateway);
    const before = await gateway.closed("slow_reader");
    for (let i = 0; i < 2000 && (await gateway.closed("slow_reader")) === before; i += 10) {
      for (let j = 0; j < 10; j++) await gateway.push(undefined, "big", big(i + j));
      for (let j = 0; j < 10; j++) assert.equal(await other.next(), `42["big",${big(i + j)}]`);
    }
    assert.equal(await gateway.closed("slow_reader"), before + 1);
  });
});

test("when frames run out the slowest gives way, not the newest message", async (t) => {
  const small = await Gateway.start({ config: { limits: { large_frames: 4 } } });
  t.after(() => small.stop());
  const open = wiresOf(t);
  const [slow, reader] = [await open(small), await open(small)];
  slow.socket.pause();
  let sent = 0;
  while (sent < 2000 && (await small.closed("slow_reader")) === 0) {
    const { RETURN_MSG, DELIVERED } = await small.push(undefined, "big", big(sent));
    assert.deepEqual([RETURN_MSG, DELIVERED >= 1], ["ok", true]);
    assert.equal(await reader.next(), `42["big",${big(sent++)}]`);
  }
  assert.equal(await small.closed("slow_reader"), 1);
  assert.equal((await small.push(undefined, "big", big(0))).DELIVERED, 1);
});

describe("a flood", () => {
  const FLOOD = 51;

  for (const eio of [4, 3]) {
    test(`over a WebSocket, revision ${eio}: 1008 flooding`, async (t) => {
      const open = wiresOf(t);
      const [noisy, other] = [await open(gateway, { eio }), await open(gateway)];
      const before = await gateway.closed("flooding");
      for (let i = 0; i < FLOOD; i++) noisy.emit("noise", i);
      assert.deepEqual(await noisy.end(), { code: 1008, reason: "flooding" });
      assert.equal(await gateway.closed("flooding"), before + 1);
      assert.equal(await other.login("calm"), "2002");
    });
  }

  test("by polling, in one POST and in many", async () => {
    for (const perPost of [1, FLOOD]) {
      const sid = await openPolling();
      const before = await gateway.closed("flooding");
      const hanging = gateway.request(pollUrl(sid));
      for (let i = 0; i < FLOOD; i += perPost) {
        const body = Array(perPost).fill('42["noise"]').join("\x1e");
        await gateway.request(pollUrl(sid), { method: "POST", body });
      }
      assert.equal((await hanging).text, "1");
      await until(async () => (await gateway.closed("flooding")) === before + 1, "the counter");
    }
  });

  test("as much as allowed is allowed, binary parts counted", async (t) => {
    const wire = await wiresOf(t)(gateway);
    for (let i = 0; i < 23; i++) {
      wire.send('451-["noise",{"_placeholder":true,"num":0}]');
      wire.send(Buffer.from([i]));
    }
    assert.equal(await wire.login("within bounds"), "2002");
  });
});

describe("a message too big", () => {
  const MOST = 65536;
  const ofSize = (size) => `42["noise","${"x".repeat(size - 14)}"]`;

  test("over a WebSocket: as big as told is taken, one byte more is 1009", async (t) => {
    const open = wiresOf(t);
    const [sender, other] = [await open(gateway), await open(gateway)];
    assert.equal(sender.handshake.maxPayload, MOST);
    sender.send(ofSize(MOST));
    assert.equal(await sender.login("still here"), "2002");
    const before = await gateway.metric("bellhop_connected");
    sender.send(ofSize(MOST + 1));
    assert.equal((await sender.end()).code, 1009);
    await gateway.connected(before - 1);
    assert.equal(await other.login("other"), "2002");
  });

  test("over a WebSocket in pieces that are each small", async (t) => {
    const wire = await wiresOf(t)(gateway);
    const piece = "x".repeat(1000);
    wire.socket.send('42["noise","', { fin: false });
    for (let i = 0; i < 70; i++) wire.socket.send(piece, { fin: false });
    assert.equal((await wire.end()).code, 1009);
  });

  test("over a WebSocket, binary parts together too big", async (t) => {
    const wire = await wiresOf(t)(gateway);
    wire.send('453-["noise",{"_placeholder":true,"num":0}]');
    for (let i = 0; i < 2; i++) wire.send(Buffer.alloc(40000));
    assert.deepEqual(await wire.end(), { code: 1009, reason: "message_too_big" });
  });

  test("by polling: 413, and the session lives", async () => {
    const sid = await openPolling();
    const post = (body) => gateway.request(pollUrl(sid), { method: "POST", body });
    assert.equal((await post(ofSize(MOST + 1))).status, 413);
    assert.equal((await post(ofSize(MOST))).status, 200);
    assert.equal((await post("1")).status, 200);
  });

  test("each session closed for it is counted", async () => {
    assert.equal(await gateway.closed("message_too_big"), 3);
  });
});

test("after all that every client on every transport comes in", async (t) => {
  const open = pagesOf(t);
  for (const kind of EVERY) assert.equal((await open(gateway, kind)).greeting.code, "2001");
});
