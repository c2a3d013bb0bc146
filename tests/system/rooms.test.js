// The rules of entry for any number of members, and who is in when.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { entered, EVERY, exists, kicked, pagesOf, VERSIONS } from "./lib/pages.js";
import { until } from "./lib/wait.js";

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.stop());

let last = 0;
const freshRoom = () => `room-${++last}`;
const WEBSOCKET = { version: "4.8", transport: "websocket" };

const members = async (room) => {
  const { status, json } = await gateway.authorised(`/api/v1/rooms/${room}`);
  return status === 404 ? 0 : json.sessions.length;
};

const FULL_TABLE = [
  { type: "loginWhenFirst", empty: "2002", taken: "2004", thrown: false },
  { type: undefined, empty: "2002", taken: "2004", thrown: false },
  { type: null, empty: "2002", taken: "2004", thrown: false },
  { type: "loginWhenLast", empty: "2002", taken: "2002", thrown: true },
  { type: "loginWhenever", empty: "2002", taken: "2002", thrown: false },
];
for (const holderType of ["loginWhenFirst", "loginWhenLast", "loginWhenever"]) {
  for (const { type, empty, taken, thrown } of FULL_TABLE) {
    test(`${type} into a room of ${holderType}`, async (t) => {
      const open = pagesOf(t);
      const [holder, newcomer] = [await open(gateway, WEBSOCKET), await open(gateway, WEBSOCKET)];
      const room = freshRoom();
      assert.equal((await newcomer.login(freshRoom(), type)).code, empty);
      assert.equal((await holder.login(room, holderType)).code, "2002");
      assert.equal((await newcomer.login(room, type)).code, taken);
      if (thrown) assert.deepEqual(await holder.downmsg.next(), kicked(room));
      assert.equal(await members(room), !thrown && taken === "2002" ? 2 : 1);
      assert.deepEqual(holder.downmsg.items, []);
    });
  }
}

for (const version of VERSIONS) {
  test(`three loginWhenever, then loginWhenLast, on every transport of ${version}`, async (t) => {
    const open = pagesOf(t);
    const room = freshRoom();
    const kinds = EVERY.filter((kind) => kind.version === version);
    const three = await Promise.all(kinds.map((kind) => open(gateway, kind)));
    for (const page of three)
      assert.deepEqual(await page.login(room, "loginWhenever"), entered(room));
    const late = await open(gateway, { version, transport: "polling" });
    assert.deepEqual(await late.login(room, "loginWhenFirst"), exists(room));
    assert.deepEqual(await late.login(room, "loginWhenLast"), entered(room));
    for (const page of three) assert.deepEqual(await page.downmsg.next(), kicked(room));

    const inRoom = [late, ...three].map((page) => page.listen("inside"));
    const everywhere = [late, ...three].map((page) => page.listen("outside"));
    assert.equal((await gateway.push(room, "inside", '"a"')).DELIVERED, 1);
    assert.equal((await gateway.push(undefined, "outside", '"b"')).DELIVERED, 4);
    for (const inbox of everywhere) assert.equal(await inbox.next(), "b");
    assert.equal(await inRoom[0].next(), "a");
    // The global push came after the one to the room: what has not come yet will not come.
    for (const inbox of inRoom) assert.deepEqual(inbox.items, []);
    for (const page of three) assert.deepEqual(page.downmsg.items, [], "2005 comes once");
  });
}

test("entering again is 2002 whatever the type, and the page is in once", async (t) => {
  const page = await pagesOf(t)(gateway);
  const room = freshRoom();
  for (const type of ["loginWhenFirst", "loginWhenFirst", "loginWhenLast", "loginWhenever"]) {
    assert.deepEqual(await page.login(room, type), entered(room));
  }
  assert.equal(await members(room), 1);
  assert.equal((await gateway.push(room, "once", "1")).DELIVERED, 1);
  assert.deepEqual(page.downmsg.items, []);
});

test("one member of several entering again disturbs nobody", async (t) => {
  const open = pagesOf(t);
  const [a, b] = [await open(gateway), await open(gateway)];
  const room = freshRoom();
  await a.login(room, "loginWhenever");
  await b.login(room, "loginWhenever");
  assert.deepEqual(await a.login(room, "loginWhenever"), entered(room));
  assert.deepEqual(await a.login(room, "loginWhenFirst"), entered(room));
  assert.equal(await members(room), 2);
  assert.deepEqual(b.downmsg.items, []);
});

test("logoutRoom leaves that room alone, and the room is free again", async (t) => {
  const open = pagesOf(t);
  const [a, b] = [await open(gateway), await open(gateway)];
  const [left, kept] = [freshRoom(), freshRoom()];
  await a.login(left);
  await a.login(kept);
  assert.deepEqual(await b.login(left), exists(left));
  assert.equal((await a.acked("logoutRoom", { id: left })).code, "2002");
  assert.deepEqual(await b.login(left), entered(left));
  assert.deepEqual(await b.login(kept), exists(kept));
  assert.equal((await a.acked("logoutRoom", { id: left })).code, "2003");
  assert.equal((await a.acked("logoutRoom", { id: freshRoom() })).code, "2003");
  assert.equal(await members(left), 1, "leaving a room one is not in puts nobody out");
});

test("several rooms at a time: each gets its own, the page all", async (t) => {
  const page = await pagesOf(t)(gateway, { version: "2.5", transport: "upgrade" });
  const rooms = Array.from({ length: 20 }, freshRoom);
  for (const room of rooms) assert.deepEqual(await page.login(room), entered(room));
  const heard = page.listen("to");
  for (const room of rooms) {
    assert.equal((await gateway.push(room, "to", JSON.stringify(room))).DELIVERED, 1);
  }
  assert.deepEqual(await heard.take(rooms.length), rooms);
});

for (const kind of EVERY) {
  test(`a page that closes (${kind.name}) leaves its rooms at once`, async (t) => {
    const open = pagesOf(t);
    const room = freshRoom();
    const owner = await open(gateway, kind);
    await owner.upgraded();
    await owner.login(room);
    const next = await open(gateway);
    assert.deepEqual(await next.login(room), exists(room));
    owner.close();
    await until(async () => (await next.login(room)).code === "2002", "the room to be free", 2000);
  });
}

test("a page whose connection breaks leaves its rooms at once", async (t) => {
  const open = pagesOf(t);
  const room = freshRoom();
  const owner = await open(gateway);
  await owner.login(room);
  owner.socket.io.engine.transport.ws.terminate();
  const next = await open(gateway);
  await until(async () => (await next.login(room)).code === "2002", "the room to be free", 2000);
});
