// socket.js with the `ws` client on a real gateway.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { Gateway } from "../system/lib/gateway.js";
import { Inbox, until, within } from "../system/lib/wait.js";
import { recordUnhandled, turn } from "./lib/console.js";
import { importSocket } from "./lib/modules.js";
import { addToken, revokeToken } from "./lib/tokens.js";

const CONFIG = { limits: { messages_per_10s: 100000 } };
let gateway;
let unhandled;
before(async () => {
  globalThis.WebSocket = WebSocket;
  gateway = await Gateway.start({ config: CONFIG });
});
after(() => gateway.stop());

let users = 0;
/** A user with a page of their own, and everything it told. */
async function userPage(t, on = gateway) {
  const id = `u${(users += 1)}`;
  const { id: tokenId, token } = await addToken(on, id);
  const page = { id, tokenId, token, url: `${on.url.replace("http", "ws")}/ws?token=${token}` };
  page.module = await importSocket();
  page.unsubscribed = [];
  for (const name of ["Online", "Call", "Event", "Missed", "State"]) {
    page[name] = new Inbox(`on${name} of ${id}`);
    page.module[`on${name}`]((body) => page[name].put(body));
  }
  page.state = (name) =>
    until(() => page.State.items.some(({ state }) => state === name), `${id} to be ${name}`);
  page.sees = async (...ids) => {
    let list;
    do list = await page.Online.next();
    while (JSON.stringify([...list].sort()) !== JSON.stringify([...ids].sort()));
  };
  t.after(() => page.module.closeSocket());
  return page;
}

async function online(t, on = gateway) {
  const page = await userPage(t, on);
  assert.equal(page.module.createSocket(page.url), true);
  await page.state("open");
  return page;
}

/** Sends as the seed does; resolves with what the callback gets. */
const sent = ({ module }, frame) =>
  within(new Promise((resolve) => module.sendMsg(frame, resolve)), "a receipt");
const eventFor = (Receiver, Event, n) => ({
  Receiver,
  Type: "Event",
  Message: { Event, Data: { n } },
});

test("the seed's examples as they stand", async (t) => {
  const [caller, callee] = [await userPage(t), await online(t)];
  const Vue = function () {};
  const window = { g: { WEBSOCKETPATH: caller.url.split("?")[0] } };
  const getToken = () => caller.token;
  const { createSocket, default: socket } = caller.module;
  const answers = new Inbox("an answer");
  const console = { log: (...words) => answers.put(words) };

  Vue.prototype.sendMsg = socket.sendMsg
  Vue.prototype.socket = socket
  createSocket(`${window.g.WEBSOCKETPATH}?token=${getToken()}`)

  const component = Object.assign(new Vue(), {
    $store: { state: { user: { id: caller.id, userName: "甲" } } },
    $message() {},
    data() {
      return {
       callData: {
          Sender: this.$store.state.user.id,//发送者id
          Receiver: "",//接收者id
          SendTime: "",//2020-08-06T16:32:22.3224288+08:00
          Message: {
            Event: "Call",
            Data: "",//发送的消息
          },
          Type: "Event"
        },
      }
    },
    call(row){
      let call = {
        sender : this.$store.state.user.userName,
        type:'呼叫',
        receiver: row.receiverName

      }
      //呼叫接受人
      this.callData.Receiver = row.userId
      this.callData.Message.Data = call

       this.$message({
          type: 'success',
          message: '已呼叫'
        });
      this.getSocketData(this.callData)

    },
    getSocketData(data){
       this.sendMsg(data,ev=>{
       console.log(JSON.parse(ev.data),'发送后回调获取数据')
      })
     },
  });
  Object.assign(component, component.data());
  component.call({ userId: callee.id, receiverName: "乙" });

  const [{ Type, Message }, words] = await answers.next();
  assert.deepEqual([Type, Message.Status, words], ["Receipt", "delivered", "发送后回调获取数据"]);
  const res = await callee.Call.next();
  assert.ok(res.Type == "Event" && res.Message.Data.type == "呼叫");
  const { sender, receiver } = res.Message.Data;
  assert.deepEqual([res.Sender, sender, receiver], [caller.id, "甲", "乙"]);
  assert.match(res.SendTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d$/);
  await caller.sees(caller.id, callee.id);

  //关闭websocket
   Vue.prototype.socket.onclose();
  await callee.sees(callee.id);
  assert.equal(caller.State.items.at(-1).state, "closed");
});

test("receipts find their callbacks under load, both ways", async (t) => {
  unhandled = recordUnhandled(t);
  const [a, b] = [await online(t), await online(t)];
  const COUNT = 500;
  const order = { a: [], b: [] };
  const burst = (from, to, name) =>
    Promise.all(
      Array.from({ length: COUNT }, async (_, n) => {
        const good = n % 7 !== 3;
        const frame = good ? eventFor(to.id, `e${n}`, n) : { Receiver: to.id, Type: "Event", n };
        if (n % 20 === 0) await turn();
        const { receipt, error } = await sent(from, frame);
        order[name].push(n);
        if (!good) return assert.ok(error.code && !receipt);
        const { Event, Receiver, Status } = receipt;
        assert.deepEqual([Event, Receiver, Status], [`e${n}`, to.id, "delivered"]);
      }),
    );
  await Promise.all([burst(a, b, "a"), burst(b, a, "b")]);
  const good = Array.from({ length: COUNT }, (_, n) => n).filter((n) => n % 7 !== 3);
  for (const page of [a, b]) {
    const events = await page.Event.take(good.length);
    assert.deepEqual(events.map(({ Message }) => Message.Data.n).sort((x, y) => x - y), good);
    assert.deepEqual(page.Event.items, []);
  }
  await turn();
  assert.deepEqual(unhandled, []);
});

test("a call from ring to hang-up, and one that was missed", async (t) => {
  const [caller, callee] = [await online(t), await online(t)];
  const placed = await caller.module.call(callee.id);
  assert.equal(placed.Status, "delivered");
  const ringing = await callee.Call.next();
  assert.equal(ringing.Id, placed.Id);
  assert.equal((await callee.module.accept(ringing)).Status, "delivered");
  const accepted = await caller.Event.next();
  assert.deepEqual([accepted.Message.Event, accepted.Id], ["Accept", placed.Id]);
  assert.equal((await caller.module.hangup(placed)).Status, "delivered");
  assert.equal((await callee.module.hangup(ringing)).Status, "refused", "it is over");

  const again = await caller.module.call(callee.id);
  await callee.Call.next();
  assert.equal((await caller.module.cancel(again)).Status, "delivered");
  const third = await caller.module.call(callee.id);
  assert.equal((await callee.module.decline(await callee.Call.next())).Status, "delivered");
  assert.notEqual(third.Id, again.Id);

  callee.module.closeSocket();
  await until(async () => (await caller.module.call(callee.id)).Status === "offline", "the logout");
  callee.module.createSocket(callee.url);
  const [missed] = await callee.Missed.next();
  assert.equal(missed.Sender, caller.id);
});

test("without a connection messages wait until the gateway is back", async (t) => {
  const own = await Gateway.start({ config: CONFIG });
  t.after(() => own.stop());
  const [a, b] = [await online(t, own), await online(t, own)];
  await a.sees(a.id, b.id);
  await own.kill();
  await a.state("waiting");
  const answers = [1, 2, 3].map((n) => sent(a, eventFor(b.id, "offline", n)));
  b.State.items = [];
  own.listen = `127.0.0.1:${own.port}`;
  await own.launch();
  await b.state("open");
  for (const { receipt, error } of await Promise.all(answers)) {
    assert.equal(error, null);
    assert.ok(["delivered", "offline"].includes(receipt.Status));
  }
  await a.sees(a.id, b.id);
  const { receipt } = await sent(a, eventFor(b.id, "after", 4));
  assert.equal(receipt.Status, "delivered");
});

test("a logout removes the user at once and nobody comes back", async (t) => {
  const own = await Gateway.start({ config: { terminals: { grace_ms: 60000 } } });
  t.after(() => own.stop());
  const [a, b] = [await online(t, own), await online(t, own)];
  await b.sees(a.id, b.id);
  const waiting = sent(a, eventFor(b.id, "last", 1));
  a.module.closeSocket();
  assert.ok(["closed", undefined].includes((await waiting).error?.code));
  await b.sees(b.id);
  assert.equal(a.State.items.at(-1).state, "closed");
  const { error } = await sent(a, eventFor(b.id, "too late", 2));
  assert.equal(error.code, "closed");
});

test("a wrong token is a 401 that the state tells; it goes on trying", async (t) => {
  const page = await userPage(t);
  assert.equal(page.module.createSocket(`${page.url}x`), true);
  await page.state("waiting");
  const { reason, retryMs } = page.State.items.at(-1);
  assert.deepEqual([reason, retryMs], ["Unexpected server response: 401", 4000]);
});

test("a token that ends closes the connection, and the state says so", async (t) => {
  const page = await online(t);
  await revokeToken(gateway, page.tokenId);
  await page.state("waiting");
  assert.equal(page.State.items.at(-1).reason, "token_ended");
});

test("a Sender of somebody else is refused; a receipt says so", async (t) => {
  const page = await online(t);
  const frame = { ...eventFor("x", "Call", 1), Sender: "other" };
  const { receipt, error, data } = await sent(page, frame);
  assert.equal(error, null);
  assert.equal(receipt.Status, "refused");
  assert.deepEqual(JSON.parse(data).Message, receipt);
});

test("leaves no handler behind on a WebSocket it is done with", async (t) => {
  const made = [];
  class Spy extends WebSocket {
    constructor(...args) {
      super(...args);
      made.push(this);
    }
  }
  const page = await userPage(t);
  for (let i = 0; i < 5; ++i) {
    page.State.items = [];
    page.module.createSocket(page.url, { WebSocket: Spy });
    await page.state("open");
    page.module.closeSocket();
  }
  assert.equal(made.length, 5);
  for (const name of ["open", "message", "close"]) {
    assert.deepEqual(made.map((socket) => socket.listenerCount(name)), [0, 0, 0, 0, 0], name);
  }
  await until(() => made.every(({ readyState }) => readyState === WebSocket.CLOSED), "the closes");
});
