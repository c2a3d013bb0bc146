// What a terminal is told of people and of its own calls: GET /api/v1/people.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import WebSocket from "ws";
import { Gateway } from "./lib/gateway.js";
import { until } from "./lib/wait.js";

let gateway;
const tokens = {};
const sockets = [];

async function issue(user, name) {
  const body = JSON.stringify({ user, name });
  const { json } = await gateway.authorised("/api/v1/tokens", { method: "POST", body });
  return json;
}

async function connect(user) {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/ws?token=${tokens[user].token}`);
  sockets.push(socket);
  await once(socket, "open");
  return socket;
}

const ask = (token) =>
  gateway.request("/api/v1/people", { headers: { authorization: `Bearer ${token}` } });

before(async () => {
  gateway = await Gateway.start();
  for (const [user, name] of [["1", "甲"], ["2", "乙"], ["3", ""]]) tokens[user] = await issue(user, name);
});
after(async () => {
  for (const socket of sockets) socket.terminate();
  await gateway.stop();
});

test("who has been here, who is online, who only holds a token", async () => {
  await connect("1");
  const { status, headers, json } = await ask(tokens[1].token);
  assert.equal(status, 200);
  assert.equal(headers["cache-control"], "no-store");
  assert.deepEqual(json, {
    me: { id: "1", name: "甲" },
    people: [
      { id: "1", name: "甲", online: true },
      { id: "3", name: "", online: false },
      { id: "2", name: "乙", online: false },
    ],
    calls: [],
  });
});

test("a call under way, as both parties see it and nobody else", async () => {
  const [first] = [sockets[0], await connect("2")];
  first.send('{"Receiver":"2","Type":"Event","Message":{"Event":"Call","Data":{"type":"呼叫"}}}');
  const call = await until(async () => (await ask(tokens[2].token)).json.calls[0], "the call");
  const { caller, callee, state } = call;
  assert.deepEqual({ caller, callee, state }, { caller: "1", callee: "2", state: "ringing" });
  assert.equal((await ask(tokens[1].token)).json.calls[0].id, call.id);
  assert.deepEqual((await ask(tokens[3].token)).json.calls, []);
});

test("not for the push key, nor for a token that was revoked", async () => {
  assert.equal((await gateway.authorised("/api/v1/people")).status, 401);
  await gateway.authorised(`/api/v1/tokens/${tokens[3].id}`, { method: "DELETE" });
  const { status, json, headers } = await ask(tokens[3].token);
  assert.equal(status, 401);
  assert.equal(json.error.code, "unauthorised");
  assert.match(headers["www-authenticate"], /^Bearer/);
});
