// Packets that no client should send: the sender is answered as the protocol says, counted and
// mostly closed; the other page in the same room notices nothing.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { until } from "./lib/wait.js";
import { Wire, wiresOf } from "./lib/wire.js";

let gateway;
let witness;
before(async () => {
  gateway = await Gateway.start();
  witness = await Wire.open(gateway);
  assert.equal(await witness.login("ward"), "2002");
});
after(async () => {
  witness.cut();
  await gateway.stop();
});

/** The witness has heard nothing of what went before, and is still in its room. */
async function expectWitnessUntouched() {
  const mark = Math.random();
  await gateway.push("ward", "mark", `${mark}`);
  assert.equal(await witness.next(), `42["mark",${mark}]`);
}

const deep = (depth) => "[".repeat(depth) + "]".repeat(depth);
const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));

// What ends the session of a page in the ward: frames, in order. A Buffer goes as binary.
const CLOSING = {
  "an empty frame": [""],
  "an unknown Engine.IO type": ["7"],
  "a letter": ["x"],
  "a message without a packet": ["4"],
  "an unknown Socket.IO type": ["47"],
  "an event that is no JSON": ["42[nope]"],
  "an event cut short": ['42["loginRoom","456"'],
  "an event with more behind": ['42["loginRoom","456"] x'],
  "an event that is an object": ['42{"loginRoom":"456"}'],
  "an event that is a text": ['42"loginRoom"'],
  "an event of no name": ["42[]"],
  "an event whose name is an object": ['42[{"a":1}]'],
  "an event whose name is null": ["42[null]"],
  "a reserved event: connect": ['42["connect"]'],
  "a reserved event: disconnect": ['42["disconnect","io server disconnect"]'],
  "a reserved event, in escapes": ['42["\\u0064isconnecting"]'],
  "too deep": [`42["e",${deep(100)}]`],
  "a control character in a text": ['42["e","a\u0001b"]'],
  "an ack id beyond all bounds": ['4299999999999999999999999["e"]'],
  "an ack that is an object": ['430{"a":1}'],
  "a second CONNECT": ["40"],
  "CONNECT with a list": ["40[]"],
  "CONNECT_ERROR from a page": ['44{"message":"no"}'],
  "DISCONNECT with a payload": ['41{"a":1}'],
  "an event for a namespace not joined": ['42/ward,["loginRoom","456"]'],
  "an event after DISCONNECT": ["41", '42["loginRoom","456"]'],
  "a namespace with a control character": ["40/a\u0001b,"],
  "binary out of the blue": [Buffer.from([1, 2, 3])],
  "empty binary out of the blue": [Buffer.alloc(0)],
  "an event between binary parts": [
    '451-["e",{"_placeholder":true,"num":0}]',
    '42["loginRoom","456"]',
  ],
  "a second binary event before the first is whole": ['451-["e",0]', '451-["e",0]'],
  "no attachments announced": ['450-["e"]'],
  "too many attachments": ['4511-["e"]'],
  "attachments without a number": ['45-["e"]'],
  "attachments without a dash": ['451["e"]'],
  "a binary part more than announced": ['451-["e",0]', Buffer.from([1]), Buffer.from([2])],
  "a placeholder out of range": ['451-["e",{"_placeholder":true,"num":7}]', Buffer.from([1])],
  "a ping in revision 4": ["2"],
  "an open packet with rubbish, then rubbish": ["0{}", "nonsense"],
  "bad base64": ["b!!!!"],
};

describe("over a WebSocket: the session ends, its rooms are free", () => {
  for (const [name, frames] of Object.entries(CLOSING)) {
    test(name, async (t) => {
      const open = wiresOf(t);
      const wire = await open(gateway);
      assert.equal(await wire.login("ward"), "2002");
      const before = await gateway.closed("protocol_error");
      for (const frame of frames) wire.send(frame);
      const { code } = await wire.end();
      assert.ok([1000, 1002].includes(code), `close code ${code}`);
      assert.equal(await gateway.closed("protocol_error"), before + 1);
      await expectWitnessUntouched();
      assert.equal((await gateway.push("ward", "who", "0")).DELIVERED, 1);
      assert.equal(await witness.next(), '42["who",0]');
    });
  }
});

// What is ignored or answered, and the session goes on: [frames, answer or none].
const HARMLESS = {
  "an unknown namespace": [["40/nobody,"], '44/nobody,{"message":"Invalid namespace"}'],
  "an unknown namespace with auth": [
    ['40/x,{"token":"t"}'],
    '44/x,{"message":"Invalid namespace"}',
  ],
  "a namespace of 128 letters": [
    [`40/${"n".repeat(127)}`],
    `44/${"n".repeat(127)},{"message":"Invalid namespace"}`,
  ],
  "an unknown event": [['42["nobody knows",1]']],
  "an event whose name is a number": [["42[7]"]],
  "an ack nobody waits for": [["43123[1]"]],
  "an unknown event with an ack id": [['429["nobody knows"]']],
  "a binary event nobody knows": [['451-["e",{"_placeholder":true,"num":0}]', Buffer.from([1])]],
  "loginRoom as a binary event": [
    ['451-["loginRoom",{"_placeholder":true,"num":0}]', Buffer.from([1])],
    /^42\["downmsg",\{"code":"2003"/,
  ],
  "noop, open, upgrade, pong": [["6", "0", "5", "3"]],
  "an event with an empty text as its name": [['42[""]']],
};

describe("over a WebSocket: the session goes on", () => {
  for (const [name, [frames, answer]] of Object.entries(HARMLESS)) {
    test(name, async (t) => {
      const wire = await wiresOf(t)(gateway);
      for (const frame of frames) wire.send(frame);
      if (answer instanceof RegExp) assert.match(await wire.next(), answer);
      else if (answer) assert.equal(await wire.next(), answer);
      assert.equal(await wire.login("ward"), "2002");
      await expectWitnessUntouched();
    });
  }
});

describe("before CONNECT", () => {
  for (const frame of ['42["loginRoom","ward"]', "41", "430[]", Buffer.from([1])]) {
    test(`${frame} ends the session`, async (t) => {
      const wire = await wiresOf(t)(gateway, { join: false });
      wire.send(frame);
      await wire.end();
      assert.deepEqual(wire.frames.items, []);
      await expectWitnessUntouched();
    });
  }

  test("who does not connect in time is closed", async (t) => {
    const impatient = await Gateway.start({ config: { engine: { connect_timeout_ms: 100 } } });
    t.after(() => impatient.stop());
    const open = wiresOf(t);
    const [lazy, page] = [await open(impatient, { join: false }), await open(impatient)];
    await lazy.end();
    assert.equal(await impatient.closed("connect_timeout"), 1);
    assert.equal(await page.login("ward"), "2002");
  });
});

describe("a binary event whose parts never come", () => {
  test("does not hold up others, and its connection's end frees its buffer", async (t) => {
    const open = wiresOf(t);
    const series = 'bellhop_table_in_use{table="assembly_buffers"}';
    const wire = await open(gateway);
    wire.send('452-["e",{"_placeholder":true,"num":0}]');
    await until(async () => (await gateway.metric(series)) === 1, "the buffer in use");
    await expectWitnessUntouched();
    wire.cut();
    await until(async () => (await gateway.metric(series)) === 0, "the buffer free");
  });
});

describe("revision 3", () => {
  for (const frames of [["3"], ["7"], ['42["e"'], [Buffer.from([9, 1])], [Buffer.alloc(0)]]) {
    test(`${frames[0].toString("hex")} ends the session`, async (t) => {
      const wire = await wiresOf(t)(gateway, { eio: 3 });
      for (const frame of frames) wire.send(frame);
      await wire.end();
      await expectWitnessUntouched();
    });
  }
});

describe("frames of text that are not UTF-8", () => {
  for (const [name, tail] of [
    ["a lone byte", [0xff]],
    ["an overlong form", [0xc0, 0x80]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
  ]) {
    test(name, async (t) => {
      const wire = await wiresOf(t)(gateway);
      wire.socket.send(bytes('42["loginRoom",{"id":"', tail, '"}]'), { binary: false });
      await wire.end();
      await expectWitnessUntouched();
    });
  }
});

describe("polling payloads", () => {
  const show = (body) => JSON.stringify(body.toString().slice(0, 30));
  const url = (eio, sid = "") => `/socket.io/?EIO=${eio}&transport=polling${sid && `&sid=${sid}`}`;
  const openSession = async (eio) => {
    const [, sid] = /"sid":"([\w-]+)"/.exec((await gateway.request(url(eio))).text);
    if (eio === 4) await gateway.request(url(eio, sid), { method: "POST", body: "40" });
    return sid;
  };
  const BAD = [
    [4, ""],
    [4, "x"],
    [4, "42["],
    [4, "\x1e"],
    [4, '42["e"]\x1e'],
    [4, '42["e"]\x1e\x1e42["e"]'],
    [4, "b!"],
    [4, bytes('42["e","', [0xff], '"]')],
    [4, `4${"2".repeat(60000)}`],
    [3, ""],
    [3, "x"],
    [3, "5:42"],
    [3, "-1:42"],
    [3, "99999999999999999999:4"],
    [3, ":"],
    [3, '6:42["e"'],
  ];
  for (const [eio, body] of BAD) {
    test(`revision ${eio}: ${show(body)} ends it`, async () => {
      const sid = await openSession(eio);
      const answer = await gateway.request(url(eio, sid), { method: "POST", body });
      assert.ok([200, 400].includes(answer.status));
      const next = await gateway.request(url(eio, sid), { method: "POST", body: "6" });
      assert.deepEqual([next.status, next.json?.code], [400, 1], "the session is unknown now");
      await expectWitnessUntouched();
    });
  }
});
