// What is relayed arrives as it was sent: bytes of Message, SendTime, ids, events of any name; and
// exactly one receipt a frame, in order.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { tokenOf } from "./lib/jwt.js";
import { gatewayOf, Terminal } from "./lib/terminals.js";

const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d$/;

let gateway;
let a;
let b;
before(async () => {
  gateway = await gatewayOf(null, { limits: { messages_per_10s: 100000 } });
  a = await Terminal.open(gateway, tokenOf("1"));
  b = await Terminal.open(gateway, tokenOf("2"));
  await a.online("1", "2");
});
after(async () => {
  a.kill();
  b.kill();
  await gateway.stop();
});

/** Sends raw text, returns the text that b gets. */
async function relayed(text) {
  a.send(text);
  const receipt = (await a.next("Receipt")).Message;
  assert.equal(receipt.Status, "delivered", JSON.stringify(receipt));
  await b.next("Event");
  return b.frames.findLast(({ type }) => type === "Event").text;
}
const messageOf = (text) => text.slice(text.indexOf('"Message":') + 10, -1);

describe("Message, byte for byte", () => {
  const long = "x".repeat(40000);
  const rows = {
    "64-bit numbers": '{"Event":"E","Data":{"n":9007199254740993,"m":-18446744073709551615}}',
    "numbers as they were written": '{"Event":"E","Data":[1.0,1e3,1E+3,0.10,-0,1e400]}',
    "odd spacing": '{ "Event" :\t"E" ,\n\r "Data"\t: { "a" : [ 1 , 2 ]  }  }',
    escapes: String.raw`{"Event":"E","Data":"\u4f60\/\"\\\b\u0000\ud83d\ude00"}`,
    "raw UTF-8": '{"Event":"E","Data":"你好 😀 \u2028 é"}',
    "escaped names": String.raw`{"\u0045vent":"\u0045","D\u0061ta":1}`,
    "order and other members": '{"z":1,"Data":{"b":1,"a":2},"Event":"E","a":null}',
    "members twice": '{"Event":"X","Data":1,"Event":"E","Data":2}',
    "Data of every type": '{"Event":"E","Data":[null,true,false,"",0,{},[]]}',
    "an empty Data": '{"Event":"E","Data":""}',
    markup: '{"Event":"E","Data":"<img src=x onerror=alert(1)> & </script>"}',
    "an offer of 40 KB": `{"Event":"Offer","Data":{"sdp":"${long}\\r\\n"}}`,
    "Chinese event names": '{"Event":"呼叫","Data":{}}',
  };
  for (const [what, message] of Object.entries(rows)) {
    test(what, async () => {
      const text = await relayed(`{"Receiver":"2","Type":"Event","Message":${message}}`);
      assert.equal(messageOf(text), message);
      JSON.parse(text);
    });
  }

  test("without Data (or with null) it gets one, which the seed's pages read", async () => {
    for (const message of ['{"Event":"E"}', '{"Event":"E" }', '{"Event":"E","Data":null}']) {
      const text = await relayed(`{"Receiver":"2","Type":"Event","Message":${message}}`);
      assert.ok(messageOf(text).startsWith(message.slice(0, -1)), text);
      assert.deepEqual(JSON.parse(text).Message.Data, {});
    }
  });

  test("as large as a frame may be, for either length of ids", async () => {
    const MOST = 65536;
    const head = '{"Receiver":"2","Type":"Event","Message":{"Event":"Big","Data":"';
    const message = (size) => `${head}${"m".repeat(size - head.length - 3)}"}}`;
    for (const size of [MOST, MOST - 1, 125, 126, 127, 65535]) {
      const sent = message(size);
      assert.equal(sent.length, size);
      const got = await relayed(sent);
      assert.equal(JSON.parse(got).Message.Data, JSON.parse(sent).Message.Data);
    }
    const longest = "用".repeat(21) + "x";
    const other = await Terminal.open(gateway, tokenOf(longest));
    const self = `{"Receiver":"${longest}","Type":"Event","Message":{"Event":"Big","Data":"`;
    const data = "m".repeat(MOST - Buffer.byteLength(self) - 3);
    const receipt = await other.ask(`${self}${data}"}}`);
    assert.equal(receipt.Status, "delivered");
    assert.equal((await other.next("Event")).Message.Data, data);
    await other.logout();
  });

  test("200 random ones, nested and mixed", async () => {
    const random = (depth) => {
      const kind = Math.floor(Math.random() * (depth > 0 ? 6 : 4));
      const space = () => ["", " ", "\n", "\t "][Math.floor(Math.random() * 4)];
      if (kind === 0)
        return `${Math.random() < 0.5 ? "-" : ""}${BigInt(`0x${randomBytes(9).toString("hex")}`)}`;
      if (kind === 1) return JSON.stringify(randomBytes(12).toString("latin1"));
      if (kind === 2) return ["true", "false", "null"][Math.floor(Math.random() * 3)];
      if (kind === 3) return `${Math.random() * 1e20}`;
      const items = Array.from({ length: 4 }, () => random(depth - 1));
      if (kind === 4) return `[${items.join(`${space()},${space()}`)}]`;
      return `{${items.map((item, i) => `"k${i}"${space()}:${space()}${item}`).join(",")}}`;
    };
    for (let i = 0; i < 200; i++) {
      const message = `{"Event":"R","Data":[${random(4)}]}`;
      assert.equal(
        messageOf(await relayed(`{"Receiver":"2","Type":"Event","Message":${message}}`)),
        message,
      );
    }
  });
});

describe("the head", () => {
  const frame = (members) => ({
    Receiver: "2",
    Type: "Event",
    Message: { Event: "E", Data: {} },
    ...members,
  });
  const sent = async (members) => JSON.parse(await relayed(JSON.stringify(frame(members))));

  test("SendTime is stamped when it is empty, null or absent, else kept", async () => {
    for (const SendTime of ["", null, undefined]) {
      assert.match((await sent({ SendTime })).SendTime, STAMP);
    }
    for (const SendTime of ["2020-08-06T16:32:22.3224288+08:00", '昨天 "\\', "0"]) {
      assert.equal((await sent({ SendTime })).SendTime, SendTime);
    }
  });

  test("the stamp is local time with its offset, to 100 ns", async (t) => {
    const east = await gatewayOf(t, {}, { env: { TZ: "CST-8" } });
    const terminal = await Terminal.open(east, tokenOf("1"));
    const { SendTime } = terminal.first;
    assert.match(SendTime, /T\d\d:\d\d:\d\d\.\d{7}\+08:00$/);
    assert.ok(Math.abs(Date.parse(SendTime) - Date.now()) < 60000);
    terminal.kill();
  });

  test("Sender is filled from the token, by whatever name it is empty", async () => {
    for (const Sender of ["", null, undefined, "1", 1]) {
      assert.equal((await sent({ Sender })).Sender, "1");
    }
  });

  test("numbers as ids count by their digits, and leave as strings", async () => {
    const got = await sent({ Sender: 1, Receiver: 2 });
    assert.deepEqual([got.Sender, got.Receiver], ["1", "2"]);
  });

  test("a forged Sender is refused and reaches nobody", async () => {
    const events = b.all("Event").length;
    for (const Sender of ["2", "3", 2, "1 ", "01", "甲"]) {
      const receipt = await a.ask(frame({ Sender }));
      assert.deepEqual(
        [receipt.Status, receipt.Reason],
        ["refused", "Sender is not the user of this connection's token"],
      );
    }
    await b.settled();
    assert.equal(b.all("Event").length, events);
  });

  test("other members of the frame do not travel, and Id is the gateway's", async () => {
    const got = await sent({ Admin: true, Extra: { a: 1 } });
    assert.deepEqual(Object.keys(got).sort(), [
      "Id",
      "Message",
      "Receiver",
      "SendTime",
      "Sender",
      "Type",
    ]);
    assert.match(got.Id, /^\d+$/);
  });

  test("an Id ties answers of terminals together, as a string or a number", async () => {
    assert.equal((await sent({ Id: "18446744073709551615" })).Id, "18446744073709551615");
    assert.equal((await sent({ Id: 42 })).Id, "42");
  });
});

describe("receipts", () => {
  test("exactly one for each frame, in order, of whatever came of it", async () => {
    const kinds = [
      ["Note", "2", "delivered"],
      ["Note", "nobody", "offline"],
      ["Accept", "2", "refused"],
      ["Note", "1", "delivered"],
    ];
    const expected = [];
    for (let i = 0; i < 200; i++) {
      const [name, receiver, status] = kinds[i % kinds.length];
      const Message = { Event: name, Data: i };
      a.send({ Receiver: receiver, Type: "Event", Message, Id: `${i}` });
      expected.push([`${i}`, name, receiver, status]);
    }
    const got = [];
    while (got.length < expected.length) got.push(await a.next("Receipt"));
    const frames = a.frames.length;
    await a.settled();
    assert.equal(a.frames.length, frames + 1, "and no more than that");
    assert.deepEqual(
      got.map(({ Message: m }) => [m.Id, m.Event, m.Receiver, m.Status]),
      expected,
    );
    for (const receipt of got) assert.match(receipt.SendTime, STAMP);
  });

  test("Terminals counts the connections it was written to", async () => {
    const more = [];
    for (let count = 2; count <= 5; count++) {
      more.push(await Terminal.open(gateway, tokenOf("2")));
      assert.equal((await a.event("Note", "2")).Terminals, count);
    }
    for (const terminal of more) await terminal.logout();
    assert.equal((await a.event("Note", "2")).Terminals, 1);
  });

  test("an Event name with escapes comes back as it was written", async () => {
    const name = String.raw`"\u0045\"\\\u0000"`;
    a.frames.length = 0;
    await relayed(`{"Receiver":"2","Type":"Event","Message":{"Event":${name},"Data":1}}`);
    assert.ok(a.frames[0].text.includes(`"Event":${name}`), a.frames[0].text);
  });

  test("of the longest name in the longest spelling", async () => {
    const name = `"${String.raw`\u0041`.repeat(64)}"`;
    await relayed(`{"Receiver":"2","Type":"Event","Message":{"Event":${name},"Data":1}}`);
    const padded = `"${String.raw`\u0001`.repeat(64)}"`;
    await relayed(`{"Receiver":"2","Type":"Event","Message":{"Event":${padded},"Data":1}}`);
    assert.equal(a.all("Receipt").at(-1).Message.Event, "\u0001".repeat(64));
  });
});
