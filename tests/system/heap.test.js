// Once warm, a message makes no heap call: counted by a preloaded library while pushes come by one
// connection that is kept, to a room of 50.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { HeapCount, NONE } from "./lib/heap_count.js";
import { Wire } from "./lib/wire.js";

const MEMBERS = 50;
const PUSHES = 2000;
const WARM_UP = 300;
const PUSHES_OF_OTHER_KINDS = 300;

let heap;
let gateway;
let members;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

before(async () => {
  heap = new HeapCount();
  gateway = await Gateway.start({ env: heap.env });
  members = await Promise.all(Array.from({ length: MEMBERS }, () => Wire.open(gateway)));
  for (const wire of members) assert.equal(await wire.login("room"), "2002");
});
after(async () => {
  agent.destroy();
  members.forEach((wire) => wire.cut());
  await gateway.stop();
  heap.remove();
});

async function pushAll(count, send) {
  for (let i = 0; i < count; i++) assert.equal((await send(i)).DELIVERED, MEMBERS);
  for (const wire of members) {
    for (const frame of await wire.frames.take(count)) assert.match(frame, /^42\["n",/);
  }
}

async function countedCalls(pushes, send) {
  await pushAll(WARM_UP, send);
  return heap.during(() => pushAll(pushes, send));
}

test("the counter counts", async () => {
  assert.ok((await heap.during(() => gateway.request("/metrics"))).malloc > 0);
});

test("short pushes", async () => {
  const data = JSON.stringify("x".repeat(200));
  assert.deepEqual(
    await countedCalls(PUSHES, () => gateway.push("room", "n", data, { agent })),
    NONE,
  );
});

test("long pushes, which are read in pieces", async () => {
  const data = JSON.stringify("x".repeat(3000));
  assert.deepEqual(
    await countedCalls(PUSHES_OF_OTHER_KINDS, () => gateway.push("room", "n", data, { agent })),
    NONE,
  );
});

test("pushes of the modern kind with a key to repeat them by", async () => {
  const send = async (i) => {
    const body = JSON.stringify({
      room: "room",
      event: "n",
      data: i,
      idempotencyKey: `k${i}${Math.random()}`,
    });
    const { json } = await gateway.authorised("/api/v1/push", { method: "POST", body, agent });
    return { DELIVERED: json.delivered };
  };
  assert.deepEqual(await countedCalls(PUSHES_OF_OTHER_KINDS, send), NONE);
});
