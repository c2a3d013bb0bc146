// The TLS listener: stock clients, pushes, versions, its bound, and a certificate that changes.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, readFileSync, rmSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import tls from "node:tls";
import { after, before, describe, test } from "node:test";
import { Gateway, temporaryFolder } from "./lib/gateway.js";
import { entered, EVERY, pagesOf } from "./lib/pages.js";
import { until, within } from "./lib/wait.js";
import { Wire, wiresOf } from "./lib/wire.js";

let gateway;
let certificate;
before(async () => {
  gateway = await Gateway.start({ tls: true });
  certificate = readFileSync(join(gateway.state, "tls.crt"));
});
after(() => gateway.stop());

const handshake = (options) =>
  within(
    new Promise((resolve, reject) => {
      const socket = tls.connect({
        host: gateway.host,
        port: gateway.port,
        rejectUnauthorized: false,
        ...options,
      });
      socket.once("secureConnect", () => resolve(socket));
      socket.once("error", reject);
    }),
    "a TLS handshake",
  );
const trusting = { rejectUnauthorized: false };
const push = (...message) => gateway.push(...message);

test("the ready line says https", () => assert.match(gateway.url, /^https:/));

for (const version of ["TLSv1.2", "TLSv1.3"]) {
  test(`${version} is spoken`, async () => {
    const socket = await handshake({ minVersion: version, maxVersion: version });
    assert.equal(socket.getProtocol(), version);
    socket.write("GET /health/live HTTP/1.1\r\nHost: box\r\nConnection: close\r\n\r\n");
    const [answer] = await within(
      new Promise((resolve) => socket.once("data", (data) => resolve([data]))),
      "an answer",
    );
    assert.match(answer.toString(), /^HTTP\/1\.1 200 /);
    socket.destroy();
  });
}

test("TLS 1.1 is not", async () => {
  const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" };
  await assert.rejects(handshake(old));
});

test("a cipher without authentication of its own is not", async () => {
  const cbc = { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA" };
  await assert.rejects(handshake(cbc));
});

test("the certificate is the box's own, for its addresses, and can be trusted", async () => {
  const careful = (ca) => gateway.request("/health/live", { rejectUnauthorized: true, ca });
  assert.equal((await careful(certificate)).status, 200);
  await assert.rejects(careful(undefined), /self.signed|unable to verify/i);
  const socket = await handshake({});
  const peer = socket.getPeerCertificate();
  socket.destroy();
  assert.match(peer.subjectaltname, /127\.0\.0\.1/);
  assert.ok(Date.parse(peer.valid_to) > Date.now() + 300 * 24 * 3600 * 1000, peer.valid_to);
});

for (const kind of EVERY) {
  test(`the seed's example by ${kind.name}`, async (t) => {
    const page = await pagesOf(t)(gateway, kind, trusting);
    assert.deepEqual(await page.login("456"), entered("456"));
    const heard = page.listen("test");
    await page.upgraded();
    assert.equal((await push("456", "test", '{"n":1}')).DELIVERED, 1);
    assert.deepEqual(await heard.next(), { n: 1 });
    page.close();
    await until(
      async () => (await push("456", "test", "0")).DELIVERED === 0,
      "the room to be empty",
    );
  });
}

test("large messages go whole in both directions", async (t) => {
  const wire = await wiresOf(t)(gateway);
  const data = `"${"é😀".repeat(10000)}"`;
  for (let i = 0; i < 30; i++) {
    await push(undefined, "big", data);
    assert.equal(await wire.next(), `42["big",${data}]`);
  }
  wire.emit("noise", "x".repeat(60000));
  assert.equal(await wire.login("after"), "2002");
});

test("one connection takes many pushes", async (t) => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const wire = await wiresOf(t)(gateway);
  for (let i = 0; i < 200; i++) await push(undefined, "n", `${i}`, { agent });
  for (let i = 0; i < 200; i++) assert.equal(await wire.next(), `42["n",${i}]`);
});

test("plain HTTP on the TLS port and a broken handshake disturb nobody", async (t) => {
  const wire = await wiresOf(t)(gateway);
  const { Line } = await import("./lib/http.js");
  for (const bytes of [
    "GET / HTTP/1.1\r\nHost: box\r\n\r\n",
    Buffer.from("160301020001000000", "hex"),
    Buffer.alloc(3000, 0x16),
  ]) {
    const line = await Line.open(gateway);
    line.write(bytes);
    await push(undefined, "mark", "1");
    assert.equal(await wire.next(), '42["mark",1]');
    assert.doesNotMatch(line.text, /200 OK/);
    line.cut();
  }
});

test("SIGTERM tells TLS clients, too", async (t) => {
  const other = await Gateway.start({ tls: true });
  const wire = await wiresOf(t)(other);
  other.signal("SIGTERM");
  assert.equal((await wire.end()).code, 1001);
  await other.stop();
});

test("tls_connections: the newcomer is turned away, those inside go on", async (t) => {
  const limits = { tls_connections: 3 };
  const bounded = await Gateway.start({ tls: true, config: { limits } });
  t.after(() => bounded.stop());
  const open = wiresOf(t);
  const inside = [await open(bounded), await open(bounded)];
  const third = new Wire(`${bounded.url}/socket.io/?EIO=4&transport=websocket`);
  assert.match(await third.next(), /^0\{/);
  const fourth = new Wire(`${bounded.url}/socket.io/?EIO=4&transport=websocket`);
  assert.match(await fourth.next(), /^error /);
  third.cut();
  const push = () => bounded.push(undefined, "mark", "1");
  await until(() => push().catch(() => undefined), "a free place");
  for (const wire of inside) assert.equal(await wire.next(), '42["mark",1]');
  const { text } = await until(
    () => bounded.request("/metrics").catch(() => undefined),
    "a free place",
  );
  assert.match(text, /bellhop_table_refusals_total\{table="tls_connections"\} [1-9]/);
});

describe("a new certificate", () => {
  const served = async (from) => {
    const socket = await within(
      new Promise((resolve, reject) => {
        const s = tls.connect({ host: from.host, port: from.port, rejectUnauthorized: false });
        s.once("secureConnect", () => resolve(s));
        s.once("error", reject);
      }),
      "a TLS handshake",
    );
    const { fingerprint256, subject } = socket.getPeerCertificate();
    socket.destroy();
    return { fingerprint256, name: subject.CN };
  };
  const make = (folder, name) => {
    const files = ["-keyout", join(folder, "new.key"), "-out", join(folder, "new.crt")];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    execFileSync(
      "openssl",
      ["req", "-x509", ...kind, ...files, "-days", "30", "-subj", `/CN=${name}`],
      { stdio: "pipe" },
    );
  };

  test("is served after SIGHUP, to pages that come; those inside stay", async (t) => {
    const own = await Gateway.start({ tls: true });
    t.after(() => own.stop());
    const wire = await wiresOf(t)(own);
    const before = await served(own);
    make(own.folder, "ward.example");
    copyFileSync(join(own.folder, "new.key"), join(own.state, "tls.key"));
    chmodSync(join(own.state, "tls.key"), 0o600);
    copyFileSync(join(own.folder, "new.crt"), join(own.state, "tls.crt"));
    assert.deepEqual(await served(own), before, "not before it is told");
    own.signal("SIGHUP");
    await own.logged(/event=reloaded/);
    await until(async () => (await served(own)).name === "ward.example", "the new certificate");
    assert.equal(await wire.login("456"), "2002");
  });

  test("that is broken or does not fit its key is not taken", async (t) => {
    const own = await Gateway.start({ tls: true });
    t.after(() => own.stop());
    const before = await served(own);
    make(own.folder, "ward.example");
    // The key stays the old one.
    copyFileSync(join(own.folder, "new.crt"), join(own.state, "tls.crt"));
    own.signal("SIGHUP");
    await own.logged(/level=error event=reload_certificate_failed[^]*event=reloaded/);
    assert.deepEqual(await served(own), before);
  });

  test("of one's own is served from the start", async (t) => {
    const folder = temporaryFolder();
    t.after(() => rmSync(folder, { recursive: true }));
    make(folder, "own.example");
    const files = { certificate_file: join(folder, "new.crt"), key_file: join(folder, "new.key") };
    const own = await Gateway.start({ tls: true, config: { tls: files } });
    t.after(() => own.stop());
    assert.equal((await served(own)).name, "own.example");
  });
});
