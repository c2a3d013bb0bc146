// Bytes that are no good HTTP or no good WebSocket: an end for their sender, nothing for others.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { exchange, Line } from "./lib/http.js";
import { until } from "./lib/wait.js";
import { Wire } from "./lib/wire.js";

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

async function expectWitnessUntouched() {
  const mark = Math.random();
  assert.equal((await gateway.push("ward", "mark", `${mark}`)).DELIVERED, 1);
  assert.equal(await witness.next(), `42["mark",${mark}]`);
}

const GARBAGE = {
  zeros: Buffer.alloc(4096),
  ones: Buffer.alloc(4096, 0xff),
  "random bytes": randomBytes(100000),
  "a TLS hello on the plain port": Buffer.from("16030100c8010000c40303" + "00".repeat(190), "hex"),
  "line ends": Buffer.from("\r\n".repeat(3000)),
  "a method nobody knows": Buffer.from("BREW /pot HTTP/1.1\r\nHost: box\r\n\r\n"),
  "another protocol": Buffer.from("SSH-2.0-OpenSSH_9.2\r\n"),
  "HTTP/2 preface": Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  "a path that climbs": Buffer.from("GET /../../../etc/passwd HTTP/1.1\r\nHost: box\r\n\r\n"),
  "a path that climbs in escapes": Buffer.from(
    "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: box\r\n\r\n",
  ),
  "a broken escape": Buffer.from("GET /%zz HTTP/1.1\r\nHost: box\r\n\r\n"),
  "a NUL in the path": Buffer.from("GET /push%00 HTTP/1.1\r\nHost: box\r\n\r\n"),
  "a header without a colon": Buffer.from("GET /health/live HTTP/1.1\r\nnonsense\r\n\r\n"),
  "many headers": Buffer.from(`GET / HTTP/1.1\r\n${"X-A: b\r\n".repeat(5000)}\r\n`),
};

describe("bytes of no protocol", () => {
  for (const [name, bytes] of Object.entries(GARBAGE)) {
    test(name, async (t) => {
      const line = await Line.open(gateway);
      t.after(() => line.cut());
      line.write(bytes);
      await expectWitnessUntouched();
      assert.doesNotMatch(line.text, /root:|HTTP\/1\.[01] 200/);
      line.cut();
      await expectWitnessUntouched();
    });
  }
});

describe("requests that stop halfway", () => {
  const HALVES = {
    "nothing at all": "",
    "half a request line": "GET /hea",
    "a head without its end": "GET /health/live HTTP/1.1\r\nHost: box\r\n",
    "a push without its body":
      "POST /push HTTP/1.1\r\nHost: box\r\nX-API-Key: KEY\r\nContent-Length: 500\r\n\r\n{",
    "an upgrade without its end":
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nUpgrade: websocket\r\n",
  };
  for (const [name, text] of Object.entries(HALVES)) {
    test(`${name}: others go on, and its end leaves nothing behind`, async (t) => {
      const inUse = (table) => gateway.metric(`bellhop_table_in_use{table="${table}"}`);
      const before = await inUse("connections");
      const lines = await Promise.all(Array.from({ length: 20 }, () => Line.open(gateway)));
      t.after(() => lines.forEach((line) => line.cut()));
      for (const line of lines) line.write(text.replace("KEY", gateway.key));
      await until(async () => (await inUse("connections")) === before + 20, "all of them");
      await expectWitnessUntouched();
      for (const line of lines) line.cut();
      await until(async () => (await inUse("connections")) === before, "their end");
      assert.equal(await inUse("assembly_buffers"), 0);
    });
  }

  test(
    "a head that comes byte by byte is cut, however it trickles",
    { timeout: 60000 },
    async () => {
      const line = await Line.open(gateway);
      line.write("GET /health/live HTTP/1.1\r\nX-Slow: ");
      const drip = setInterval(() => line.write("a"), 200);
      try {
        await line.end(20000);
      } finally {
        clearInterval(drip);
      }
      assert.doesNotMatch(line.text, / 200 OK/);
      await expectWitnessUntouched();
    },
  );

  test("a head in two pieces is a request", async () => {
    const line = await Line.open(gateway);
    line.write("GET /health/l");
    await expectWitnessUntouched();
    line.write("ive HTTP/1.1\r\nHost: box\r\n\r\n");
    await line.expect(/ 200 OK[^]*"status":"live"/);
    line.cut();
  });

  test("a push whose body comes in many pieces arrives as one", async () => {
    const line = await Line.open(gateway);
    const data = `"${"é".repeat(3000)}"`;
    const body = `{"ROOT":{"BODY":{"roomId":"ward","eventName":"pieces","data":${data}}}}`;
    const bytes = Buffer.from(body);
    line.write(
      `POST /push HTTP/1.1\r\nHost: box\r\nX-API-Key: ${gateway.key}\r\n` +
        `Content-Length: ${bytes.length}\r\n\r\n`,
    );
    for (let i = 0; i < bytes.length; i += 501) {
      line.write(bytes.subarray(i, i + 501));
      await gateway.request("/health/live");
    }
    await line.expect(/"RETURN_CODE":"0000".*"DELIVERED":1/);
    assert.equal(await witness.next(), `42["pieces",${data}]`);
    line.cut();
  });
});

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";
const upgrade = (headers, path = "/socket.io/?EIO=4&transport=websocket") =>
  `GET ${path} HTTP/1.1\r\nHost: box\r\nConnection: Upgrade\r\n` +
  `Upgrade: websocket\r\n${headers}\r\n`;

describe("upgrades", () => {
  const good = `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n`;
  const REFUSED = [
    ["an unknown path", upgrade(good, "/nowhere"), /^HTTP\/1\.1 404 /],
    [
      "an unknown revision",
      upgrade(good, "/socket.io/?EIO=2&transport=websocket"),
      /^HTTP\/1\.1 400 /,
    ],
    [
      "an unknown session",
      upgrade(good, "/socket.io/?EIO=4&transport=websocket&sid=AAAAAAAAAAAAAAAAAAAA"),
      /^HTTP\/1\.1 400 /,
    ],
    [
      "an unknown transport",
      upgrade(good, "/socket.io/?EIO=4&transport=pigeon"),
      /^HTTP\/1\.1 400 /,
    ],
    ["no key", upgrade("Sec-WebSocket-Version: 13\r\n"), /^(HTTP\/1\.1 4\d\d |$)/],
  ];
  for (const [name, bytes, answer] of REFUSED) {
    test(`${name} is refused`, async () => {
      assert.match(await exchange(gateway, bytes), answer);
      await expectWitnessUntouched();
    });
  }
});

/** A frame as a client sends it, masked unless told. */
function frame(opcode, payload, { fin = true, masked = true, rsv = 0, length } = {}) {
  const body = Buffer.from(payload);
  const size = length ?? body.length;
  const head = [(fin ? 0x80 : 0) | rsv | opcode];
  if (size < 126) head.push((masked ? 0x80 : 0) | size);
  else
    head.push(
      (masked ? 0x80 : 0) | 127,
      0,
      0,
      0,
      0,
      (size >>> 24) & 255,
      (size >>> 16) & 255,
      (size >>> 8) & 255,
      size & 255,
    );
  return Buffer.concat([Buffer.from(head), ...(masked ? [Buffer.alloc(4)] : []), body]);
}

describe("WebSocket frames", () => {
  const BAD = {
    "a reserved opcode": frame(3, "x"),
    "reserved bits": frame(1, "40", { rsv: 0x40 }),
    "a continuation of nothing": frame(0, "40"),
    "a ping in pieces": frame(9, "x", { fin: false }),
    "a ping too long": frame(9, "x".repeat(200)),
    "a close of one byte": frame(8, [3]),
    "not masked": frame(1, "40", { masked: false }),
    "a length of 4 GB": frame(1, "40", { length: 0xffffffff }),
    "a new message inside another": Buffer.concat([frame(1, "40", { fin: false }), frame(1, "40")]),
    garbage: randomBytes(2000),
  };
  for (const [name, bytes] of Object.entries(BAD)) {
    test(`${name}: others go on, and the sender's end leaves nothing`, async (t) => {
      const line = await Line.open(gateway);
      t.after(() => line.cut());
      line.write(upgrade(`Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n`));
      await line.expect(/101 Switching Protocols[^]*"sid"/);
      line.write(bytes);
      await expectWitnessUntouched();
      line.cut();
      await gateway.connected(1);
    });
  }

  test("pings are answered, small pieces joined", async (t) => {
    const line = await Line.open(gateway);
    t.after(() => line.cut());
    line.write(upgrade(`Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n`));
    await line.expect(/"sid"/);
    line.write(Buffer.concat([frame(1, "4", { fin: false }), frame(9, "hello"), frame(0, "0")]));
    await line.expect(/\x8a\x05hello/);
    await line.expect(/2001/);
  });
});
