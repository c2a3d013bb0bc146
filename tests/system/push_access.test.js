// Who may push: the key in either header, or an address of the list; never the URL.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { wiresOf } from "./lib/wire.js";

let gateway;
let trusting;
before(async () => {
  gateway = await Gateway.start();
  trusting = await Gateway.start({
    config: { push: { trusted_addresses: ["10.0.0.0/8", "127.0.0.1"] } },
  });
});
after(() => Promise.all([gateway.stop(), trusting.stop()]));

const ENVELOPE = '{"ROOT":{"BODY":{"eventName":"test","data":1}}}';
const MODERN = '{"event":"test","data":1}';
const FORMS = [
  { path: "/push", body: ENVELOPE, codeOf: (json) => json.ROOT.BODY.RETURN_CODE, code: "0401" },
  { path: "/api/v1/push", body: MODERN, codeOf: (json) => json.error.code, code: "unauthorised" },
];
const post = (to, { path, body }, headers = {}, suffix = "") =>
  to.request(path + suffix, { method: "POST", body, headers });

const GOOD = [
  ["Authorization: Bearer", (key) => ({ authorization: `Bearer ${key}` })],
  ["X-API-Key", (key) => ({ "x-api-key": key })],
];
const BAD = [
  ["no key", () => ({})],
  ["an empty Bearer", () => ({ authorization: "Bearer " })],
  [
    "a wrong key",
    (key) => ({ authorization: `Bearer ${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}` }),
  ],
  ["a key cut short", (key) => ({ "x-api-key": key.slice(0, -1) })],
  ["a key with more behind", (key) => ({ "x-api-key": `${key}x` })],
  ["a key of 4000 characters", () => ({ "x-api-key": "k".repeat(4000) })],
  ["the key in other case", (key) => ({ "x-api-key": swapCase(key) })],
  ["Basic", (key) => ({ authorization: `Basic ${Buffer.from(`x:${key}`).toString("base64")}` })],
  ["the bare key as Authorization", (key) => ({ authorization: key })],
  [
    "a wrong Bearer beside the right X-API-Key",
    (key) => ({ authorization: "Bearer wrong", "x-api-key": key }),
  ],
];
const swapCase = (text) =>
  [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join("");

for (const form of FORMS) {
  describe(form.path, () => {
    for (const [name, headers] of GOOD) {
      test(`${name} is taken`, async () => {
        assert.equal((await post(gateway, form, headers(gateway.key))).status, 200);
      });
    }

    for (const [name, headers] of BAD) {
      test(`${name} is 401`, async (t) => {
        const wire = await wiresOf(t)(gateway);
        const answer = await post(gateway, form, headers(gateway.key));
        assert.equal(answer.status, 401);
        assert.equal(form.codeOf(answer.json), form.code);
        assert.match(answer.headers["www-authenticate"], /^Bearer/);
        await gateway.push(undefined, "mark", "0");
        assert.equal(await wire.next(), '42["mark",0]', "nobody got the refused one");
      });
    }

    test("the key in the URL is no key", async () => {
      const suffix = `?key=${gateway.key}&access_token=${gateway.key}&token=${gateway.key}`;
      assert.equal((await post(gateway, form, {}, suffix)).status, 401);
    });

    test("a listed address needs no key; a wrong key is no better for it", async (t) => {
      const wire = await wiresOf(t)(trusting);
      assert.equal((await post(trusting, form)).status, 200);
      assert.equal(await wire.next(), '42["test",1]');
      assert.equal((await post(trusting, form, { "x-api-key": "wrong" })).status, 401);
      assert.equal((await post(trusting, form, { "x-api-key": trusting.key })).status, 200);
    });

    test("a header that claims another address is not believed", async () => {
      for (const name of ["x-forwarded-for", "forwarded", "x-real-ip"]) {
        assert.equal((await post(gateway, form, { [name]: "127.0.0.1" })).status, 401);
      }
    });
  });
}

test("what a trusted address may push it may not read", async () => {
  assert.equal((await trusting.request("/api/v1/rooms")).status, 401);
  assert.equal((await trusting.request("/api/v1/rooms/456")).status, 401);
  assert.equal((await trusting.authorised("/api/v1/rooms")).status, 200);
});

test("a body that no key came with may be shorter only", async () => {
  const answer = await gateway.request("/push", { method: "POST", body: "x".repeat(1_000_000) });
  assert.equal(answer.status, 401);
});

test("the key is in no log line", async () => {
  const keys = [gateway.key, trusting.key];
  await gateway.request("/push", { method: "POST", headers: { "x-api-key": keys[0] }, body: "{" });
  assert.ok(!(gateway.log + gateway.stdout).includes(keys[0]));
  assert.ok(!(trusting.log + trusting.stdout).includes(keys[1]));
});

test("two fresh starts have two keys, of 256 random bits", () => {
  assert.notEqual(gateway.key, trusting.key);
  for (const { key } of [gateway, trusting]) assert.match(key, /^[\w-]{43}$/);
});

test("refusals are counted by kind", async () => {
  const series = 'bellhop_http_refused_total{error="unauthorised"}';
  const before = await gateway.metric(series);
  for (const form of FORMS) await post(gateway, form);
  assert.equal(await gateway.metric(series), before + 2);
});
