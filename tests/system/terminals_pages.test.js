// Socket.IO pages that show a token are users like call terminals: they count as online, call and
// are called, each frame as one event whose data is the whole frame.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { hs256, seconds, tokenOf } from "./lib/jwt.js";
import { entered, EVERY, Page, VERSIONS } from "./lib/pages.js";
import { gatewayOf, history, registerToken, terminalsOf, usersOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";
import { Wire } from "./lib/wire.js";

const WEBSOCKET = VERSIONS.map((version) => ({ version, transport: "websocket", name: version }));
const TYPES = ["Chat", "Event", "Receipt", "Missed", "Error"];

/** As the documentation tells users of each client to show their token. */
const showing = (version, token) =>
  version.startsWith("4") ? { auth: { token } } : { query: { token } };

/** Opens pages of a user, with an inbox for each Type from the first frame on. */
function usersPagesOf(t) {
  const open = [];
  t.after(() => open.forEach((page) => page.close()));
  return async (gateway, kind, user, { token = tokenOf(user), ...options } = {}) => {
    const page = new Page(gateway, kind, { ...showing(kind.version, token), ...options });
    open.push(page);
    page.inbox = Object.fromEntries(TYPES.map((type) => [type, page.listen(type)]));
    page.lists = [];
    page.socket.on("Chat", (frame) => page.lists.push(frame.Message));
    page.greeting = await page.downmsg.next();
    return page;
  };
}

const online = (page, ...users) => {
  const wanted = JSON.stringify(users.sort());
  const newest = () => JSON.stringify([...(page.lists.at(-1) ?? [])].sort());
  return until(() => newest() === wanted, `${wanted} at a page`);
};

const call = (receiver, Data = { sender: "甲", type: "呼叫", receiver: "乙" }) => ({
  Receiver: receiver,
  SendTime: "",
  Type: "Event",
  Message: { Event: "Call", Data },
});
const event = (name, receiver, members = {}) => ({
  Receiver: receiver,
  Type: "Event",
  Message: { Event: name, Data: {} },
  ...members,
});

let gateway;
before(async () => (gateway = await gatewayOf(null, { terminals: { grace_ms: 0 } })));
after(() => gateway.stop());

for (const kind of EVERY) {
  test(`a page of ${kind.name} and a terminal call one another`, async (t) => {
    const page = await usersPagesOf(t)(gateway, kind, "page");
    assert.equal(page.greeting.code, "2001");
    await page.upgraded();
    const terminal = await terminalsOf(t)(gateway, "terminal");
    await terminal.online("page", "terminal");
    await online(page, "page", "terminal");

    const receipt = await terminal.call("page");
    assert.deepEqual([receipt.Status, receipt.Terminals], ["delivered", 1]);
    const got = await page.inbox.Event.next();
    assert.deepEqual(got, {
      ...call("page"),
      Sender: "terminal",
      SendTime: got.SendTime,
      Id: receipt.Id,
    });
    const ack = await page.acked("Event", event("Accept", "terminal", { Id: got.Id }));
    assert.deepEqual(
      [ack.Type, ack.Message.Status, ack.Message.Id],
      ["Receipt", "delivered", got.Id],
    );
    assert.deepEqual(await page.inbox.Receipt.next(), ack);
    assert.equal((await terminal.heard("Accept")).Sender, "page");
    await terminal.event("Hangup", "page", { Id: got.Id });
    assert.equal((await page.inbox.Event.next()).Message.Event, "Hangup");

    page.socket.emit("Event", call("terminal", { n: 1 }));
    const { Message: placed } = await page.inbox.Receipt.next();
    assert.deepEqual([placed.Event, placed.Status], ["Call", "delivered"]);
    const ringing = await terminal.heard("Call");
    assert.deepEqual([ringing.Id, ringing.Sender], [placed.Id, "page"]);
    await terminal.event("Decline", "page", { Id: placed.Id });
    assert.equal((await page.inbox.Event.next()).Message.Event, "Decline");
    assert.deepEqual((await history(gateway)).slice(-2), [
      ["terminal", "page", "ended", "hung_up"],
      ["page", "terminal", "ended", "declined"],
    ]);

    page.close();
    await terminal.online("terminal");
  });
}

for (const kind of WEBSOCKET) {
  describe(`client ${kind.name}`, () => {
    test("without a token is a page like any other, and no user", async (t) => {
      const open = usersPagesOf(t);
      const terminal = await terminalsOf(t)(gateway, "terminal");
      const page = new Page(gateway, kind, {});
      t.after(() => page.close());
      const errors = page.listen("Error");
      assert.equal((await page.downmsg.next()).code, "2001");
      const error = await page.acked("Event", call("terminal"));
      const expected = {
        Type: "Error",
        Message: { Code: "unauthorised", Reason: "this page has shown no token" },
      };
      assert.deepEqual(error, expected);
      assert.deepEqual(await errors.next(), expected);
      assert.deepEqual(await page.login("456"), entered("456"));
      await terminal.settled();
      assert.equal(terminal.all("Event").length, 0);
      assert.ok(terminal.lists.every((list) => list.length === 1));
      await open(gateway, kind, "late");
      await terminal.online("late", "terminal");
    });

    test("with a bad token hears why, and is not connected", async () => {
      const bad = {
        unknown: "nobody",
        expired: hs256({ sub: "1", exp: seconds(-5) }),
        bad_signature: hs256({ sub: "1" }, "x".repeat(32)),
        malformed: "a.b.c",
      };
      for (const [word, token] of Object.entries(bad)) {
        const error = await Page.open(gateway, kind, showing(kind.version, token)).then(
          () => assert.fail(`${word} was let in`),
          (reason) => reason,
        );
        const text = JSON.stringify([error.message, error.data, error]);
        assert.ok(text.includes(`token: ${word}`), text);
      }
    });

    test("is in rooms and gets pushes beside; terminals get none", async (t) => {
      const page = await usersPagesOf(t)(gateway, kind, "page");
      const terminal = await terminalsOf(t)(gateway, "terminal");
      assert.deepEqual(await page.login("456"), entered("456"));
      const heard = page.listen("test");
      assert.equal((await gateway.push("456", "test", "1")).DELIVERED, 1);
      assert.equal((await gateway.push(undefined, "test", "2")).DELIVERED, 1);
      assert.deepEqual(await heard.take(2), [1, 2]);
      const frames = terminal.frames.length;
      await terminal.settled();
      assert.equal(terminal.frames.filter(({ type }) => type === "test").length, 0);
      assert.ok(terminal.frames.length - frames <= 2);
    });

    test("frames that are none are answered, ack or not, and the page stays", async (t) => {
      const page = await usersPagesOf(t)(gateway, kind, "page");
      const rows = [
        [["x"], "malformed"],
        [[{}], "no_type"],
        [[{ Type: "Chat" }], "unknown_type"],
        [[{ ...call(""), Message: 1 }], "wrong_type"],
        [[call("2"), call("3")], "malformed"],
        [[], "malformed"],
        [[null], "malformed"],
      ];
      for (const [args, code] of rows) {
        page.socket.emit("Event", ...args);
        assert.equal((await page.inbox.Error.next()).Message.Code, code, JSON.stringify(args));
        const ack = await page.acked("Event", ...args);
        assert.equal(ack.Message.Code, code, JSON.stringify(args));
        await page.inbox.Error.next();
      }
      const forged = await page.acked("Event", { ...call("2"), Sender: "2" });
      assert.equal(forged.Message.Status, "refused");
      assert.equal(page.socket.connected, true);
    });

    test("64-bit numbers of a terminal arrive as they were sent", async (t) => {
      const page = await usersPagesOf(t)(gateway, kind, "page");
      const terminal = await terminalsOf(t)(gateway, "terminal");
      const texts = [];
      const engine = page.socket.io.engine;
      engine.on("data", (data) => texts.push(data));
      const message = '{ "Event":"E","Data" : [9007199254740993, 1.0, "\\u4f60"]}';
      await terminal.ask(`{"Receiver":"page","Type":"Event","Message":${message}}`);
      await page.inbox.Event.next();
      assert.ok(
        texts.some((text) => text.includes(message)),
        texts.join("\n"),
      );
    });

    test("a call missed is told at the next login", async (t) => {
      const terminal = await terminalsOf(t)(gateway, "terminal");
      const { Id, Status } = await terminal.call("away");
      assert.equal(Status, "offline");
      const page = await usersPagesOf(t)(gateway, kind, "away");
      const missed = await page.inbox.Missed.next();
      assert.equal(missed.Type, "Missed");
      assert.deepEqual(
        missed.Message.map((one) => [one.Id, one.Sender]),
        [[Id, "terminal"]],
      );
    });

    test("disconnect() is a logout, a lost transport gets the grace", async (t) => {
      const own = await gatewayOf(t, { terminals: { grace_ms: 120000, list_interval_ms: 1 } });
      const open = usersPagesOf(t);
      const terminal = await terminalsOf(t)(own, "terminal");
      let page = await open(own, kind, "page");
      await terminal.online("page", "terminal");
      page.close();
      await terminal.online("terminal");

      page = await open(own, kind, "page");
      await terminal.online("page", "terminal");
      const lists = terminal.lists.length;
      page.socket.io.engine.transport.ws.terminate();
      const user = async () => (await usersOf(own)).find(({ id }) => id === "page");
      await until(async () => (await user()).terminals === 0, "the end of the page");
      assert.equal((await user()).online, true);
      await open(own, kind, "page");
      await terminal.settled();
      assert.equal(terminal.lists.length, lists, "no flicker");
    });

    test("a page and a terminal of one user ring together", async (t) => {
      const page = await usersPagesOf(t)(gateway, kind, "both");
      const open = terminalsOf(t);
      const [terminal, caller] = [await open(gateway, "both"), await open(gateway, "caller")];
      await caller.online("both", "caller");
      const { Id, Terminals } = await caller.call("both");
      assert.equal(Terminals, 2);
      await page.inbox.Event.next();
      await terminal.heard("Call");
      await terminal.event("Accept", "caller", { Id });
      const cancel = await page.inbox.Event.next();
      assert.deepEqual(
        [cancel.Message.Event, cancel.Message.Data.reason],
        ["Cancel", "accepted_elsewhere"],
      );
    });

    test("a token revoked ends the page's connection", async (t) => {
      const { id, token } = await registerToken(gateway, "revoked");
      const terminal = await terminalsOf(t)(gateway, "terminal");
      const page = await usersPagesOf(t)(gateway, kind, "revoked", { token });
      await terminal.online("revoked", "terminal");
      await gateway.authorised(`/api/v1/tokens/${id}`, { method: "DELETE" });
      await page.disconnected;
      await terminal.online("terminal");
    });
  });
}

describe("on the wire", () => {
  const openWire = async (t, query = "") => {
    const wire = new Wire(`${gateway.url}/socket.io/?EIO=4&transport=websocket${query}`);
    t.after(() => wire.cut());
    await wire.next();
    return wire;
  };
  const until40 = async (wire) => {
    for (;;) {
      const frame = await wire.next();
      if (frame.startsWith("44")) throw new Error(frame);
      if (frame.includes('"Chat"')) return JSON.parse(frame.slice(2))[1];
    }
  };

  test("entering twice, leaving and entering again is one user all along", async (t) => {
    const wire = await openWire(t);
    wire.send(`40{"token":"${tokenOf("w")}"}`);
    assert.deepEqual((await until40(wire)).Message, ["w"]);
    const terminal = await terminalsOf(t)(gateway, "terminal");
    await terminal.online("terminal", "w");
    wire.send(`40{"token":"${tokenOf("w")}"}`);
    wire.send("41");
    await terminal.online("terminal");
    const back = await openWire(t);
    back.send(`40{"token":"${tokenOf("w")}"}`);
    await terminal.online("terminal", "w");
    assert.equal((await terminal.event("Note", "w")).Terminals, 1);
  });

  test("a refused token can be followed by a good one", async (t) => {
    const wire = await openWire(t);
    wire.send('40{"token":"nobody"}');
    assert.match(await wire.next(), /^44\{"message":"token: unknown"/);
    wire.send(`40{"token":"${tokenOf("w")}"}`);
    assert.ok((await until40(wire)).Message.includes("w"));
  });

  test("a token of a wrong type is refused, null and an empty one are none", async (t) => {
    for (const token of ["5", "{}", "[]", "true", '"a.b.c"', `"${"x".repeat(2000)}"`]) {
      const wire = await openWire(t);
      wire.send(`40{"token":${token}}`);
      assert.match(await wire.next(), /^44\{"message":"token: /, token);
    }
    for (const token of ["null", '""']) {
      const wire = await openWire(t);
      wire.send(`40{"token":${token}}`);
      assert.match(await wire.next(), /^40\{/, token);
    }
  });

  test("auth.token comes before the query's", async (t) => {
    const wire = await openWire(t, `&token=${tokenOf("query")}`);
    wire.send(`40{"token":"${tokenOf("auth")}"}`);
    const list = (await until40(wire)).Message;
    assert.deepEqual([list.includes("auth"), list.includes("query")], [true, false]);
  });
});
