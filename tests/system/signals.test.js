// SIGTERM and SIGHUP: an orderly end, and what is read again while pages stay.
import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { Line } from "./lib/http.js";
import { EVERY, pagesOf } from "./lib/pages.js";
import { within } from "./lib/wait.js";
import { wiresOf } from "./lib/wire.js";

const STOP_WITHIN_MS = 2000;

describe("SIGTERM", () => {
  for (const signal of ["SIGTERM", "SIGINT"]) {
    test(`${signal}: clients are told, exit 0 within two seconds, nothing left over`, async (t) => {
      const gateway = await Gateway.start();
      const wire = await wiresOf(t)(gateway);
      const sid = /"sid":"([\w-]+)"/.exec(
        (await gateway.request("/socket.io/?EIO=4&transport=polling")).text,
      )[1];
      const poll = gateway.request(`/socket.io/?EIO=4&transport=polling&sid=${sid}`);
      await gateway.request("/health/live");
      const idle = await Line.open(gateway);
      const keptAlive = await Line.open(gateway);
      keptAlive.write("GET /health/live HTTP/1.1\r\nHost: box\r\n\r\n");
      await keptAlive.expect(/"live"/);

      gateway.signal(signal);
      assert.deepEqual(await within(gateway.exited, "its exit", STOP_WITHIN_MS), [0, null]);
      assert.deepEqual(await wire.end(), { code: 1001, reason: "shutdown" });
      assert.equal((await poll).text, "1");
      await idle.end();
      await keptAlive.end();
      assert.match(gateway.log, /event=stopping[^]*event=stopped/);
      assert.ok(!existsSync(join(gateway.state, "bellhop.db-wal")), "the database is closed");
      await gateway.stop();
    });
  }

  test("every stock client sees a disconnect", async (t) => {
    const gateway = await Gateway.start();
    const open = pagesOf(t);
    const pages = await Promise.all(EVERY.map((kind) => open(gateway, kind)));
    await Promise.all(pages.map((page) => page.upgraded()));
    await gateway.stop();
    await within(Promise.all(pages.map((page) => page.disconnected)), "all pages to know");
  });

  test("does not wait for a reader that reads nothing, nor for half a request", async (t) => {
    const gateway = await Gateway.start();
    const slow = await wiresOf(t)(gateway);
    slow.socket.pause();
    const data = `"${"x".repeat(60000)}"`;
    while ((await gateway.metric("bellhop_websocket_short_writes_total")) === 0) {
      for (let i = 0; i < 10; i++) await gateway.push(undefined, "big", data);
    }
    const half = await Line.open(gateway);
    half.write("POST /push HTTP/1.1\r\nHost: box\r\n");
    gateway.signal("SIGTERM");
    assert.deepEqual(await within(gateway.exited, "its exit", STOP_WITHIN_MS), [0, null]);
    half.cut();
    await gateway.stop();
  });

  test("what was pushed just before arrives before the goodbye", async (t) => {
    const gateway = await Gateway.start();
    const wire = await wiresOf(t)(gateway);
    for (let i = 0; i < 20; i++) await gateway.push(undefined, "last", `${i}`);
    gateway.signal("SIGTERM");
    for (let i = 0; i < 20; i++) assert.equal(await wire.next(), `42["last",${i}]`);
    assert.equal((await wire.end()).code, 1001);
    await gateway.exited;
    await gateway.stop();
  });

  test("a second SIGTERM changes nothing", async () => {
    const gateway = await Gateway.start();
    gateway.signal("SIGTERM");
    gateway.signal("SIGTERM");
    assert.deepEqual(await within(gateway.exited, "its exit", STOP_WITHIN_MS), [0, null]);
    await gateway.stop();
  });
});

describe("SIGHUP", () => {
  const FOREIGN = "https://intranet.example";
  const pushWith = async (gateway, key) => {
    const body = '{"ROOT":{"BODY":{"eventName":"e"}}}';
    return (await gateway.request("/push", { method: "POST", body, headers: { "x-api-key": key } }))
      .status;
  };
  const opening = async (gateway) => {
    const path = "/socket.io/?EIO=4&transport=polling";
    return (await gateway.request(path, { headers: { origin: FOREIGN } })).status;
  };

  async function hangUp(gateway) {
    const count = (gateway.log.match(/event=reloaded/g) ?? []).length;
    gateway.signal("SIGHUP");
    await gateway.logged(new RegExp(`(event=reloaded[^]*){${count + 1}}`));
  }

  test("a new key is taken, the old one is not any more, pages stay", async (t) => {
    const gateway = await Gateway.start();
    t.after(() => gateway.stop());
    const wire = await wiresOf(t)(gateway);
    const file = join(gateway.state, "push.key");
    const old = gateway.key;
    const fresh = "a-new-key-of-the-back-end-0001";
    assert.equal(await pushWith(gateway, fresh), 401);
    writeFileSync(file, `# the old one goes on Friday\n${old}\n${fresh}\n`);
    await hangUp(gateway);
    for (const key of [old, fresh]) assert.equal(await pushWith(gateway, key), 200);
    writeFileSync(file, `${fresh}\n`);
    await hangUp(gateway);
    assert.deepEqual([await pushWith(gateway, old), await pushWith(gateway, fresh)], [401, 200]);
    for (let i = 0; i < 3; i++) assert.equal(await wire.next(), '42["e"]');
    assert.ok(!gateway.log.includes(fresh) && !gateway.log.includes(old), "no key in the log");
  });

  for (const [name, spoil] of [
    ["broken", (file) => writeFileSync(file, "short\n")],
    ["empty", (file) => writeFileSync(file, "")],
    ["open to others", (file) => chmodSync(file, 0o644)],
  ]) {
    test(`a ${name} key file changes nothing and is an error in the log`, async (t) => {
      const gateway = await Gateway.start();
      t.after(() => gateway.stop());
      const old = gateway.key;
      spoil(join(gateway.state, "push.key"));
      await hangUp(gateway);
      assert.match(gateway.log, /level=error event=reload_keys_failed .*push\.key/);
      assert.equal(await pushWith(gateway, old), 200);
      assert.equal(await pushWith(gateway, "short"), 401);
    });
  }

  test("origins and the log level are read again", async (t) => {
    const gateway = await Gateway.start();
    t.after(() => gateway.stop());
    assert.equal(await opening(gateway), 403);
    gateway.configure({ http: { origins: [FOREIGN] }, log: { level: "debug" } });
    await hangUp(gateway);
    assert.equal(await opening(gateway), 200);
    gateway.configure({});
    await hangUp(gateway);
    assert.equal(await opening(gateway), 403);
  });

  test("a broken configuration file changes nothing and is an error in the log", async (t) => {
    const gateway = await Gateway.start({ config: { http: { origins: [FOREIGN] } } });
    t.after(() => gateway.stop());
    writeFileSync(gateway.configFile, "[http]\norigins = 5\n");
    await hangUp(gateway);
    assert.match(gateway.log, /level=error event=reload_options_failed .*:2:11/);
    assert.equal(await opening(gateway), 200);
  });

  test("many of them in a row do no harm", async (t) => {
    const gateway = await Gateway.start();
    t.after(() => gateway.stop());
    const wire = await wiresOf(t)(gateway);
    for (let i = 0; i < 50; i++) gateway.signal("SIGHUP");
    await hangUp(gateway);
    assert.equal(await wire.login("456"), "2002");
    assert.ok(readFileSync(gateway.configFile).length > 0);
  });
});
