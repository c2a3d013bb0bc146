// What the integrator sees: a flashed box, its first start, its keys.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import tls from "node:tls";
import { Gateway } from "../system/lib/gateway.js";
import { pagesOf } from "../system/lib/pages.js";

const certificateOf = (box) =>
  new Promise((resolve, reject) => {
    const socket = tls.connect(box.httpsPort, "127.0.0.1", { rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.once("error", reject);
  });

describe("two boxes from one image", () => {
  const boxes = [];
  before(async () => {
    for (let i = 0; i < 2; ++i) boxes.push(await Gateway.start({ config: null }));
  });
  after(() => Promise.all(boxes.map((box) => box.stop())));

  test("are ready, and say so on the serial console", async () => {
    for (const box of boxes) {
      const { status, json } = await box.request("/health/ready");
      assert.deepEqual([status, json.status], [200, "ready"], box.serial);
      await box.logged(/^ready http:\/\//m);
    }
  });

  test("have different keys and certificates", async () => {
    const [one, other] = boxes;
    assert.notEqual(one.adminKey, other.adminKey);
    assert.notEqual(one.key, other.key);
    assert.notEqual(one.adminKey, one.key);
    const [first, second] = [await certificateOf(one), await certificateOf(other)];
    assert.notEqual(first.fingerprint256, second.fingerprint256);
  });

  test("have a certificate for their name and address", async () => {
    const { subjectAltName } = await certificateOf(boxes[0]);
    assert.match(subjectAltName, /10\.0\.2\.15/);
    assert.match(subjectAltName, new RegExp(`DNS:${boxes[0].keys.name.replaceAll(".", "\\.")}`));
  });

  test("push to a page with the key of the settings partition, and with no other", async (t) => {
    const [one, other] = boxes;
    const page = await pagesOf(t)(one, { version: "4.8", transport: "websocket" });
    page.listen("test");
    assert.equal((await page.login("456")).code, "2002");
    assert.equal((await one.push("456", "test", '{"bed":7.0}')).DELIVERED, 1);
    const headers = { authorization: `Bearer ${other.key}` };
    const body = '{"ROOT":{"BODY":{"eventName":"test"}}}';
    const refused = await one.request("/push", { method: "POST", headers, body });
    assert.equal(refused.status, 401);
  });

  test("serve console, terminal page and modules", async () => {
    for (const path of ["/", "/terminal", "/socket.io/socket.io.js", "/sdk/socket.js"]) {
      assert.equal((await boxes[0].request(path)).status, 200, path);
    }
  });
});

test("the keys are told once: who deletes the file has deleted it", async (t) => {
  const box = await Gateway.start({ config: null });
  t.after(() => box.stop());
  await box.logged(/first start: the keys are in first-start\.txt/);
  await box.kill();
  box.disk.removeSetting("first-start.txt");
  await box.launch();
  assert.equal((await box.asAdmin("/api/v1/tokens")).status, 200, "the same keys are good");
  await box.kill();
  assert.equal(box.disk.setting("first-start.txt"), undefined);
});
