// The document the box serves about itself: well-formed, complete, and true of real answers.
import assert from "node:assert/strict";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { after, before, describe, test } from "node:test";
import { parse } from "yaml";
import { tokenOf } from "./lib/jwt.js";
import { gatewayOf, Terminal } from "./lib/terminals.js";
import { Wire, wiresOf } from "./lib/wire.js";

const ENVELOPE = '{"ROOT":{"BODY":{"roomId":"456","eventName":"test","data":{}}}}';
const MODERN = '{"room":"456","event":"test","data":1,"idempotencyKey":"once"}';
const TOKEN = '{"user":"1","name":"甲","expiresIn":600}';
const LONG = "x".repeat(70000);

let gateway;
let wire;
let terminals;
let document;
let ajv;
const covered = new Set();

before(async () => {
  gateway = await gatewayOf(null);
  wire = await Wire.open(gateway);
  await wire.login("456");
  terminals = await peopleWhoCall();
  document = parse((await gateway.request("/api/v1/openapi.yaml")).text);
  ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addSchema({ $id: "document", ...closed(document) });
});
after(async () => {
  for (const one of [wire, ...terminals]) (one.cut ?? one.kill).call(one);
  await gateway.stop();
});

/** Users with names and without, online and gone, and a call in every state. */
async function peopleWhoCall() {
  const open = (claims) => Terminal.open(gateway, tokenOf(claims.sub, claims));
  const [a, b] = [await open({ sub: "a", name: "甲" }), await open({ sub: "b" })];
  await (await open({ sub: "gone", name: "丙" })).logout();
  await a.call("gone");
  const { Id } = await a.call("b", { long: "x".repeat(2000) });
  await b.event("Accept", "a", { Id });
  const next = await b.call("a");
  await a.event("Decline", "b", { Id: next.Id });
  await b.call("a");
  return [a, b];
}

/** The same with every object's members all named: an answer may hold nothing the document hides.
 * Objects joined by allOf name only a part each, and those without members name none. */
function closed(node, open = false) {
  if (Array.isArray(node)) return node.map((item) => closed(item, open));
  if (node === null || typeof node !== "object") return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      closed(value, key === "allOf" || (key === "Room" && !open)),
    ]),
  );
  if (node.type === "object" && node.properties && !open) copy.additionalProperties = false;
  return copy;
}

const resolve = (node) =>
  node?.$ref
    ? node.$ref
        .slice(2)
        .split("/")
        .reduce((at, key) => at[key], document)
    : node;
const pointer = (...keys) =>
  keys.map((key) => String(key).replaceAll("~", "~0").replaceAll("/", "~1")).join("/");

/** Validates an answer by the document's schema for that path, method and status. */
function check(path, method, answer) {
  const operation = document.paths[path]?.[method];
  assert.ok(operation, `${method} ${path} is documented`);
  let response = operation.responses[answer.status];
  assert.ok(response, `${answer.status} of ${method} ${path} is documented`);
  covered.add(`${method} ${path} ${answer.status}`);
  let at = pointer("paths", path, method, "responses", answer.status);
  if (response.$ref) at = response.$ref.slice(2);
  response = resolve(response);
  if (response.content === undefined) {
    assert.deepEqual([answer.text, answer.headers["content-type"]], ["", undefined]);
    return;
  }
  const type = answer.headers["content-type"].split(";")[0];
  assert.ok(
    response.content?.[type],
    `${type} is documented for ${answer.status} of ${method} ${path}`,
  );
  if (type !== "application/json") return;
  const valid = ajv.compile({ $ref: `document#/${at}/content/${pointer(type)}/schema` });
  assert.ok(valid(answer.json), `${answer.text}\n${JSON.stringify(valid.errors)}`);
}

// [path of the document, method, path asked for, options, status]
const withKey = true;
const asAdmin = true;
const CASES = [
  ["/push", "post", "/push", { body: ENVELOPE, withKey }, 200],
  ["/push", "post", "/push", { body: '{"ROOT":{"BODY":{"eventName":""}}}', withKey }, 200],
  ["/push", "post", "/push", { body: "{", withKey }, 400],
  ["/push", "post", "/push", { body: ENVELOPE }, 401],
  ["/push", "post", "/push", { body: LONG, withKey }, 413],
  ["/api/v1/push", "post", "/api/v1/push", { body: MODERN, withKey }, 200],
  ["/api/v1/push", "post", "/api/v1/push", { body: MODERN, withKey }, 200],
  ["/api/v1/push", "post", "/api/v1/push", { body: `[${MODERN},{"event":"e"}]`, withKey }, 200],
  ["/api/v1/push", "post", "/api/v1/push", { body: "[]", withKey }, 200],
  ["/api/v1/push", "post", "/api/v1/push", { body: "[1]", withKey }, 400],
  ["/api/v1/push", "post", "/api/v1/push", { body: MODERN }, 401],
  ["/api/v1/push", "post", "/api/v1/push", { body: LONG, withKey }, 413],
  ["/api/v1/rooms", "get", "/api/v1/rooms", { withKey }, 200],
  ["/api/v1/rooms", "get", "/api/v1/rooms", {}, 401],
  ["/api/v1/rooms/{id}", "get", "/api/v1/rooms/456", { withKey }, 200],
  ["/api/v1/rooms/{id}", "get", "/api/v1/rooms/nobody", { withKey }, 404],
  ["/api/v1/rooms/{id}", "get", "/api/v1/rooms/456", {}, 401],
  ["/api/v1/users", "get", "/api/v1/users", { withKey }, 200],
  ["/api/v1/users", "get", "/api/v1/users", {}, 401],
  ["/api/v1/users/{id}", "get", "/api/v1/users/a", { withKey }, 200],
  ["/api/v1/users/{id}", "get", "/api/v1/users/gone", { withKey }, 200],
  ["/api/v1/users/{id}", "get", "/api/v1/users/nobody", { withKey }, 404],
  ["/api/v1/users/{id}", "get", "/api/v1/users/a", {}, 401],
  ["/api/v1/calls", "get", "/api/v1/calls", { withKey }, 200],
  ["/api/v1/calls", "get", "/api/v1/calls", {}, 401],
  ["/api/v1/tokens", "post", "/api/v1/tokens", { body: TOKEN, withKey }, 201],
  ["/api/v1/tokens", "post", "/api/v1/tokens", { body: '{"user":"2"}', withKey }, 201],
  ["/api/v1/tokens", "post", "/api/v1/tokens", { body: '{"user":2}', withKey }, 400],
  ["/api/v1/tokens", "post", "/api/v1/tokens", { body: TOKEN }, 401],
  ["/api/v1/tokens", "post", "/api/v1/tokens", { body: LONG, withKey }, 413],
  ["/api/v1/people", "get", "/api/v1/people", {}, 401],
  ["/api/v1/tokens", "get", "/api/v1/tokens", { withKey }, 200],
  ["/api/v1/tokens", "get", "/api/v1/tokens", {}, 401],
  ["/api/v1/tokens/{id}", "delete", "/api/v1/tokens/nobody", { withKey }, 404],
  ["/api/v1/tokens/{id}", "delete", "/api/v1/tokens/nobody", {}, 401],
  ["/api/v1/rooms/{id}/sessions/{sid}", "delete", "/api/v1/rooms/456/sessions/x", {}, 401],
  [
    "/api/v1/rooms/{id}/sessions/{sid}",
    "delete",
    "/api/v1/rooms/456/sessions/x",
    { withKey },
    403,
  ],
  ["/api/v1/rooms/{id}/sessions/{sid}", "delete", "/api/v1/rooms/456/sessions/x", { asAdmin }, 404],
  ["/api/v1/access", "get", "/api/v1/access", { withKey }, 200],
  ["/api/v1/access", "get", "/api/v1/access", { asAdmin }, 200],
  ["/api/v1/access", "get", "/api/v1/access", {}, 401],
  ["/api/v1/log", "get", "/api/v1/log", { asAdmin }, 200],
  ["/api/v1/log", "get", "/api/v1/log", { withKey }, 403],
  ["/api/v1/log", "get", "/api/v1/log", {}, 401],
  ["/api/v1/openapi.yaml", "get", "/api/v1/openapi.yaml", {}, 200],
  ["/api/v1/about", "get", "/api/v1/about", {}, 200],
  ["/health/live", "get", "/health/live", {}, 200],
  ["/health/ready", "get", "/health/ready", {}, 200],
  ["/metrics", "get", "/metrics", {}, 200],
];
describe("answers are what the document says", () => {
  for (const [documented, method, path, { withKey: keyed, asAdmin: admin, body }, status] of CASES) {
    test(`${method} ${path} ${body?.slice(0, 20) ?? ""} ${status}`, async () => {
      const ask = admin ? gateway.asAdmin : keyed ? gateway.authorised : gateway.request;
      const answer = await ask.call(gateway, path, { method: method.toUpperCase(), body });
      assert.equal(answer.status, status);
      check(documented, method, answer);
    });
  }

  test("delete /api/v1/tokens/{id} 204", async () => {
    const { json } = await gateway.authorised("/api/v1/tokens", { method: "POST", body: TOKEN });
    const answer = await gateway.authorised(`/api/v1/tokens/${json.id}`, { method: "DELETE" });
    assert.equal(answer.status, 204);
    check("/api/v1/tokens/{id}", "delete", answer);
  });

  test("delete /api/v1/rooms/{id}/sessions/{sid} 204", async (t) => {
    const page = await wiresOf(t)(gateway);
    await page.login("kicking");
    const path = "/api/v1/rooms/kicking";
    const [{ sid }] = (await gateway.authorised(path)).json.sessions;
    const answer = await gateway.asAdmin(`${path}/sessions/${sid}`, { method: "DELETE" });
    assert.equal(answer.status, 204);
    check("/api/v1/rooms/{id}/sessions/{sid}", "delete", answer);
  });

  test("get /api/v1/people 200", async () => {
    const { json } = await gateway.authorised("/api/v1/tokens", { method: "POST", body: TOKEN });
    const headers = { authorization: `Bearer ${json.token}` };
    const answer = await gateway.request("/api/v1/people", { headers });
    assert.equal(answer.status, 200);
    check("/api/v1/people", "get", answer);
  });

  test("405 of every path", async () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const method = operations.post || operations.delete ? "PUT" : "DELETE";
      const answer = await gateway.authorised(path.replace(/\{\w+\}/g, "456"), { method, body: "{}" });
      assert.equal(answer.status, 405, path);
    }
  });
});

test("requests the document allows are taken, others are not", async () => {
  const bodyOf = (path) =>
    `document#/${pointer("paths", path, "post", "requestBody", "content")}` +
    `/${pointer("application/json", "schema")}`;
  const allows = (path, body) => ajv.compile({ $ref: bodyOf(path) })(JSON.parse(body));
  const rows = [
    ["/push", ENVELOPE, true],
    ["/push", '{"ROOT":{"BODY":{"roomId":null,"eventName":"e"}}}', true],
    ["/push", '{"ROOT":{"BODY":{"roomId":456,"eventName":"e"}}}', false],
    ["/push", '{"ROOT":{}}', false],
    ["/api/v1/push", MODERN, true],
    ["/api/v1/push", `[${MODERN}]`, true],
    ["/api/v1/push", '{"event":""}', false],
    ["/api/v1/push", '{"event":"e","room":1}', false],
    ["/api/v1/tokens", TOKEN, true],
    ["/api/v1/tokens", '{"user":"1","name":null,"expiresIn":null}', true],
    ["/api/v1/tokens", '{"user":""}', false],
    ["/api/v1/tokens", '{"user":"1","expiresIn":0}', false],
    ["/api/v1/tokens", '{"user":"1","expiresIn":"60"}', false],
    ["/api/v1/tokens", '{"user":"1","expiresAt":"soon"}', false],
    ["/api/v1/tokens", '{"name":"1"}', false],
  ];
  for (const [path, body, good] of rows) {
    assert.equal(allows(path, body), good, `${path} ${body} by the document`);
    const { status, json } = await gateway.authorised(path, { method: "POST", body });
    const taken = [200, 201].includes(status) && (json.ROOT?.BODY.RETURN_MSG ?? "ok") === "ok";
    assert.equal(taken, good, `${path} ${body} by the gateway`);
  }
});

test("every path and every reference is there", async () => {
  assert.match(document.openapi, /^3\.0\.\d$/);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      assert.ok(operation.summary && operation.responses, `${method} ${path}`);
      for (const response of Object.values(operation.responses))
        assert.ok(resolve(response).description);
    }
  }
  const references = JSON.stringify(document).match(/"#\/[^"]+"/g);
  for (const reference of references)
    assert.ok(resolve({ $ref: JSON.parse(reference) }), reference);
});

test("what the document promises has been seen, but overload", () => {
  const promised = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { responses }]) =>
      Object.keys(responses).map((status) => `${method} ${path} ${status}`),
    ),
  );
  const missing = promised.filter((one) => !covered.has(one) && !/ (405|503)$/.test(one));
  assert.deepEqual(missing, []);
});
