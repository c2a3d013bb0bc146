// What a page may write in loginRoom and logoutRoom, and what it is told when it writes another.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { entered, pagesOf, VERSIONS } from "./lib/pages.js";
import { Wire, wiresOf } from "./lib/wire.js";

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.stop());

const BAD_ID = "room id is missing or neither a string nor a number";
const BAD_TYPE = "type is not loginWhenFirst, loginWhenLast or loginWhenever";
const LONGEST = "r".repeat(64);

// [arguments, code, room or reason]
const FORMS = [
  [[{ id: "a1", type: "loginWhenever" }], "2002", "a1"],
  [[{ id: "a2" }], "2002", "a2"],
  [[{ id: "a3", type: null }], "2002", "a3"],
  [[{ type: "loginWhenLast", more: [1, { id: "no" }], id: "a4" }], "2002", "a4"],
  [["a5"], "2002", "a5"],
  [["a6", "loginWhenLast"], "2002", "a6"],
  [["a7", null], "2002", "a7"],
  [[7001], "2002", "7001"],
  [[7002, "loginWhenever"], "2002", "7002"],
  [[{ id: 7003 }], "2002", "7003"],
  [[{ id: "护士站 é😀" }], "2002", "护士站 é😀"],
  [[{ id: ' "q\\/' }], "2002", ' "q\\/'],
  [[{ id: LONGEST }], "2002", LONGEST],
  [[{ id: "__proto__" }], "2002", "__proto__"],
  [[{ id: `${LONGEST}r` }], "2003", "room id is longer than 64 bytes"],
  [[{ id: "é".repeat(33) }], "2003", "room id is longer than 64 bytes"],
  [[{ id: "x".repeat(5000) }], "2003", "room id is longer than 64 bytes"],
  [["."], "2003", "room id is . or .., which no address can name"],
  [[{ id: ".." }], "2003", "room id is . or .., which no address can name"],
  [["..."], "2002", "..."],
  [[""], "2003", "room id is empty"],
  [[{ id: "" }], "2003", "room id is empty"],
  [[{ id: "a\u0000b" }], "2003", "room id has a control character"],
  [[{ id: "a\nb" }], "2003", "room id has a control character"],
  [[], "2003", BAD_ID],
  [[null], "2003", BAD_ID],
  [[true], "2003", BAD_ID],
  [[["456"]], "2003", BAD_ID],
  [[{}], "2003", BAD_ID],
  [[{ id: null }], "2003", BAD_ID],
  [[{ id: true }], "2003", BAD_ID],
  [[{ id: { id: "1" } }], "2003", BAD_ID],
  [[{ id: ["1"] }], "2003", BAD_ID],
  [[{ id: "b1", type: "loginWhenNever" }], "2003", BAD_TYPE],
  [[{ id: "b2", type: "LOGINWHENFIRST" }], "2003", BAD_TYPE],
  [[{ id: "b3", type: "" }], "2003", BAD_TYPE],
  [[{ id: "b4", type: 1 }], "2003", BAD_TYPE],
  [[{ id: "b5", type: {} }], "2003", BAD_TYPE],
  [["b6", "x"], "2003", BAD_TYPE],
  [["b7", 2], "2003", BAD_TYPE],
];

const answerTo = ([, code, what]) => (code === "2002" ? entered(what) : { code, msg: what });
const show = ([args]) => JSON.stringify(args).slice(0, 60);

describe("loginRoom, on the wire", () => {
  for (const form of FORMS) {
    test(`${show(form)} is ${form[1]}`, async (t) => {
      const page = await pagesOf(t)(gateway);
      assert.deepEqual(await page.ask("loginRoom", ...form[0]), answerTo(form));
      if (form[1] === "2002") assert.equal((await gateway.push(form[2], "e", "0")).DELIVERED, 1);
    });
  }
});

for (const version of VERSIONS) {
  test(`with an ack callback ${version} gets the same object twice`, async (t) => {
    const page = await pagesOf(t)(gateway, { version, transport: "upgrade" });
    for (const form of FORMS) {
      const told = page.downmsg.next();
      assert.deepEqual(await page.acked("loginRoom", ...form[0]), answerTo(form), show(form));
      assert.deepEqual(await told, answerTo(form), show(form));
      if (form[1] === "2002") await page.acked("logoutRoom", form[0][0]);
    }
  });
}

test("a number is taken by its digits, however long", async (t) => {
  const wire = await wiresOf(t)(gateway);
  wire.send('42["loginRoom",{"id":9007199254740993123}]');
  assert.equal(
    await wire.next(),
    '42["downmsg",{"code":"2002","msg":"login room (id:9007199254740993123) success"}]',
  );
  assert.equal((await gateway.push("9007199254740993123", "e", "0")).DELIVERED, 1);
});

test("the exact frames of 2001 to 2005", async (t) => {
  const open = wiresOf(t);
  const [first, second] = [await open(gateway, { join: false }), await open(gateway)];
  first.send("40");
  assert.match(await first.next(), /^40\{"sid":"[\w-]+"\}$/);
  assert.equal(await first.next(), '42["downmsg",{"code":"2001","msg":"connect success"}]');
  first.send('420["loginRoom",{"id":"456","type":"loginWhenFirst"}]');
  assert.equal(
    await first.next(),
    '42["downmsg",{"code":"2002","msg":"login room (id:456) success"}]',
  );
  assert.equal(await first.next(), '430[{"code":"2002","msg":"login room (id:456) success"}]');
  second.send('42["loginRoom",{"id":"456","type":"loginWhenFirst"}]');
  assert.equal(
    await second.next(),
    '42["downmsg",{"code":"2004","msg":"your room id(456) already exist"}]',
  );
  second.send('42["loginRoom",{"id":""}]');
  assert.equal(await second.next(), '42["downmsg",{"code":"2003","msg":"room id is empty"}]');
  second.send('42["loginRoom",{"id":"456","type":"loginWhenLast"}]');
  assert.equal(
    await first.next(),
    '42["downmsg",{"code":"2005","msg":"you have kicked out room (id456)"}]',
  );
  assert.equal(
    await second.next(),
    '42["downmsg",{"code":"2002","msg":"login room (id:456) success"}]',
  );
});

test("revision 3 is connected and greeted without asking", async (t) => {
  const wire = new Wire(`${gateway.url}/socket.io/?EIO=3&transport=websocket`);
  t.after(() => wire.cut());
  assert.match(await wire.next(), /^0\{/);
  assert.equal(await wire.next(), "40");
  assert.equal(await wire.next(), '42["downmsg",{"code":"2001","msg":"connect success"}]');
});

test("logoutRoom: what is no room id is 2003 in the ack", async (t) => {
  const page = await pagesOf(t)(gateway);
  for (const bad of [{}, { id: "" }, { id: null }, { id: "x".repeat(65) }, null]) {
    assert.equal((await page.acked("logoutRoom", bad)).code, "2003", JSON.stringify(bad));
  }
});

test("an event the gateway does not know has no effect", async (t) => {
  const page = await pagesOf(t)(gateway);
  page.socket.emit("logout", { id: "456" });
  page.socket.emit("downmsg", { code: "2005" });
  assert.deepEqual(await page.login("after"), entered("after"));
});
