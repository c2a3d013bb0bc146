// POST /api/v1/push: honest status codes, batches without half effects, safe to repeat.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { Wire, wiresOf } from "./lib/wire.js";

let gateway;
let witness;
before(async () => {
  gateway = await Gateway.start({ config: { limits: { batch_messages: 8 } } });
  witness = await Wire.open(gateway);
  assert.equal(await witness.login("456"), "2002");
});
after(async () => {
  witness.cut();
  await gateway.stop();
});

const postRaw = (body) => gateway.authorised("/api/v1/push", { method: "POST", body });
const post = (value) => postRaw(JSON.stringify(value));

async function nobodyGotAnything() {
  const mark = Math.random();
  await gateway.push(undefined, "mark", `${mark}`);
  assert.equal(await witness.next(), `42["mark",${mark}]`);
}

describe("one message", () => {
  for (const members of ["", '"room":null,', '"room":"",', '"room":"456",']) {
    test(`to ${members || "everyone"}`, async () => {
      const { status, json } = await postRaw(`{${members}"event":"test","data":{"x":1.0 }}`);
      assert.equal(status, 200);
      assert.equal(json.delivered, 1);
      assert.match(json.id, /^\d+$/);
      assert.equal(await witness.next(), '42["test",{"x":1.0 }]');
    });
  }

  test("to nobody", async () => {
    const { status, json } = await post({ room: "nobody", event: "test" });
    assert.deepEqual([status, json.delivered], [200, 0]);
  });

  test("ids are numbers that grow", async () => {
    const ids = [];
    for (let i = 0; i < 3; i++)
      ids.push(BigInt((await post({ event: "e", room: "none" })).json.id));
    assert.ok(ids[0] < ids[1] && ids[1] < ids[2], ids.join());
  });
});

const BAD = [
  ["{}", /event is missing/],
  ['{"event":""}', /event is empty/],
  ['{"event":1}', /event must be a string/],
  ['{"event":"connect"}', /event is reserved/],
  ['{"event":"newListener"}', /event is reserved/],
  ['{"event":"test","room":456}', /room must be a string/],
  [`{"event":"test","room":"${"r".repeat(65)}"}`, /room is longer than 64 bytes/],
  [`{"event":"${"e".repeat(257)}"}`, /event is longer than 256 bytes/],
  ['{"event":"test","idempotencyKey":7}', /idempotencyKey must be a string/],
  [
    `{"event":"test","idempotencyKey":"${"k".repeat(65)}"}`,
    /idempotencyKey is longer than 64 bytes/,
  ],
  ["", /at byte 0/],
  ["{", /at byte/],
  ['{"event":"test","data":}', /at byte 23/],
  ["1", /neither an object nor an array/],
  ['"event"', /neither an object nor an array/],
  ["null", /neither an object nor an array/],
  ["[1]", /message 0/],
  [`{"event":"test","data":${"[".repeat(100)}${"]".repeat(100)}}`, /deep/],
];
describe("what is wrong is 400 and says so", () => {
  for (const [body, message] of BAD) {
    test(body.slice(0, 60), async () => {
      const { status, json } = await postRaw(body);
      assert.equal(status, 400);
      assert.equal(json.error.code, "malformed");
      assert.match(json.error.message, message);
      await nobodyGotAnything();
    });
  }
});

describe("a batch", () => {
  test("goes in its order and is answered in its order", async () => {
    const batch = [
      { event: "a", data: 1 },
      { event: "b", room: "nobody" },
      { event: "c", room: "456", data: [2] },
    ];
    const { status, json } = await post(batch);
    assert.equal(status, 200);
    assert.deepEqual(
      json.results.map(({ delivered }) => delivered),
      [1, 0, 1],
    );
    assert.equal(new Set(json.results.map(({ id }) => id)).size, 3);
    assert.equal(await witness.next(), '42["a",1]');
    assert.equal(await witness.next(), '42["c",[2]]');
  });

  test("of none is answered with none", async () => {
    const { status, json } = await post([]);
    assert.deepEqual([status, json], [200, { results: [] }]);
  });

  for (const place of [0, 1, 2]) {
    for (const bad of [{ event: "connect" }, { data: 1 }, 7, null, [{ event: "inner" }]]) {
      test(`with ${JSON.stringify(bad)} at ${place} has no effect at all`, async () => {
        const batch = [{ event: "a" }, { event: "b" }, { event: "c" }];
        batch[place] = bad;
        const { status, json } = await post(batch);
        assert.equal(status, 400);
        assert.match(json.error.message, new RegExp(`message ${place}\\b`));
        await nobodyGotAnything();
      });
    }
  }

  test("may have batch_messages, no more", async () => {
    const batch = (size) =>
      Array.from({ length: size }, (_, i) => ({ event: "e", room: "456", data: i }));
    assert.equal((await post(batch(8))).json.results.length, 8);
    for (let i = 0; i < 8; i++) assert.equal(await witness.next(), `42["e",${i}]`);
    const { status, json } = await post(batch(9));
    assert.equal(status, 400);
    assert.match(json.error.message, /message 8: more messages than limits\.batch_messages/);
    await nobodyGotAnything();
  });

  test("may be as deep in each message as a message alone", async () => {
    const data = JSON.parse("[".repeat(15) + "]".repeat(15));
    assert.equal((await post({ event: "deep", data })).status, 200);
    assert.equal((await post([{ event: "deep", data }])).status, 200);
    for (let i = 0; i < 2; i++)
      assert.equal(await witness.next(), `42["deep",${JSON.stringify(data)}]`);
  });
});

describe("idempotencyKey", () => {
  test("sent again: the first answer, and no second message", async () => {
    const push = { event: "paid", room: "456", data: 1, idempotencyKey: "order-1" };
    const first = (await post(push)).json;
    assert.equal(await witness.next(), '42["paid",1]');
    const again = (await post({ ...push, data: 2 })).json;
    assert.deepEqual(again, { ...first, repeated: true });
    await nobodyGotAnything();
  });

  test("works within and across batches", async () => {
    const push = { event: "twice", idempotencyKey: "order-2" };
    const { results } = (await post([push, push])).json;
    assert.equal(results[0].repeated, undefined);
    assert.deepEqual(results[1], { ...results[0], repeated: true });
    assert.deepEqual((await post([push])).json.results[0], results[1]);
    assert.equal(await witness.next(), '42["twice"]');
    await nobodyGotAnything();
  });

  test("another key, no key or an empty one is another message", async () => {
    for (const idempotencyKey of ["order-3", "order-4", "", "", undefined, null]) {
      const { json } = await post({ event: "new", idempotencyKey });
      assert.equal(json.repeated, undefined);
      assert.equal(await witness.next(), '42["new"]');
    }
  });

  test("a refused message may be sent again, repaired", async () => {
    assert.equal((await post({ event: "", idempotencyKey: "order-5" })).status, 400);
    const { status, json } = await post({ event: "good", idempotencyKey: "order-5" });
    assert.deepEqual([status, json.repeated], [200, undefined]);
    assert.equal(await witness.next(), '42["good"]');
  });

  test("the last 1024 are kept", async () => {
    const keyed = (i) => ({ event: "k", room: "nobody", idempotencyKey: `kept-${i}` });
    const first = (await post(keyed(0))).json;
    for (let i = 1; i < 1024; i += 8) {
      await post(Array.from({ length: Math.min(8, 1024 - i) }, (_, j) => keyed(i + j)));
    }
    assert.equal((await post(keyed(0))).json.id, first.id);
  });
});

test("other paths and methods", async () => {
  for (const path of ["/api/v1/nothing", "/api/v1", "/api/v1/push/", "/pushx", "/api/v2/push"]) {
    const answer = await gateway.authorised(path, { method: "POST", body: "{}" });
    assert.equal(answer.status, 404, path);
    assert.equal(answer.json.error.code, "not_found");
  }
  const wrong = await gateway.authorised("/api/v1/push", { method: "PUT", body: "{}" });
  assert.deepEqual([wrong.status, wrong.headers.allow], [405, "POST"]);
  const rooms = await gateway.authorised("/api/v1/rooms", { method: "POST", body: "{}" });
  assert.deepEqual([rooms.status, rooms.headers.allow], [405, "GET, HEAD"]);
});

test("rooms and their members can be read, and names that need escapes, too", async (t) => {
  const wire = await wiresOf(t)(gateway);
  const id = '床/7 "é"?#%';
  await wire.login(id, "loginWhenLast");
  const { json } = await gateway.authorised(`/api/v1/rooms/${encodeURIComponent(id)}`);
  assert.equal(json.id, id);
  assert.deepEqual(
    json.sessions.map(({ sid, type }) => ({ sid, type })),
    [{ sid: wire.handshake.sid, type: "loginWhenLast" }],
  );
  const list = (await gateway.authorised("/api/v1/rooms")).json.rooms;
  assert.deepEqual(
    list.map((room) => [room.id, room.members]).sort(),
    [
      ["456", 1],
      [id, 1],
    ].sort(),
  );
});
