// Every fixed table when it is full: the newcomer is refused with a clear code, its counter moves,
// those inside notice nothing, and a place that becomes free is given again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { exchange, Line } from "./lib/http.js";
import { tokenOf } from "./lib/jwt.js";
import { entered, pagesOf, VERSIONS } from "./lib/pages.js";
import { gatewayOf as terminalGateway, refusal, terminalsOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";
import { Wire, wiresOf } from "./lib/wire.js";

async function gatewayOf(t, limits) {
  const gateway = await Gateway.start({ config: { limits } });
  t.after(() => gateway.stop());
  return gateway;
}

const upgradeRequest = (path) =>
  `GET ${path} HTTP/1.1\r\nHost: box\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const OPEN_POLLING = "/socket.io/?EIO=4&transport=polling";
const OPEN_WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";

/** Those inside still get what is pushed. */
async function expectUntouched(gateway, wires) {
  const mark = Math.random();
  assert.equal((await gateway.push(undefined, "mark", `${mark}`)).DELIVERED, wires.length);
  for (const wire of wires) assert.equal(await wire.next(), `42["mark",${mark}]`);
}

describe("sessions", () => {
  test("a full table: 503 on either transport, and the freed place is given again", async (t) => {
    const gateway = await gatewayOf(t, { sessions: 3 });
    const open = wiresOf(t);
    const inside = [await open(gateway), await open(gateway), await open(gateway)];

    const polling = await gateway.request(OPEN_POLLING);
    assert.equal(polling.status, 503);
    assert.deepEqual(polling.json, { code: 4, message: "Too many sessions" });
    assert.equal(await gateway.refusals("sessions"), 1);
    assert.match(await exchange(gateway, upgradeRequest(OPEN_WEBSOCKET)), /^HTTP\/1\.1 503 /);
    assert.equal(await gateway.refusals("sessions"), 2);
    await expectUntouched(gateway, inside);

    inside.pop().cut();
    await gateway.connected(2);
    inside.push(await open(gateway));
    await expectUntouched(gateway, inside);
    assert.equal(await gateway.metric('bellhop_table_high_water{table="sessions"}'), 3);
    assert.equal(await gateway.metric('bellhop_table_capacity{table="sessions"}'), 3);
  });

  for (const version of VERSIONS) {
    test(`client ${version} hears of it and comes in once there is room`, async (t) => {
      const gateway = await gatewayOf(t, { sessions: 1 });
      const holder = await wiresOf(t)(gateway);
      const open = pagesOf(t);
      await assert.rejects(open(gateway, { version, transport: "upgrade" }));
      await expectUntouched(gateway, [holder]);
      holder.cut();
      await gateway.connected(0);
      assert.equal((await open(gateway, { version, transport: "polling" })).greeting.code, "2001");
    });
  }
});

test("rooms: 2003, other rooms go on, an emptied one makes room", async (t) => {
  const gateway = await gatewayOf(t, { rooms: 2 });
  const open = pagesOf(t);
  const [a, b] = [await open(gateway), await open(gateway)];
  assert.deepEqual(await a.login("r1"), entered("r1"));
  assert.deepEqual(await a.login("r2"), entered("r2"));
  const full = { code: "2003", msg: "the room table is full" };
  assert.deepEqual(await b.login("r3"), full);
  assert.deepEqual(await b.login("r3", "loginWhenLast"), full);
  assert.equal(await gateway.refusals("rooms"), 2);
  assert.deepEqual(
    await b.login("r2", "loginWhenever"),
    entered("r2"),
    "an existing room is no newcomer",
  );
  assert.equal((await gateway.push("r3", "e", "1")).DELIVERED, 0);
  assert.equal((await gateway.push("r2", "e", "1")).DELIVERED, 2);
  await a.acked("logoutRoom", { id: "r1" });
  assert.deepEqual(await b.login("r3"), entered("r3"));
});

test("memberships: 2003, members stay, nobody is put out for one who cannot enter", async (t) => {
  const gateway = await gatewayOf(t, { sessions: 3, rooms: 3, memberships: 3 });
  const open = pagesOf(t);
  const [a, b] = [await open(gateway), await open(gateway)];
  for (const room of ["r1", "r2"])
    assert.deepEqual(await a.login(room, "loginWhenever"), entered(room));
  assert.deepEqual(await b.login("r1", "loginWhenever"), entered("r1"));
  const full = { code: "2003", msg: "the table of room members is full" };
  assert.deepEqual(await b.login("r3"), full);
  assert.deepEqual(await b.login("r2", "loginWhenever"), full);
  assert.equal(await gateway.refusals("memberships"), 2);
  assert.deepEqual(await b.login("r1", "loginWhenever"), entered("r1"), "who is in is no newcomer");
  assert.equal((await gateway.push("r3", "e", "1")).DELIVERED, 0, "no empty room is left behind");
  assert.equal((await gateway.push("r1", "e", "1")).DELIVERED, 2);
  // The evicted make room for the one who evicts them.
  assert.deepEqual(await b.login("r2", "loginWhenLast"), entered("r2"));
  assert.deepEqual((await a.downmsg.next()).code, "2005");
});

test("connections: 503 in plain text and the end, those inside go on", async (t) => {
  const gateway = await gatewayOf(t, {
    sessions: 4,
    connections: 4,
    connections_per_address: 4,
    tls_connections: 4,
  });
  const open = wiresOf(t);
  const inside = [await open(gateway), await open(gateway)];
  const idle = [await Line.open(gateway), await Line.open(gateway)];
  for (const line of idle) t.after(() => line.cut());
  const answer = await until(async () => {
    const text = await exchange(gateway, "GET /health/live HTTP/1.1\r\nHost: box\r\n\r\n");
    return / 503 /.test(text) && text;
  }, "the table to be full");
  assert.match(answer, /too many connections/);
  assert.match(await exchange(gateway, upgradeRequest(OPEN_WEBSOCKET)), /^HTTP\/1\.1 503 /);
  for (const line of idle) line.cut();
  await until(async () => (await gateway.request("/health/live")).status === 200, "a free place");
  assert.ok((await gateway.refusals("connections")) >= 2);
  await expectUntouched(gateway, inside);
});

test("connections of one address: 503, others of it go on", async (t) => {
  const gateway = await gatewayOf(t, { connections_per_address: 3 });
  const inside = [await wiresOf(t)(gateway)];
  const idle = [await Line.open(gateway), await Line.open(gateway)];
  for (const line of idle) t.after(() => line.cut());
  const request = "GET /health/live HTTP/1.1\r\nHost: box\r\n\r\n";
  const answer = await until(async () => {
    const text = await exchange(
      gateway,
      request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
    );
    return / 503 /.test(text) && text;
  }, "the address to be full");
  assert.match(answer, /too many connections from this address/);
  assert.match(await exchange(gateway, upgradeRequest(OPEN_WEBSOCKET)), /^HTTP\/1\.1 503 /);
  for (const line of idle) line.write(request);
  for (const line of idle) await line.expect(/ 200 OK/);
  for (const line of idle) line.cut();
  await until(async () => (await gateway.request("/health/live")).status === 200, "a free place");
  const series = 'bellhop_admission_refused_total{bound="connections_per_address"}';
  assert.ok((await gateway.metric(series)) >= 2);
  await expectUntouched(gateway, inside);
});

test("new sessions a second: 503 with Retry-After, sessions inside go on", async (t) => {
  const limits = { connections_per_address: 6, new_sessions_per_second: 1 };
  const gateway = await gatewayOf(t, limits);
  const inside = [await wiresOf(t)(gateway)];
  const answers = [];
  for (let i = 0; i < 30; i++) answers.push(await gateway.request(OPEN_POLLING));
  assert.equal(answers[0].status, 200);
  const refused = answers.filter(({ status }) => status === 503);
  assert.ok(refused.length >= 10, `${refused.length} of 30 refused`);
  assert.equal(refused[0].headers["retry-after"], "1");
  assert.match(await exchange(gateway, upgradeRequest(OPEN_WEBSOCKET)), /^HTTP\/1\.1 503 /);
  const series = 'bellhop_admission_refused_total{bound="new_sessions_per_second"}';
  assert.equal(await gateway.metric(series), refused.length + 1);
  assert.equal(
    (await gateway.request("/health/live")).status,
    200,
    "other requests are not sessions",
  );
  const [, sid] = /"sid":"([\w-]+)"/.exec(answers[0].text);
  const post = await gateway.request(`${OPEN_POLLING}&sid=${sid}`, { method: "POST", body: "40" });
  assert.equal(post.status, 200, "a session's own requests are not counted");
  await until(async () => (await gateway.request(OPEN_POLLING)).status === 200, "the next token");
  inside[0].emit("loginRoom", "still");
  assert.match(await inside[0].next(), /2002/);
});

test("users: terminals get 503, pages a reason; a logout makes room", async (t) => {
  const gateway = await terminalGateway(t, { limits: { users: 1 } });
  const openTerminal = terminalsOf(t);
  const openPage = pagesOf(t);
  const inside = await openTerminal(gateway, "1");
  assert.equal((await refusal(gateway, tokenOf("2"))).status, 503);
  for (const version of VERSIONS) {
    const token = { auth: { token: tokenOf("2") }, query: { token: tokenOf("2") } };
    const kind = { version, transport: "websocket" };
    const error = await openPage(gateway, kind, token).then(
      () => assert.fail("it was let in"),
      (reason) => reason,
    );
    assert.match(JSON.stringify([error, error.message]), /the table of users is full/, version);
    const anonymous = await openPage(gateway, kind);
    assert.equal(anonymous.greeting.code, "2001", "a page without a token needs no place");
  }
  assert.equal(await gateway.refusals("users"), 1 + VERSIONS.length);
  const again = await openTerminal(gateway, "1");
  await inside.settled();
  assert.ok(inside.lists.every((list) => list.join() === "1"));
  await inside.logout();
  await again.logout();
  await openTerminal(gateway, "2");
});

test("new sessions a second bound terminals as well", async (t) => {
  const gateway = await terminalGateway(t, {
    limits: { connections_per_address: 6, new_sessions_per_second: 1 },
  });
  const answers = [];
  for (let i = 0; i < 30; i++) answers.push(await refusal(gateway, "nobody"));
  assert.equal(answers[0].status, 401);
  const refused = answers.filter(({ status }) => status === 503);
  assert.ok(refused.length >= 10, `${refused.length} of 30 refused`);
  assert.equal(refused[0].headers["retry-after"], "1");
});

test("message buffers: who stopped half-way first gives way, the others complete", async (t) => {
  const gateway = await gatewayOf(t, {});
  const open = wiresOf(t);
  const capacity = await gateway.metric('bellhop_table_capacity{table="assembly_buffers"}');
  const holders = [];
  for (let i = 0; i < capacity; i++) {
    const wire = await open(gateway);
    wire.socket.send('42["loginRoom",', { fin: false });
    holders.push(wire);
  }
  const series = 'bellhop_table_in_use{table="assembly_buffers"}';
  await until(async () => (await gateway.metric(series)) === capacity, "all buffers in use");
  const late = await open(gateway);
  late.socket.send('42["loginRoom",', { fin: false });
  const [first, ...others] = holders;
  assert.deepEqual(await first.end(), { code: 1013, reason: "no_buffer" });
  const body = `{"ROOT":{"BODY":{"eventName":"e","roomId":"none","data":"${"x".repeat(60000)}"}}}`;
  const push = await gateway.authorised("/push", { method: "POST", body });
  assert.ok([200, 503].includes(push.status), `a long push is answered: ${push.status}`);
  const unharmed = [...others, late];
  unharmed.forEach((wire, i) => wire.socket.send(`"buffer ${i}"]`, { fin: true }));
  for (const wire of unharmed) assert.match(await wire.next(), /2002/);
  assert.equal(await gateway.metric(series), 0);
});

test("a head longer than header_bytes is refused, the gateway goes on", async (t) => {
  const gateway = await gatewayOf(t, { header_bytes: 2048 });
  const inside = [await wiresOf(t)(gateway)];
  const head = (filler) => `GET /health/live HTTP/1.1\r\nHost: box\r\nX-Filler: ${filler}\r\n\r\n`;
  const long = await exchange(gateway, head("f".repeat(5000)));
  assert.doesNotMatch(long, /^HTTP\/1\.1 200/);
  const url = await exchange(gateway, `GET /${"u".repeat(5000)} HTTP/1.1\r\nHost: box\r\n\r\n`);
  assert.doesNotMatch(url, /^HTTP\/1\.1 200/);
  await expectUntouched(gateway, inside);
});

test("the start's log names every capacity", async (t) => {
  const gateway = await gatewayOf(t, { sessions: 7, rooms: 5 });
  for (const row of [
    "name=sessions capacity=7",
    "name=rooms capacity=5",
    "name=connections capacity=",
    "name=users capacity=1024",
    "name=calls capacity=1024",
    "name=tokens capacity=1024",
  ]) {
    assert.ok(gateway.log.includes(row), row);
  }
  const wire = await Wire.open(gateway);
  wire.cut();
});
