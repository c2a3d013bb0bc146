// Once warm, a frame between terminals and pages makes no heap call.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HeapCount, NONE } from "./lib/heap_count.js";
import { tokenOf } from "./lib/jwt.js";
import { gatewayOf, Terminal } from "./lib/terminals.js";
import { until } from "./lib/wait.js";
import { Wire } from "./lib/wire.js";

const WARM_UP = 300;
const FRAMES = 2000;

let heap;
let gateway;
let a;
let b;
let page;
before(async () => {
  heap = new HeapCount();
  const limits = { messages_per_10s: 1000000 };
  gateway = await gatewayOf(null, { limits }, { env: heap.env });
  a = await Terminal.open(gateway, tokenOf("1"));
  b = await Terminal.open(gateway, tokenOf("2"));
  page = new Wire(`${gateway.url}/socket.io/?EIO=4&transport=websocket`);
  await page.next();
  page.send(`40{"token":"${tokenOf("2")}"}`);
  await until(() => page.frames.items.some((frame) => frame.includes('"Chat"')), "a page's list");
  await a.online("1", "2");
  // What they left in the database is written by then.
  const dirty = () => gateway.metric("bellhop_store_rows_total");
  await until(async () => (await dirty()) >= 2, "the users to be stored");
});
after(async () => {
  for (const one of [a, b]) one.kill();
  page.cut();
  await gateway.stop();
  heap.remove();
});

async function counted(send) {
  const many = async (count) => {
    for (let i = 0; i < count; i++) await send(i);
  };
  await many(WARM_UP);
  return heap.during(() => many(FRAMES));
}

const note = (data) => ({ Receiver: "2", Type: "Event", Message: { Event: "Note", Data: data } });

test("the counter counts", async () => {
  assert.ok((await heap.during(() => gateway.request("/metrics"))).malloc > 0);
});

test("events, each to a terminal and a page, with receipts", async () => {
  const calls = await counted(async (i) => {
    assert.equal((await a.ask(note(i))).Terminals, 2);
    await b.next("Event");
  });
  assert.deepEqual(calls, NONE);
});

test("long events, which are read in pieces", async () => {
  const data = "x".repeat(20000);
  const calls = await counted(async () => {
    assert.equal((await a.ask(note(data))).Status, "delivered");
    await b.next("Event");
  });
  assert.deepEqual(calls, NONE);
});

test("events of a page with a callback", async () => {
  const text = JSON.stringify(["Event", { ...note(1), Receiver: "1" }]);
  const calls = await counted(async (i) => {
    page.send(`42${i}${text}`);
    while (!(await page.next()).startsWith(`43${i}[`));
    await a.next("Event");
  });
  assert.deepEqual(calls, NONE);
});

test("heart checks, frames that are none, forged ones, and those to nobody", async () => {
  const calls = await counted(async () => {
    await a.settled();
    a.send('{"Type":');
    await a.next("Error");
    assert.equal((await a.ask({ ...note(1), Sender: "2" })).Status, "refused");
    assert.equal((await a.ask({ ...note(1), Receiver: "nobody" })).Status, "offline");
  });
  assert.deepEqual(calls, NONE);
});
