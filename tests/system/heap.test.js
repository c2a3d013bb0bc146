// Once warm, a message makes no heap call: counted by a preloaded library while pushes come by one
// connection that is kept, to a room of 50.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Gateway, temporaryFolder } from "./lib/gateway.js";
import { Wire } from "./lib/wire.js";

const MEMBERS = 50;
const PUSHES = 2000;
const WARM_UP = 300;
const PUSHES_OF_OTHER_KINDS = 300;
const SOURCE = fileURLToPath(new URL("../load/heap_count.c", import.meta.url));

let folder;
let gateway;
let members;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

before(async () => {
  folder = temporaryFolder();
  const library = join(folder, "libheap_count.so");
  execFileSync("cc", ["-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-o", library, SOURCE]);
  const env = { LD_PRELOAD: library, BELLHOP_HEAP_COUNT: join(folder, "counts") };
  gateway = await Gateway.start({ env });
  members = await Promise.all(Array.from({ length: MEMBERS }, () => Wire.open(gateway)));
  for (const wire of members) assert.equal(await wire.login("room"), "2002");
});
after(async () => {
  agent.destroy();
  members.forEach((wire) => wire.cut());
  await gateway.stop();
  rmSync(folder, { recursive: true });
});

/** Calls of malloc, calloc, realloc and free since the start. */
function heapCalls() {
  const counts = readFileSync(join(folder, "counts"));
  return [0, 8, 16, 24].map((at) => Number(counts.readBigUInt64LE(at)));
}

async function pushAll(count, send) {
  for (let i = 0; i < count; i++) assert.equal((await send(i)).DELIVERED, MEMBERS);
  for (const wire of members) {
    for (const frame of await wire.frames.take(count)) assert.match(frame, /^42\["n",/);
  }
}

async function countedCalls(pushes, send) {
  await pushAll(WARM_UP, send);
  const before = heapCalls();
  await pushAll(pushes, send);
  const after = heapCalls();
  return Object.fromEntries(
    ["malloc", "calloc", "realloc", "free"].map((name, i) => [name, after[i] - before[i]]),
  );
}

const NONE = { malloc: 0, calloc: 0, realloc: 0, free: 0 };

test("the counter counts", async () => {
  const before = heapCalls();
  await gateway.request("/metrics");
  assert.ok(heapCalls()[0] > before[0]);
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
