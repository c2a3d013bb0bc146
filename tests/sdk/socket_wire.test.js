// socket.js before a WebSocket that does exactly what the test says, on a clock of the test.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "./lib/clock.js";
import { turn } from "./lib/console.js";
import { FakeWebSocket } from "./lib/fakes.js";
import { importSocket } from "./lib/modules.js";

const URL = "ws://box/ws?token=T";
const FRAME = { Receiver: "2", Type: "Event", Message: { Event: "Call", Data: {} } };
const receipt = (Id) => ({ Type: "Receipt", Message: { Id, Status: "delivered" } });

/** A page of its own: the module, its clock, the states it told. */
async function page(t) {
  const clock = Clock.install(t);
  t.mock.method(console, "log", () => {});
  FakeWebSocket.reset();
  const own = { document: globalThis.document, WebSocket: globalThis.WebSocket };
  globalThis.WebSocket = FakeWebSocket;
  t.after(() => Object.assign(globalThis, own));
  const module = await importSocket();
  const states = [];
  module.onState(({ state, reason, retryMs }) => states.push([state, reason, retryMs]));
  return { clock, module, states, made: FakeWebSocket.made };
}

async function openPage(t) {
  const all = await page(t);
  assert.equal(all.module.createSocket(URL), true);
  FakeWebSocket.last.open();
  return all;
}

const answers = () => {
  const list = [];
  const callback = ({ receipt: got, error, data }) => {
    assert.equal(typeof JSON.parse(data).Type, "string");
    list.push(got ? got.Id : error.code);
  };
  return { list, callback };
};

// --- The token -----------------------------------------------------------------------------------

test("without a token it returns false and connects to nothing", async (t) => {
  const { module, made, clock } = await page(t);
  for (const none of ["", "?token=", "?token=undefined", "?token=null"]) {
    assert.equal(module.createSocket(`ws://b/ws${none}`), false, none);
  }
  assert.equal(module.createSocket("ws://b/ws", { token: "" }), false);
  assert.equal(module.createSocket("ws://b/ws", { token: () => undefined }), false);
  globalThis.document = { cookie: "XUSERTOKEN=a; USERTOKEN=" };
  assert.equal(module.createSocket("ws://b/ws"), false);
  assert.equal(made.length, 0);
  assert.equal(clock.pending, 0);
});

test("takes it from the option, the address or the cookie, in this order", async (t) => {
  const { module } = await page(t);
  const url = (...args) => {
    assert.equal(module.createSocket(...args), true);
    return FakeWebSocket.last.url;
  };
  globalThis.document = { cookie: "a=b; USERTOKEN=c%20%26; z=1" };
  assert.equal(url("ws://b/ws"), "ws://b/ws?token=c%20%26");
  assert.equal(url("ws://b/ws?token=q&x=1"), "ws://b/ws?x=1&token=q");
  assert.equal(url("ws://b/ws?x=1&token=q%2B", { token: "o" }), "ws://b/ws?x=1&token=o");
  assert.equal(url("ws://b/ws?token=undefined"), "ws://b/ws?token=c%20%26");
  assert.equal(url("ws://b/ws", { token: () => "f" }), "ws://b/ws?token=f");
});

test("a function is asked again at each connection", async (t) => {
  const { module, clock } = await page(t);
  let token = "one";
  module.createSocket("ws://b/ws", { token: () => token });
  token = "two";
  FakeWebSocket.last.end();
  clock.advance(4000);
  assert.equal(FakeWebSocket.last.url, "ws://b/ws?token=two");
});

test("a cookie that is gone is a logout: no reconnect", async (t) => {
  const { module, clock, made, states } = await page(t);
  globalThis.document = { cookie: "USERTOKEN=T" };
  module.createSocket(URL);
  FakeWebSocket.last.open();
  globalThis.document.cookie = "";
  FakeWebSocket.last.end();
  clock.advance(600000);
  assert.equal(made.length, 1);
  assert.deepEqual(states.at(-1), ["closed", "the token is gone", undefined]);
  assert.equal(clock.pending, 0);
});

test("an address that is none is told to who gave it", async (t) => {
  const { module, clock } = await page(t);
  assert.throws(() => module.createSocket("http://b/ws?token=T"), SyntaxError);
  assert.equal(clock.pending, 0);
  assert.equal(module.createSocket(URL), true);
});

// --- Coming back ---------------------------------------------------------------------------------

test("comes back after 4 s, more slowly while nothing opens, and for ever", async (t) => {
  const { clock, made, states } = await openPage(t);
  FakeWebSocket.last.end(1001, "shutdown");
  assert.deepEqual(states.at(-1), ["waiting", "shutdown", 4000]);
  const delays = [];
  for (let i = 0; i < 8; ++i) {
    const [, , retryMs] = states.at(-1);
    const before = made.length;
    clock.advance(retryMs - 1);
    assert.equal(made.length, before);
    clock.advance(1);
    assert.equal(made.length, before + 1);
    assert.deepEqual(states.at(-1), ["connecting", "", undefined]);
    delays.push(retryMs / 1000);
    FakeWebSocket.last.end();
  }
  assert.deepEqual(delays, [4, 4, 8, 16, 32, 32, 32, 32]);
  assert.match(states.at(-1)[1], /token is refused/);
  clock.advance(32000);
  FakeWebSocket.last.open();
  FakeWebSocket.last.end(1006);
  assert.deepEqual(states.at(-1), ["waiting", "closed with code 1006", 4000]);
});

test("says why a connection failed where the platform tells", async (t) => {
  const { module, states } = await page(t);
  module.createSocket(URL);
  FakeWebSocket.last.onerror({ message: "Unexpected server response: 401" });
  FakeWebSocket.last.end();
  assert.equal(states.at(-1)[1], "Unexpected server response: 401");
});

test("a connection that never opens is given up after 15 s", async (t) => {
  const { module, clock, made } = await page(t);
  module.createSocket(URL);
  clock.advance(14999);
  assert.deepEqual(made[0].closedWith, []);
  clock.advance(1);
  assert.deepEqual(made[0].closedWith, [[4000]]);
  made[0].end(); // late, and without effect
  clock.advance(4000);
  assert.equal(made.length, 2);
});

test("asks after 60 s of silence, gives up after 60 s without an answer", async (t) => {
  const { clock, made, states } = await openPage(t);
  const [first] = made;
  clock.advance(59999);
  first.receive({ Type: "Chat", Message: ["1"] });
  clock.advance(59999);
  assert.deepEqual(first.sent, []);
  clock.advance(1);
  assert.deepEqual(first.sent, ["heart check"]);
  clock.advance(59999);
  first.receive({ Type: "Heartbeat", SendTime: "" });
  clock.advance(60000);
  assert.deepEqual(first.sent, ["heart check", "heart check"]);
  clock.advance(59999);
  assert.equal(states.at(-1)[0], "open");
  clock.advance(1);
  assert.deepEqual(states.at(-1), ["waiting", "no answer to heart check", 4000]);
  assert.deepEqual(first.closedWith, [[4000]], "no code of a logout");
  clock.advance(4000);
  assert.equal(made.length, 2);
  first.end(); // a half-open connection ends late
  assert.equal(made.length, 2);
  assert.equal(states.at(-1)[0], "connecting");
});

test("closeSocket() logs out with 1000 and stays away, whatever it was doing", async (t) => {
  const { clock, made, module, states } = await openPage(t);
  module.closeSocket();
  module.closeSocket();
  assert.deepEqual(made[0].closedWith, [[1000]]);
  made[0].end(1000);
  assert.deepEqual(states.at(-1), ["closed", "closed by the page", undefined]);
  module.createSocket(URL); // while it opens
  module.closeSocket();
  assert.deepEqual(made[1].closedWith, [[1000]]);
  module.createSocket(URL); // while it waits
  made[2].end();
  module.closeSocket();
  clock.advance(600000);
  assert.equal(made.length, 3);
  assert.equal(clock.pending, 0);
});

test("asked again while it waits, as by a new login, it does not wait any longer", async (t) => {
  const { made, module, clock } = await openPage(t);
  FakeWebSocket.last.end();
  assert.equal(module.createSocket(URL), true);
  assert.equal(made.length, 2);
  clock.advance(4000);
  assert.equal(made.length, 2);
});

test("the same address twice is one connection, another one replaces it", async (t) => {
  const { made, module } = await openPage(t);
  module.createSocket(URL);
  assert.equal(made.length, 1);
  const { list, callback } = answers();
  module.sendMsg(FRAME, callback);
  module.createSocket("ws://box/ws?token=other");
  assert.equal(made.length, 2);
  assert.deepEqual(made[0].closedWith, [[1000]]);
  assert.deepEqual(list, ["closed"], "nothing is sent in another's name");
  assert.deepEqual(made[1].sent, []);
});

// --- Messages ------------------------------------------------------------------------------------

test("each callback gets its own receipt, once, and no other message", async (t) => {
  const { module, made } = await openPage(t);
  const seen = { online: [], calls: [], events: [] };
  module.onOnline((users) => seen.online.push(users));
  module.onCall((frame, event) => seen.calls.push([frame.Id, JSON.parse(event.data).Id]));
  module.onEvent((frame) => seen.events.push(frame.Message.Event));
  const { list, callback } = answers();
  module.sendMsg(FRAME, callback);
  module.sendMsg(FRAME);
  module.sendMsg(FRAME, callback);
  module.sendMsg({}, callback);
  const [socket] = made;
  socket.receive({ Type: "Chat", Message: ["1", "2"] });
  socket.receive({ Type: "Event", Id: "9", Message: { Event: "Call", Data: {} } });
  socket.receive(receipt("a"));
  socket.receive({ Type: "Heartbeat" });
  socket.receive(receipt("b"));
  socket.receive({ Type: "Event", Id: "9", Message: { Event: "Cancel", Data: {} } });
  socket.receive("no JSON");
  socket.receive(receipt("c"));
  socket.receive({ Type: "Error", Message: { Code: "no_type", Reason: "no Type" } });
  socket.receive(receipt("of nobody"));
  assert.deepEqual(list, ["a", "c", "no_type"]);
  const events = ["Call", "Cancel"];
  assert.deepEqual(seen, { online: [["1", "2"]], calls: [["9", "9"]], events });
});

test("waits for the connection and keeps the order", async (t) => {
  const { module, clock } = await page(t);
  const { list, callback } = answers();
  module.createSocket(URL);
  module.sendMsg({ n: 1 }, callback);
  FakeWebSocket.last.end();
  module.sendMsg({ n: 2 }, callback);
  clock.advance(4000);
  module.onState(({ state }) => state === "open" && module.sendMsg({ n: 3 }, callback));
  const { last } = FakeWebSocket;
  last.open();
  assert.deepEqual(last.sent, ['{"n":1}', '{"n":2}', '{"n":3}']);
  last.readyState = 2; // it closes: what is sent now would be lost
  module.sendMsg({ n: 4 }, callback);
  for (const id of ["a", "b"]) last.receive(receipt(id));
  last.end(1001);
  assert.deepEqual(list, ["a", "b", "lost"]);
  clock.advance(4000);
  FakeWebSocket.last.open();
  assert.deepEqual(FakeWebSocket.last.sent, ['{"n":4}', '{"n":3}']);
});

test("what is not sent or not answered gets an error at the end", async (t) => {
  const { module } = await openPage(t);
  const { list, callback } = answers();
  module.sendMsg(FRAME, callback);
  FakeWebSocket.last.readyState = 2;
  module.sendMsg(FRAME, callback);
  module.closeSocket();
  assert.deepEqual(list, ["closed", "closed"]);
  module.sendMsg(FRAME, callback);
  module.sendMsg(FRAME);
  assert.deepEqual(list.length, 2, "never before sendMsg() returns");
  await turn();
  assert.deepEqual(list, ["closed", "closed", "closed"]);
});

test("at most 64 messages wait", async (t) => {
  const { module } = await page(t);
  const { list, callback } = answers();
  module.createSocket(URL);
  for (let i = 0; i < 66; ++i) module.sendMsg(FRAME, callback);
  await turn();
  assert.deepEqual(list, ["queue_full", "queue_full"]);
  FakeWebSocket.last.open();
  assert.equal(FakeWebSocket.last.sent.length, 64);
});

test("call helpers answer the other party, and nobody has to wait for them", async (t) => {
  const { module, made } = await openPage(t);
  const [socket] = made;
  const sent = () => {
    const { Receiver, Id, Message } = JSON.parse(socket.sent.pop());
    return [Receiver, Id, Message.Event, Message.Data];
  };
  const placed = module.call(2);
  assert.deepEqual(sent(), ["2", undefined, "Call", { type: "呼叫" }]);
  socket.receive({ Type: "Receipt", Message: { Id: "7", Receiver: "2", Status: "delivered" } });
  module.cancel(await placed);
  assert.deepEqual(sent(), ["2", "7", "Cancel", {}]);
  const theirs = { Type: "Event", Sender: "3", Receiver: "1", Id: "8", Message: {} };
  module.accept(theirs);
  assert.deepEqual(sent(), ["3", "8", "Accept", {}]);
  module.decline(theirs, { why: "busy" });
  assert.deepEqual(sent(), ["3", "8", "Decline", { why: "busy" }]);
  const ending = module.hangup("3");
  assert.deepEqual(sent(), ["3", undefined, "Hangup", {}]);
  socket.end();
  await assert.rejects(ending, { code: "lost" });
  await turn(); // the others' rejections are nobody's: this test would fail
});

// --- Subscriptions -------------------------------------------------------------------------------

test("subscriptions end one by one; a late one learns what is known", async (t) => {
  const { module, made, clock } = await openPage(t);
  const [socket] = made;
  const heard = [];
  const put = (users) => heard.push(users.length);
  const stops = [module.onOnline(put), module.onOnline(put)];
  socket.receive({ Type: "Chat", Message: ["1"] });
  stops[0]();
  stops[0]();
  socket.receive({ Type: "Chat", Message: ["1", "2"] });
  stops[1]();
  module.onOnline((users) => heard.push(users));
  assert.deepEqual(heard, [1, 1, 2, ["1", "2"]]);
  module.onState(({ state }) => heard.push(state));
  assert.equal(heard.at(-1), "open");
  const call = { Id: "1", Sender: "2" };
  socket.receive({ Type: "Missed", Message: [call] });
  socket.receive({ Type: "Missed", Message: [call] });
  module.onMissed((calls) => heard.push(calls.length));
  module.onMissed(() => heard.push("told once"));
  assert.equal(heard.at(-1), 2);
  module.onEvent(() => {
    throw new Error("the page's");
  });
  module.onEvent(() => heard.push("event"));
  socket.receive({ Type: "Event", Message: { Event: "x", Data: {} } });
  assert.equal(heard.at(-1), "event");
  assert.throws(() => clock.advance(0), /the page's/);
  module.closeSocket();
  assert.deepEqual(heard.slice(-2), [[], "closed"], "after a logout nobody is online");
});

test("names become text", async () => {
  const { escapeHtml } = await importSocket();
  const name = `<img src=x onerror='a("b")'>&`;
  assert.equal(escapeHtml(name), "&lt;img src=x onerror=&#39;a(&quot;b&quot;)&#39;&gt;&amp;");
  assert.deepEqual([undefined, null, 0, "甲"].map(escapeHtml), ["", "", "0", "甲"]);
});
