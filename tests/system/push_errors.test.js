// The table of answers to POST /push (status, RETURN_CODE, RETURN_MSG, DELIVERED): whatever is
// posted, no page gets anything it should not, and the connection goes on where it can.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { exchange } from "./lib/http.js";
import { Wire } from "./lib/wire.js";

let gateway;
let witness;
before(async () => {
  gateway = await Gateway.start();
  witness = await Wire.open(gateway);
  assert.equal(await witness.login("456"), "2002");
});
after(async () => {
  witness.cut();
  await gateway.stop();
});

/** The witness has got nothing: the next thing it gets is what is pushed now. */
async function nobodyGotAnything() {
  const mark = Math.random();
  await gateway.push(undefined, "mark", `${mark}`);
  assert.equal(await witness.next(), `42["mark",${mark}]`);
}

const envelope = (body) => `{"ROOT":{"BODY":${body}}}`;
const nested = (depth) => "[".repeat(depth) + "]".repeat(depth);
const post = (body, options = {}) =>
  gateway.authorised("/push", { method: "POST", body, ...options });

const RESERVED = [
  "connect",
  "connect_error",
  "connect_timeout",
  "connecting",
  "disconnect",
  "disconnecting",
  "error",
  "newListener",
  "ping",
  "pong",
  "reconnect",
  "reconnect_attempt",
  "reconnect_error",
  "reconnect_failed",
  "reconnecting",
  "removeListener",
];
const RESERVED_MSG = "eventName is reserved by Socket.IO clients";

describe("taken and refused with a reason: 200, 0000, DELIVERED 0", () => {
  const rows = [
    ['{"roomId":"456","data":{}}', "eventName is missing"],
    ["{}", "eventName is missing"],
    ['{"eventName":""}', "eventName is empty"],
    ['{"eventName":null}', "eventName must be a string"],
    ['{"eventName":7}', "eventName must be a string"],
    ['{"eventName":{}}', "eventName must be a string"],
    ['{"eventName":["test"]}', "eventName must be a string"],
    ['{"eventName":true}', "eventName must be a string"],
    [`{"eventName":"${"e".repeat(257)}"}`, "eventName is longer than 256 bytes"],
    ['{"eventName":"test","roomId":456}', "roomId must be a string"],
    ['{"eventName":"test","roomId":true}', "roomId must be a string"],
    ['{"eventName":"test","roomId":["456"]}', "roomId must be a string"],
    ['{"eventName":"test","roomId":{"id":"456"}}', "roomId must be a string"],
    [`{"eventName":"test","roomId":"${"r".repeat(65)}"}`, "roomId is longer than 64 bytes"],
    ['{"eventName":"test","roomId":"a\\u0000b"}', "roomId contains control characters"],
    ...RESERVED.map((name) => [`{"eventName":"${name}","data":1}`, RESERVED_MSG]),
    ['{"eventName":"\\u0064isconnect"}', RESERVED_MSG],
    ['{"eventName":"disconnec\\u0074","roomId":"456"}', RESERVED_MSG],
  ];
  for (const [body, message] of rows) {
    test(body.slice(0, 60), async () => {
      const before = await gateway.metric("bellhop_pushes_unacceptable_total");
      const answer = await post(envelope(body));
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json, {
        ROOT: { BODY: { RETURN_CODE: "0000", RETURN_MSG: message, DELIVERED: 0 } },
      });
      assert.equal(await gateway.metric("bellhop_pushes_unacceptable_total"), before + 1);
      await nobodyGotAnything();
    });
  }
});

describe("good and delivered to nobody: 200, 0000, ok", () => {
  for (const room of ["457", "45", "4567", " 456", "456 ", "＀456"]) {
    test(`room "${room}"`, async () => {
      const { RETURN_CODE, RETURN_MSG, DELIVERED, ID } = await gateway.push(room, "test", "{}");
      assert.deepEqual([RETURN_CODE, RETURN_MSG, DELIVERED], ["0000", "ok", 0]);
      assert.match(ID, /^\d+$/);
      await nobodyGotAnything();
    });
  }
});

describe("everyone: no roomId, null or empty", () => {
  for (const members of ["", '"roomId":null,', '"roomId":"",']) {
    test(members || "absent", async () => {
      const answer = await post(envelope(`{${members}"eventName":"all","data":2}`));
      assert.equal(answer.json.ROOT.BODY.DELIVERED, 1);
      assert.equal(await witness.next(), '42["all",2]');
    });
  }
});

// [body, what RETURN_MSG says]
const MALFORMED = [
  ["", /.+ at byte 0/],
  ["   ", /.+ at byte/],
  ["hello", /.+ at byte 0/],
  ["null", /must be an object at byte 0/],
  ["[]", /must be an object at byte 0/],
  ['"ROOT"', /must be an object/],
  ["{}", /ROOT is missing/],
  ['{"root":{"body":{}}}', /ROOT is missing/],
  ['{"ROOT":null}', /ROOT must be an object at byte 8/],
  ['{"ROOT":[]}', /ROOT must be an object/],
  ['{"ROOT":{}}', /ROOT\.BODY is missing/],
  ['{"ROOT":{"BODY":"x"}}', /ROOT\.BODY must be an object at byte 16/],
  ['{"ROOT":{"BODY":[]}}', /ROOT\.BODY must be an object/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":}}}', /.+ at byte 43/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":1}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":1}}}}', /.+ at byte 47/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":1}}} {}', /.+ at byte 48/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":01}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":1.}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":+1}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":NaN}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":.5}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":tru}}}', /.+ at byte/],
  ["{'ROOT':{}}", /.+ at byte 1/],
  ['{"ROOT":{"BODY":{"eventName":"test",}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":[1,]}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":"a\nb"}}}', /.+ at byte 45/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":"a\u0000b"}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"te\u001est","data":1}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":"\\x41"}}}', /.+ at byte/],
  ['{"ROOT":{"BODY":{"eventName":"test","data":"\\u12g4"}}}', /.+ at byte/],
  [envelope('{"eventName":"test","data":"\\ud800"}'), /unpaired surrogate at byte 44/],
  ["\ufeff" + envelope('{"eventName":"test"}'), /.+ at byte 0/],
  ['/* */{"ROOT":{}}', /.+ at byte 0/],
  [envelope(`{"eventName":"test","data":${nested(14)}}`), /deep/],
  [envelope(`{"eventName":"test","data":${nested(5000)}}`), /deep/],
  ["[".repeat(60000), /deep/],
  [
    Buffer.from([...Buffer.from('{"ROOT":{"BODY":{"eventName":"'), 0xff, ...Buffer.from('"}}}')]),
    /UTF-8/,
  ],
  [
    Buffer.from([
      ...Buffer.from('{"ROOT":{"BODY":{"eventName":"t","data":"'),
      0xc0,
      0x80,
      ...Buffer.from('"}}}'),
    ]),
    /UTF-8/,
  ],
  [
    Buffer.from([
      ...Buffer.from('{"ROOT":{"BODY":{"eventName":"t","data":"'),
      0xed,
      0xa0,
      0x80,
      ...Buffer.from('"}}}'),
    ]),
    /UTF-8/,
  ],
];

describe("malformed: 400, 0400, what and where", () => {
  for (const [body, message] of MALFORMED) {
    test(JSON.stringify(body.toString()).slice(0, 70), async () => {
      const answer = await post(body);
      assert.equal(answer.status, 400);
      const { RETURN_CODE, RETURN_MSG, ...rest } = answer.json.ROOT.BODY;
      assert.equal(RETURN_CODE, "0400");
      assert.match(RETURN_MSG, message);
      assert.deepEqual(rest, {});
      await nobodyGotAnything();
    });
  }

  test("as deep as allowed is allowed", async () => {
    const { DELIVERED } = await gateway.push("456", "deep", nested(13));
    assert.equal(DELIVERED, 1);
    assert.equal(await witness.next(), `42["deep",${nested(13)}]`);
  });
});

describe("methods", () => {
  for (const method of ["GET", "PUT", "DELETE", "PATCH", "HEAD"]) {
    test(`${method} is 405 and names POST`, async () => {
      const body = ["PUT", "PATCH"].includes(method) ? envelope('{"eventName":"test"}') : undefined;
      const answer = await gateway.authorised("/push", { method, body });
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.allow, "POST");
      if (method !== "HEAD") assert.equal(answer.json.ROOT.BODY.RETURN_CODE, "0405");
      await nobodyGotAnything();
    });
  }
});

describe("size", () => {
  const bodyOf = (size) => {
    const head = '{"ROOT":{"BODY":{"eventName":"big","roomId":"none","data":"';
    return `${head}${"x".repeat(size - head.length - 4)}"}}}`;
  };

  test("64 KiB exactly is taken, one byte more is 413", async () => {
    assert.equal((await post(bodyOf(65536))).status, 200);
    const answer = await post(bodyOf(65537));
    assert.equal(answer.status, 413);
    assert.equal(answer.json.ROOT.BODY.RETURN_CODE, "0413");
    assert.match(answer.json.ROOT.BODY.RETURN_MSG, /body/);
  });

  for (const size of [65537, 1_000_000]) {
    test(`after 413 for ${size} bytes the connection takes the next push`, async (t) => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      t.after(() => agent.destroy());
      const sockets = new Set();
      agent.on("free", (socket) => sockets.add(socket));
      assert.equal((await post(bodyOf(size), { agent })).status, 413);
      assert.equal(
        (await post(envelope('{"eventName":"test","roomId":"none"}'), { agent })).status,
        200,
      );
      assert.ok(sockets.size <= 1, "one connection");
      await nobodyGotAnything();
    });
  }

  test("a length that is no number is 400, one beyond all bounds 413 and the end", async () => {
    const head = (length) =>
      `POST /push HTTP/1.1\r\nHost: x\r\nX-API-Key: ${gateway.key}\r\n` +
      `Content-Length: ${length}\r\n\r\n`;
    for (const length of ["abc", "-1", "1e3", "99999999999999999999999", "0x10"]) {
      assert.match(await exchange(gateway, head(length)), /^HTTP\/1\.[01] 400 /, length);
    }
    assert.match(await exchange(gateway, head("9999999999")), /^HTTP\/1\.[01] 413 /);
  });

  test("a chunked body is 411", async () => {
    const head =
      `POST /push HTTP/1.1\r\nHost: x\r\nX-API-Key: ${gateway.key}\r\n` +
      "Transfer-Encoding: chunked\r\n\r\n";
    assert.match(await exchange(gateway, `${head}5\r\nhello\r\n0\r\n\r\n`), /^HTTP\/1\.[01] 411 /);
  });
});
