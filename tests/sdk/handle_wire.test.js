// socket.handle.js before a client that does exactly what the test says, on a clock of the test.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { Clock } from "./lib/clock.js";
import { turn } from "./lib/console.js";
import { fakeIo } from "./lib/fakes.js";
import { importHandle } from "./lib/modules.js";

let SocketHandle;
before(async () => ({ SocketHandle } = await importHandle("4.8")));

/** A handle in room 456 with all it told. */
async function inRoom(t) {
  const clock = Clock.install(t);
  const { io, made } = fakeIo();
  const handle = new SocketHandle("http://box", { io });
  const told = [];
  handle.onReenter = (id, error) =>
    told.push(error ? [id, error.code, error.retrying] : [id, "in"]);
  const login = handle.loginRoom("456");
  const [socket] = made;
  socket.greet();
  socket.answer("2002");
  await login;
  return { clock, made, handle, told, socket };
}

const cut = (socket, reason = "transport close") => socket.emit("disconnect", reason);

test("connects when first needed, once, with the page's options and its own manager", (t) => {
  Clock.install(t);
  const { io, made } = fakeIo();
  const own = { path: "/p/", query: { a: 1 } };
  const handle = new SocketHandle("http://box", { io, ...own, forceNew: false });
  assert.equal(made.length, 0);
  handle.listen("a", () => {});
  handle.listen("b", () => {});
  handle.loginRoom("1");
  assert.equal(made.length, 1);
  assert.equal(made[0].url, "http://box");
  assert.deepEqual(made[0].options, { ...own, forceNew: true, autoConnect: false });
  assert.equal(made[0].connects, 1);
  handle.close();
  handle.close();
  assert.equal(made[0].disconnects, 1);
});

test("nothing is emitted before 2001, and each login once", async (t) => {
  Clock.install(t);
  const { io, made } = fakeIo();
  const handle = new SocketHandle(undefined, { io });
  const logins = [handle.loginRoom("1"), handle.loginRoom("2")];
  const [socket] = made;
  socket.emit("connect");
  assert.equal(socket.emitted.length, 0);
  socket.greet();
  socket.greet(); // a back end may push what it likes
  assert.deepEqual(socket.emitted.map(({ name, body }) => [name, body.id]), [
    ["loginRoom", "1"],
    ["loginRoom", "2"],
  ]);
  socket.answer("2002");
  socket.answer("2002");
  await Promise.all(logins);
});

test("a login whose answer was lost with the connection is asked again", async (t) => {
  Clock.install(t);
  const { io, made } = fakeIo();
  const login = new SocketHandle(undefined, { io }).loginRoom("1");
  const [socket] = made;
  socket.greet();
  const [{ ack: lateAck }] = socket.emitted.splice(0);
  cut(socket);
  assert.equal(socket.emitted.length, 0);
  socket.greet();
  assert.equal(socket.emitted.length, 1);
  socket.answer("2002", "second");
  lateAck({ code: "2004", msg: "late" });
  assert.equal((await login).msg, "second");
});

test("after a cut it is in its rooms again, on 2001", async (t) => {
  const { socket, told } = await inRoom(t);
  cut(socket);
  socket.emit("connect");
  assert.equal(socket.emitted.length, 0);
  socket.greet();
  assert.deepEqual(socket.emitted[0].body, { id: "456", type: "loginWhenFirst" });
  socket.answer("2002");
  assert.deepEqual(told, [["456", "in"]]);
});

test("after a recovered session too, which brings no 2001", async (t) => {
  const { socket } = await inRoom(t);
  cut(socket);
  socket.recovered = true;
  socket.emit("connect");
  assert.equal(socket.emitted.length, 1);
});

test("tells of a taken room once, tries again every 3 s, and is in at last", async (t) => {
  const { socket, told, clock } = await inRoom(t);
  cut(socket);
  socket.greet();
  for (let i = 0; i < 4; ++i) {
    socket.answer("2004");
    clock.advance(2999);
    assert.equal(socket.emitted.length, 0);
    clock.advance(1);
  }
  assert.deepEqual(told, [["456", "2004", true]]);
  socket.answer("2002");
  assert.deepEqual(told.slice(1), [["456", "in"]]);
  assert.equal(clock.pending, 0);
});

test("gives a taken room up after less than a minute", async (t) => {
  const { socket, told, clock } = await inRoom(t);
  cut(socket);
  socket.greet();
  const from = clock.now_ms;
  while (socket.emitted.length > 0) {
    socket.answer("2004");
    clock.advance(3000);
  }
  assert.deepEqual(told, [
    ["456", "2004", true],
    ["456", "2004", false],
  ]);
  const spent = clock.now_ms - from;
  assert.ok(spent > 45000 && spent < 60000, String(spent));
  cut(socket);
  socket.greet();
  assert.equal(socket.emitted.length, 0, "given up for good");
});

test("2003 after a cut is told at once; a cut ends the trying", async (t) => {
  const { socket, told, clock } = await inRoom(t);
  cut(socket);
  socket.greet();
  socket.answer("2004");
  cut(socket);
  clock.advance(10000);
  assert.equal(socket.emitted.length, 0);
  socket.greet();
  socket.answer("2003");
  assert.deepEqual(told, [
    ["456", "2004", true],
    ["456", "2003", false],
  ]);
});

test("a room it was put out of, or left, is not entered again", async (t) => {
  const { socket, handle, clock } = await inRoom(t);
  const kicks = [];
  handle.onKicked = (id) => kicks.push(id);
  socket.receive("downmsg", { code: "2005", msg: "you have kicked out room (id456)" });
  socket.receive("downmsg", { code: "2005", msg: "you have kicked out room (id456)" });
  assert.deepEqual(kicks, ["456"]);
  const login = handle.loginRoom("7");
  socket.answer("2002");
  await login;
  cut(socket);
  handle.logoutRoom("7");
  socket.greet();
  assert.equal(socket.emitted.length, 0);
  handle.close();
  clock.advance(0); // what was kept for the turn of the login
  assert.equal(clock.pending, 0);
});

test("a room that was left before the answer came is not entered again", async (t) => {
  const { socket, handle } = await inRoom(t);
  handle.logoutRoom("456");
  const login = handle.loginRoom("7");
  handle.logoutRoom("7");
  await assert.rejects(login, { code: "left" });
  socket.answer("2002");
  cut(socket);
  socket.greet();
  assert.equal(socket.emitted.length, 0);
});

test("comes back 4 s after the gateway said goodbye, unless it was closed", async (t) => {
  const { socket, handle, clock } = await inRoom(t);
  cut(socket, "io server disconnect");
  clock.advance(3999);
  assert.equal(socket.connects, 1);
  clock.advance(1);
  assert.equal(socket.connects, 2);
  cut(socket, "io server disconnect");
  handle.close();
  clock.advance(60000);
  assert.equal(socket.connects, 2);
});

test("a failed attempt is left to the client; a refusal ends it until it is asked", async (t) => {
  const { socket, handle, made } = await inRoom(t);
  const refusals = [];
  handle.onRefused = (error) => refusals.push(error.code);
  cut(socket);
  socket.emit("connect_error", new Error("xhr poll error"));
  assert.deepEqual(refusals, []);
  const heard = [];
  handle.listen("test", (data) => heard.push(data));
  const refusal = Object.assign(new Error("token: expired"), { data: { code: "expired" } });
  socket.emit("connect_error", refusal);
  assert.deepEqual(refusals, ["expired"]);
  assert.equal(socket.disconnects, 1);
  const login = handle.loginRoom("456");
  assert.equal(made.length, 2);
  made[1].greet();
  made[1].answer("2002");
  await login;
  made[1].receive("test", 1);
  assert.deepEqual(heard, [1], "it listens as before");
});

test("what comes right behind 2002 is kept for who listens in the same turn", async (t) => {
  const clock = Clock.install(t);
  const { io, made } = fakeIo();
  const handle = new SocketHandle("http://box", { io });
  const heard = [];
  const listen = () => handle.listen("test", (data) => heard.push(data));
  const login = handle.loginRoom("1").then(listen);
  const [socket] = made;
  socket.greet();
  socket.answer("2002");
  socket.receive("test", 1);
  socket.receive("other", 0);
  socket.receive("test", 2);
  await login;
  await turn();
  socket.receive("test", 3);
  assert.deepEqual(heard, [1, 2, 3]);
  clock.advance(0);
  handle.listen("other", assert.fail);
  await turn();
  assert.equal(clock.pending, 0);
});

test("a listener that was stopped, or closed the handle, hears nothing more", async (t) => {
  const { socket, handle } = await inRoom(t);
  const heard = [];
  handle.listen("test", () => {
    heard.push("first");
    stop();
  });
  const stop = handle.listen("test", () => heard.push("second"));
  socket.receive("test");
  assert.deepEqual(heard, ["first"]);
  handle.listen("downmsg", () => handle.close());
  handle.onKicked = assert.fail;
  socket.receive("downmsg", { code: "2005", msg: "you have kicked out room (id456)" });
  socket.receive("test");
  assert.deepEqual(heard, ["first"]);
});
