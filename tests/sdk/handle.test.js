// socket.handle.js with every stock client on a real gateway.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { Inbox, until, within } from "../system/lib/wait.js";
import { entered, exists } from "../system/lib/pages.js";
import { wiresOf } from "../system/lib/wire.js";
import { recordConsole, recordUnhandled, turn } from "./lib/console.js";
import { importHandle, VERSIONS } from "./lib/modules.js";
import { addToken } from "./lib/tokens.js";

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.stop());

const SEED_LOG = [
  "is connecting to server",
  "socketIO connect success",
  "going to login room id:456,type:loginWhenFirst",
  "login room success",
  "listen",
  "ready to listen event eventName:test",
  "close",
  "going to disconnect",
];

for (const version of VERSIONS) {
  describe(`SocketHandle on socket.io-client ${version}`, () => {
    let SocketHandle;
    before(async () => {
      const module = await importHandle(version);
      SocketHandle = module.default;
      assert.equal(module.SocketHandle, SocketHandle);
    });

    /** Handles that are closed when the test ends. */
    const handlesOf = (t) => (options, url = gateway.url) => {
      const handle = new SocketHandle(url, options);
      t.after(() => handle.close());
      return handle;
    };
    const rejected = async (promise, code) => {
      const error = await within(promise.then(assert.fail, (reason) => reason), "a rejection");
      assert.ok(error instanceof Error);
      assert.equal(error.code, code);
      return error;
    };

    test("the seed's example as it stands, and its log", async (t) => {
      const lines = recordConsole(t);
      const heard = new Inbox("a push");
      const log = (word) => (typeof word === "string" ? console.log(word) : heard.put(word));
      const pageConsole = { log };
      SocketHandle.url = gateway.url;
      t.after(() => (SocketHandle.url = undefined));
      let close;
      const pageTimeout = (action) => (close = action);
      ((SocketHandle, console, setTimeout) => {
        let handle = new SocketHandle()
        handle.loginRoom('456').then(() => {
          console.log('listen')
          handle.listen('test', resp => {
            console.log(resp)
          })
        })
        setTimeout(() => {
          console.log('close')
          handle.close()
        }, 40000)
      })(SocketHandle, pageConsole, pageTimeout);
      await until(() => lines.includes("ready to listen event eventName:test"), "the listening");
      assert.equal((await gateway.push("456", "test", '{"bed":7}')).DELIVERED, 1);
      assert.deepEqual(await heard.next(), { bed: 7 });
      close();
      assert.deepEqual(lines, SEED_LOG);
      await gateway.connected(0);
    });

    test("2002 resolves; 2003 and 2004 reject with the code", async (t) => {
      const open = handlesOf(t);
      const [first, second] = [open(), open()];
      assert.deepEqual(await first.loginRoom(77), entered("77"));
      assert.deepEqual(await first.loginRoom("77"), entered("77"), "once more");
      const taken = await rejected(second.loginRoom("77"), "2004");
      assert.equal(taken.message, exists("77").msg);
      await rejected(second.loginRoom(""), "2003");
      await rejected(second.loginRoom(undefined), "2003");
      await rejected(second.loginRoom("77", "loginNever"), "2003");
      assert.deepEqual(await second.loginRoom("77", "loginWhenever"), entered("77"));
    });

    test("is put out of its room and told which", async (t) => {
      const open = handlesOf(t);
      const [first, second] = [open(), open()];
      const kicks = new Inbox("onKicked");
      const messages = new Inbox("a downmsg");
      first.onKicked = (id) => kicks.put(id);
      first.listen((message) => message.code === "2005" && messages.put(message));
      await Promise.all([first.loginRoom("a"), first.loginRoom("b (ida)")]);
      await second.loginRoom("b (ida)", "loginWhenLast");
      assert.equal(await kicks.next(), "b (ida)");
      assert.equal((await messages.next()).code, "2005");
      await second.loginRoom("a", "loginWhenLast");
      assert.equal(await kicks.next(), "a");
    });

    test("leaves a room and stays connected", async (t) => {
      const handle = handlesOf(t)();
      const heard = new Inbox("news");
      handle.listen("news", (data) => heard.put(data));
      await handle.loginRoom("left");
      handle.logoutRoom("left");
      const left = async () => (await gateway.push("left", "news", "1")).DELIVERED === 0;
      await until(left, "the leave");
      await gateway.push(undefined, "news", "2");
      let last;
      do last = await heard.next();
      while (last !== 2);
      await handle.loginRoom("left");
    });

    test("listens to everyone's events without a room, and stops", async (t) => {
      const handle = handlesOf(t)();
      const [one, two, down] = [new Inbox("one"), new Inbox("two"), new Inbox("downmsg")];
      const put = (data) => one.put(data);
      const stop = handle.listen("news", put);
      const stopTwin = handle.listen("news", put);
      handle.listen("news", (...data) => two.put(data));
      handle.listen((message) => down.put(message));
      assert.deepEqual(await down.next(), { code: "2001", msg: "connect success" });
      await gateway.push(undefined, "news", "[1]");
      assert.deepEqual(await two.next(), [[1]], "the data and nothing else");
      assert.deepEqual(await one.take(2), [[1], [1]]);
      stop();
      stop();
      await gateway.push(undefined, "news", "2");
      assert.deepEqual(await two.next(), [2]);
      assert.deepEqual(one.items, [2], "the other one goes on");
      stopTwin();
      await gateway.push(undefined, "news");
      assert.deepEqual(await two.next(), [undefined]);
      assert.deepEqual(one.items, [2]);
    });

    test("a push in one piece with 2002 is heard by who listens then", async (t) => {
      for (const transports of [["polling"], ["websocket"]]) {
        const handle = handlesOf(t)({ transports });
        const login = handle.loginRoom("early", "loginWhenever");
        const missing = new Inbox("a push");
        // Many pushes around the entry: from the first that was delivered on, none may miss.
        const delivered = [];
        let going = true;
        const pushing = (async () => {
          for (let i = 0; going; ++i) {
            if ((await gateway.push("early", "test", String(i))).DELIVERED > 0) delivered.push(i);
          }
        })();
        await login.then(() => handle.listen("test", (data) => missing.put(data)));
        await until(() => delivered.length >= 5, "pushes");
        going = false;
        await pushing;
        assert.deepEqual(await missing.take(delivered.length), delivered);
        handle.close();
      }
    });

    test("several handles share nothing", async (t) => {
      const open = handlesOf(t);
      const [a, b] = [open(), open()];
      const [heardA, heardB] = [new Inbox("a"), new Inbox("b")];
      a.listen("test", (data) => heardA.put(data));
      b.listen("test", (data) => heardB.put(data));
      await Promise.all([a.loginRoom("a"), b.loginRoom("b")]);
      await gateway.push("a", "test", "1");
      await gateway.push("b", "test", "2");
      assert.equal(await heardB.next(), 2);
      a.close();
      await gateway.push("b", "test", "3");
      assert.equal(await heardB.next(), 3);
      assert.equal(await heardA.next(), 1);
      assert.deepEqual(heardA.items, []);
    });

    test("close() before an answer rejects, and nothing goes unhandled", async (t) => {
      const unhandled = recordUnhandled(t);
      const open = handlesOf(t);
      const unreachable = open({}, "http://127.0.0.1:9");
      const ignored = open();
      ignored.loginRoom("");
      ignored.loginRoom("x", "nonsense");
      const waiting = [unreachable.loginRoom("a"), unreachable.loginRoom("b")];
      unreachable.loginRoom("ignored");
      const left = unreachable.loginRoom("left");
      unreachable.logoutRoom("left");
      await rejected(left, "left");
      unreachable.close();
      for (const login of waiting) await rejected(login, "closed");
      await rejected(unreachable.loginRoom("a"), "closed");
      assert.equal(typeof unreachable.listen("test", assert.fail), "function");
      await ignored.loginRoom("after the others");
      await turn();
      assert.deepEqual(unhandled, []);
    });

    test("a fault of the page's own callback stops nothing", async (t) => {
      const handle = handlesOf(t)();
      const faults = new Inbox("an uncaught error");
      const uncaught = process.listeners("uncaughtException");
      process.removeAllListeners("uncaughtException");
      process.on("uncaughtException", (error) => faults.put(error.message));
      t.after(() => {
        process.removeAllListeners("uncaughtException");
        for (const listener of uncaught) process.on("uncaughtException", listener);
      });
      const heard = new Inbox("the second listener");
      handle.listen("test", () => {
        throw new Error("the page's");
      });
      handle.listen("test", (data) => heard.put(data));
      await handle.loginRoom("fault");
      await gateway.push("fault", "test", "1");
      assert.equal(await heard.next(), 1);
      assert.equal(await faults.next(), "the page's");
    });

    test("leaves no handler behind", async (t) => {
      const sockets = [];
      const client = await import(`socket.io-client-${version[0]}`);
      const io = client.io ?? client.default;
      const spy = (...args) => (sockets.push(io(...args)), sockets.at(-1));
      spy.protocol = io.protocol;
      const handle = handlesOf(t)({ io: spy });
      const count = (name) => sockets[0].listeners(name).length;
      const names = ["test", "downmsg", "connect", "disconnect", "connect_error", "error"];
      const counts = () => [...names.map(count), sockets[0].io.listeners("packet").length];
      await handle.loginRoom("leak");
      const few = counts();
      const stops = Array.from({ length: 50 }, () => handle.listen("test", () => {}));
      for (let i = 0; i < 20; ++i) await handle.loginRoom("leak");
      assert.deepEqual(counts(), few);
      for (const stop of stops) stop();
      handle.close();
      assert.deepEqual(counts(), few.map(() => 0));
      assert.equal(sockets.length, 1);
    });

    test("with a token it is that user; with a wrong one it is told so", async (t) => {
      const { token } = await addToken(gateway, `user ${version}`);
      const open = handlesOf(t);
      const online = new Inbox("an online list");
      const handle = open({ token: () => token, query: { page: "x" } });
      handle.listen("Chat", (frame) => online.put(frame.Message));
      assert.ok((await online.next()).includes(`user ${version}`));

      const stranger = open({ token: "nonsense" });
      const refusals = new Inbox("onRefused");
      stranger.onRefused = (error) => refusals.put(error.code);
      const login = stranger.loginRoom("a room of nobody's");
      await rejected(login, "unknown");
      assert.equal(await refusals.next(), "unknown");
      await rejected(stranger.loginRoom("again"), "unknown");
    });

    test("a wire that is no page of ours still keeps a room from it", async (t) => {
      const wire = await wiresOf(t)(gateway);
      assert.equal(await wire.login("wire", "loginWhenFirst"), "2002");
      await rejected(handlesOf(t)().loginRoom("wire"), "2004");
    });
  });
}
