// `data` reaches every kind of client byte for byte as posted.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { Gateway } from "./lib/gateway.js";
import { EVERY, pagesOf } from "./lib/pages.js";
import { wiresOf } from "./lib/wire.js";

let gateway;
before(
  async () => (gateway = await Gateway.start({ config: { limits: { messages_per_10s: 100000 } } })),
);
after(() => gateway.stop());

const SEED = String.raw`{"id":9007199254740993123,"x":1.0,"s":"\u00e9\/","b":{"z":1,"a":2}}`;
const KILOBYTES_60 = JSON.stringify("0123456789abcdef".repeat(3840));

// raw JSON as posted
const DATA = {
  "the contract's example": SEED,
  "odd spacing within": '{ "a" :\t1 ,\r\n "b":[ 1 ,2 ] }',
  "keys in another order, one twice": '{"b":1,"a":2,"b":3}',
  "numbers of every form": "[0,-0,-0.0,1E5,1e+05,123456789012345678901234567890,0.1e-7,1.50]",
  "escapes of every form": String.raw`"\u0041\/\\\"\b\f\n\r\t\ud83d\ude00 \u2028"`,
  "unicode as it is": '"护士站 é 😀 \u2028 \u007f"',
  null: "null",
  true: "true",
  "a number": "-12.5e3",
  "an empty text": '""',
  "an empty list": "[ ]",
  "an object like a placeholder": '{"_placeholder":true,"num":0}',
  "text that looks like a packet": '"]42[\\"downmsg\\",{}]\\u001e2"',
  "60 KB": KILOBYTES_60,
  "1000 members": `{${Array.from({ length: 1000 }, (_, i) => `"k${i}" :${i}.0`).join(", ")}}`,
};

describe("over a WebSocket", () => {
  for (const eio of [4, 3]) {
    for (const [name, data] of Object.entries(DATA)) {
      test(`${name}, revision ${eio}`, async (t) => {
        const wire = await wiresOf(t)(gateway, { eio });
        assert.equal((await gateway.push(undefined, "test", data)).DELIVERED, 1);
        assert.equal(await wire.next(), `42["test",${data}]`);
      });
    }
  }
});

test("spaces around data are no part of it", async (t) => {
  const wire = await wiresOf(t)(gateway);
  await gateway.push(undefined, "test", ' \n{"a": 1 }\t ');
  assert.equal(await wire.next(), '42["test",{"a": 1 }]');
});

test("absent data is no argument at all", async (t) => {
  const wire = await wiresOf(t)(gateway);
  await gateway.push(undefined, "test", undefined);
  assert.equal(await wire.next(), '42["test"]');
});

test("the event's name goes as it was written, too", async (t) => {
  const wire = await wiresOf(t)(gateway);
  const body = String.raw`{"ROOT":{"BODY":{"eventName":"\u0074est \"é\"","data":1}}}`;
  await gateway.authorised("/push", { method: "POST", body });
  assert.equal(await wire.next(), String.raw`42["\u0074est \"é\"",1]`);
});

test("of a member given twice the last counts, and others are ignored", async (t) => {
  const wire = await wiresOf(t)(gateway);
  const body =
    '{"x":[{}],"ROOT":{"HEAD":{"data":0},"BODY":{"data":1,"more":{"data":2},"eventName":"a","roomId":"9",' +
    '"eventName":"b","data":3,"roomId":null}},"ROOTS":1}';
  await gateway.authorised("/push", { method: "POST", body });
  assert.equal(await wire.next(), '42["b",3]');
});

for (const eio of [4, 3]) {
  describe(`over polling, revision ${eio}`, () => {
    const poll = (query) => gateway.request(`/socket.io/?EIO=${eio}&transport=polling${query}`);

    for (const [name, data] of Object.entries(DATA)) {
      test(name, async () => {
        const [, sid] = /"sid":"([\w-]+)"/.exec((await poll("")).text);
        const url = `/socket.io/?EIO=${eio}&transport=polling&sid=${sid}`;
        if (eio === 4) await gateway.request(url, { method: "POST", body: "40" });
        const greeting = (await poll(`&sid=${sid}`)).text;
        assert.match(greeting, /2001/);

        const hanging = poll(`&sid=${sid}`);
        assert.equal((await gateway.push(undefined, "test", data)).DELIVERED, 1);
        const packet = `42["test",${data}]`;
        const expected = eio === 4 ? packet : `${packet.length}:${packet}`;
        assert.equal((await hanging).body.toString(), expected);
        await gateway.request(url, { method: "POST", body: eio === 4 ? "1" : "1:1" });
        await gateway.connected(0);
      });
    }
  });
}

describe("at the stock clients", () => {
  for (const kind of EVERY) {
    test(kind.name, async (t) => {
      const page = await pagesOf(t)(gateway, kind);
      const heard = page.listen("test");
      for (const data of Object.values(DATA)) {
        if (data.includes("_placeholder")) continue;
        await gateway.push(undefined, "test", data);
        assert.deepEqual(await heard.next(), JSON.parse(data));
      }
      await gateway.push(undefined, "test", undefined);
      assert.equal(await heard.next(), undefined);
    });
  }
});

test("mixed clients in one room get the same, pages elsewhere nothing", async (t) => {
  const open = pagesOf(t);
  const pages = await Promise.all(EVERY.map((kind) => open(gateway, kind)));
  const outsider = await open(gateway);
  for (const page of pages) await page.login("mixed", "loginWhenever");
  const heard = pages.map((page) => page.listen("same"));
  const silent = outsider.listen("same");
  const listed = Array.from({ length: 30 }, (_, i) => ({ i, text: "é😀".repeat(i) }));
  for (const item of listed) {
    assert.equal(
      (await gateway.push("mixed", "same", JSON.stringify(item))).DELIVERED,
      EVERY.length,
    );
  }
  for (const inbox of heard) assert.deepEqual(await inbox.take(listed.length), listed);
  await gateway.push(undefined, "same", '"all"');
  for (const inbox of [...heard, silent]) assert.equal(await inbox.next(), "all");
});

test("curl does it as the manual says", async (t) => {
  const wire = await wiresOf(t)(gateway);
  const url = `${gateway.url}/push`;
  const body = '{"ROOT":{"BODY":{"eventName":"test","data":{"text":"hello"}}}}';
  const header = `Authorization: Bearer ${gateway.key}`;
  const flags = [
    "-sS",
    "--fail",
    "-H",
    "Content-Type: application/json",
    "-H",
    header,
    "-d",
    body,
    url,
  ];
  const { stdout } = await promisify(execFile)("curl", flags);
  assert.match(
    stdout,
    /^\{"ROOT":\{"BODY":\{"RETURN_CODE":"0000","RETURN_MSG":"ok","DELIVERED":1,"ID":"\d+"\}\}\}\s*$/,
  );
  assert.equal(await wire.next(), '42["test",{"text":"hello"}]');
});
