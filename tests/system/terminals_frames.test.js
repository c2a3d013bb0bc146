// Frames that are none: each is answered with an Error of its own, the connection stays and works,
// and nobody else notices.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { WebSocket } from "ws";
import { tokenOf } from "./lib/jwt.js";
import { gatewayOf, Terminal, terminalsOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const MOST = 65536;

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

/** The only answer is this error; then a good frame passes, and b has seen nothing else. */
async function expectError(send, code, reason) {
  const [frames, events] = [a.frames.length, b.frames.length];
  const errors = await gateway.metric("bellhop_frame_errors_total");
  send();
  const error = await a.next("Error");
  assert.deepEqual(error, { Type: "Error", Message: { Code: code, Reason: error.Message.Reason } });
  if (reason instanceof RegExp) assert.match(error.Message.Reason, reason);
  else assert.equal(error.Message.Reason, reason);
  assert.equal((await a.event("Still", "2")).Status, "delivered");
  await b.heard("Still");
  assert.deepEqual([a.frames.length - frames, b.frames.length - events], [2, 1]);
  assert.equal(await gateway.metric("bellhop_frame_errors_total"), errors + 1);
}

const event = (members) =>
  JSON.stringify({ Receiver: "2", Type: "Event", Message: { Event: "E", Data: 1 }, ...members });
const message = (text) => `{"Receiver":"2","Type":"Event","Message":${text}}`;
const deep = (levels) => message(`{"Event":"E","Data":${"[".repeat(levels)}${"]".repeat(levels)}}`);

// [what, text, code, reason]
const ROWS = [
  ["nothing", "", "malformed", /at byte 0$/],
  ["blanks", "  \n", "malformed", /at byte 3$/],
  ["words", "hello", "malformed", /at byte 0$/],
  ["heart check in capitals", "HEART CHECK", "malformed", /at byte 0$/],
  ["heart check with a blank", "heart check ", "malformed", /at byte 0$/],
  ["an open object", '{"Type":"Event"', "malformed", /at byte 15$/],
  ["two objects", `${event()}${event()}`, "malformed", /at byte \d+$/],
  ["a comma too many", '{"Type":"Event",}', "malformed", /at byte 16$/],
  ["single quotes", "{'Type':'Event'}", "malformed", /at byte 1$/],
  ["a byte order mark", `\ufeff${event()}`, "malformed", /at byte 0$/],
  ["a raw control character", message('{"Event":"a\tb"}'), "malformed", /at byte \d+$/],
  ["a lone surrogate", message('{"Event":"E","Data":"\\ud800"}'), "malformed", /at byte \d+$/],
  ["NaN", message('{"Event":"E","Data":NaN}'), "malformed", /at byte \d+$/],
  ["a number with a leading zero", message('{"Event":"E","Data":01}'), "malformed", /at byte \d+$/],
  ["nesting too deep", deep(15), "malformed", /deep.* at byte \d+$/],
  ["nesting of thousands", deep(20000), "malformed", /deep.* at byte \d+$/],
  ["an array", "[]", "malformed", "the frame is not a JSON object"],
  ["a string", '"Event"', "malformed", "the frame is not a JSON object"],
  ["a number", "1", "malformed", "the frame is not a JSON object"],
  ["null", "null", "malformed", "the frame is not a JSON object"],
  ["an empty object", "{}", "no_type", "Type is missing"],
  ["Type null", event({ Type: null }), "no_type", "Type is missing"],
  ["an empty Type", event({ Type: "" }), "no_type", "Type is missing"],
  ["type in small letters", '{"type":"Event"}', "no_type", "Type is missing"],
  ["Type a number", event({ Type: 1 }), "wrong_type", "Type is not a string"],
  ["Type an object", event({ Type: {} }), "wrong_type", "Type is not a string"],
  ["Type Chat", event({ Type: "Chat" }), "unknown_type", "Type is not Event"],
  ["Type Receipt", event({ Type: "Receipt" }), "unknown_type", "Type is not Event"],
  ["Type event", event({ Type: "event" }), "unknown_type", "Type is not Event"],
  ["Sender an object", event({ Sender: {} }), "wrong_type", "Sender is no user id"],
  ["Sender true", event({ Sender: true }), "wrong_type", "Sender is no user id"],
  ["Sender with a fraction", event({ Sender: 1.5 }), "wrong_type", "Sender is no user id"],
  ["Sender too long", event({ Sender: "x".repeat(65) }), "wrong_type", "Sender is no user id"],
  ["no Receiver", event({ Receiver: undefined }), "wrong_type", "Receiver is no user id"],
  ["Receiver null", event({ Receiver: null }), "wrong_type", "Receiver is no user id"],
  ["an empty Receiver", event({ Receiver: "" }), "wrong_type", "Receiver is no user id"],
  ["Receiver an array", event({ Receiver: ["2"] }), "wrong_type", "Receiver is no user id"],
  [
    "Receiver too long",
    event({ Receiver: "x".repeat(65) }),
    "wrong_type",
    "Receiver is no user id",
  ],
  ["Receiver with a quote", event({ Receiver: '2"' }), "wrong_type", "Receiver is no user id"],
  ["Receiver with a NUL", event({ Receiver: "2\0" }), "wrong_type", "Receiver is no user id"],
  ["Receiver 1e3", '{"Receiver":1e3,"Type":"Event"}', "wrong_type", "Receiver is no user id"],
  ["SendTime a number", event({ SendTime: 0 }), "wrong_type", "SendTime is not a string"],
  ["SendTime an object", event({ SendTime: {} }), "wrong_type", "SendTime is not a string"],
  ["Id a word", event({ Id: "abc" }), "wrong_type", "Id is not the id of a call"],
  ["Id negative", event({ Id: -1 }), "wrong_type", "Id is not the id of a call"],
  ["Id with a fraction", event({ Id: 1.5 }), "wrong_type", "Id is not the id of a call"],
  [
    "Id of 65 bits",
    event({ Id: "18446744073709551616" }),
    "wrong_type",
    "Id is not the id of a call",
  ],
  ["Id an object", event({ Id: {} }), "wrong_type", "Id is not the id of a call"],
  ["Id true", event({ Id: true }), "wrong_type", "Id is not the id of a call"],
  ["no Message", event({ Message: undefined }), "wrong_type", "Message is not an object"],
  ["Message null", event({ Message: null }), "wrong_type", "Message is not an object"],
  ["Message a string", event({ Message: "Call" }), "wrong_type", "Message is not an object"],
  ["Message an array", event({ Message: [] }), "wrong_type", "Message is not an object"],
  [
    "no Event",
    message('{"Data":{}}'),
    "wrong_type",
    "Message.Event is not a string with something in it",
  ],
  [
    "an empty Event",
    message('{"Event":""}'),
    "wrong_type",
    "Message.Event is not a string with something in it",
  ],
  [
    "Event a number",
    message('{"Event":1}'),
    "wrong_type",
    "Message.Event is not a string with something in it",
  ],
  [
    "an Event too long",
    message(`{"Event":"${"e".repeat(65)}"}`),
    "wrong_type",
    "Message.Event is longer than 64 bytes",
  ],
];

describe("text", () => {
  for (const [what, text, code, reason] of ROWS) {
    test(what, () => expectError(() => a.send(text), code, reason));
  }

  test("JSON as deep as may be passes", async () => {
    assert.equal((await a.ask(deep(14))).Status, "delivered");
    await b.heard("E");
  });

  test("cut at every byte it is an error every time, and nothing worse", async () => {
    const whole = event({ Sender: "1", SendTime: "", Id: "5" });
    for (let size = 1; size < whole.length; size++) {
      a.send(whole.slice(0, size));
      assert.equal((await a.next("Error")).Message.Code, "malformed", whole.slice(0, size));
    }
    assert.equal((await a.ask(whole)).Status, "delivered");
    await b.heard("E");
  });
});

describe("not text, or too much of it", () => {
  const tooLarge = "the frame is longer than limits.message_bytes";
  test("binary", () =>
    expectError(() => a.socket.send(Buffer.from(event())), "binary", "frames are text"));
  test("binary, empty", () =>
    expectError(() => a.socket.send(Buffer.alloc(0)), "binary", "frames are text"));
  test("binary in pieces", () =>
    expectError(
      () => {
        a.socket.send(Buffer.from("{"), { fin: false });
        a.socket.send(Buffer.from("}"));
      },
      "binary",
      "frames are text",
    ));
  test("one byte more than allowed", () =>
    expectError(() => a.send("x".repeat(MOST + 1)), "too_large", tooLarge));
  test("much more than allowed", () =>
    expectError(() => a.send("x".repeat(1e6)), "too_large", tooLarge));
  test("in many small pieces", () =>
    expectError(
      () => {
        for (let i = 0; i < 100; i++) a.socket.send("x".repeat(1000), { fin: false });
        a.socket.send("");
      },
      "too_large",
      tooLarge,
    ));
  test("in two pieces, the last of which is large", () =>
    expectError(
      () => {
        a.socket.send("x", { fin: false });
        a.socket.send("x".repeat(MOST));
      },
      "too_large",
      tooLarge,
    ));

  test("a good frame in pieces of a byte, with a ping between, passes", async () => {
    const text = event();
    for (const byte of text.slice(0, -1)) a.socket.send(byte, { fin: false });
    const pong = new Promise((resolve) => a.socket.once("pong", resolve));
    a.socket.ping("between");
    a.socket.send(text.at(-1));
    await b.heard("E");
    assert.equal((await pong).toString(), "between");
    assert.equal((await a.next("Receipt")).Message.Status, "delivered");
  });

  test("many terminals that leave their messages open keep nobody out", async (t) => {
    const open = terminalsOf(t);
    const stuck = [];
    for (let i = 0; i < 20; i++) {
      stuck.push(await open(gateway, `stuck ${i}`));
      stuck[i].socket.send('{"Type":', { fin: false });
      await new Promise((resolve) => {
        stuck[i].socket.once("pong", resolve);
        stuck[i].socket.once("close", resolve);
        stuck[i].socket.ping();
      });
    }
    assert.equal((await a.event("Still", "2")).Status, "delivered");
    await b.heard("Still");
  });
});

describe("bytes that are no WebSocket frames", () => {
  const rows = [
    ["a frame without a mask", Buffer.from("810568656c6c6f", "hex")],
    ["reserved bits", Buffer.from("f18500000000" + "68656c6c6f", "hex")],
    ["an unknown opcode", Buffer.from("838500000000" + "68656c6c6f", "hex")],
    ["text that is not UTF-8", Buffer.from("818200000000" + "c328", "hex")],
    ["a continuation of nothing", Buffer.from("808500000000" + "68656c6c6f", "hex")],
    [
      "a ping of 126 bytes",
      Buffer.concat([Buffer.from("89fe007e00000000", "hex"), Buffer.alloc(126)]),
    ],
    ["a length of 2^63", Buffer.from("81ffffffffffffffffff00000000", "hex")],
  ];
  for (const [what, bytes] of rows) {
    test(`${what} ends that terminal only`, async (t) => {
      const c = await terminalsOf(t)(gateway, "3");
      c.socket._socket.write(bytes);
      const answered = () => c.socket.readyState === WebSocket.CLOSED || c.all("Error").length > 0;
      await until(answered, "the end or an Error");
      assert.equal((await a.event("Still", "2")).Status, "delivered");
      await b.heard("Still");
    });
  }
});
