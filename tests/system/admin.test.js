// What the administrator may do beside back ends: the admin key, kicking, the log.
import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Gateway, runToEnd, temporaryFolder } from "./lib/gateway.js";
import { EVERY, entered, kicked, pagesOf } from "./lib/pages.js";

const EX_CONFIG = 78;
let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.stop());

const accessOf = async (to, key) => {
  const { status, json } = await to.request("/api/v1/access", { headers: { "x-api-key": key } });
  return status === 200 ? json : status;
};

describe("the admin key", () => {
  test("is another one than the push key, and may more", async () => {
    assert.match(gateway.adminKey, /^[\w-]{43}$/);
    assert.notEqual(gateway.adminKey, gateway.key);
    assert.deepEqual(await accessOf(gateway, gateway.adminKey), { push: true, admin: true });
    assert.deepEqual(await accessOf(gateway, gateway.key), { push: true, admin: false });
    assert.equal(await accessOf(gateway, "wrong"), 401);
    assert.equal((await gateway.request("/api/v1/access")).status, 401);
  });

  test("is taken wherever the push key is", async () => {
    const body = '{"event":"e"}';
    assert.equal((await gateway.asAdmin("/api/v1/push", { method: "POST", body })).status, 200);
    for (const path of ["/api/v1/rooms", "/api/v1/users", "/api/v1/calls", "/api/v1/tokens"])
      assert.equal((await gateway.asAdmin(path)).status, 200, path);
  });

  test("can be a file of the house, which is never made", async (t) => {
    const folder = temporaryFolder();
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "house.key");
    const start = { config: { admin: { key_file: file } } };
    await assert.rejects(Gateway.start(start), /house\.key/);
    assert.ok(!existsSync(file));
    writeFileSync(file, "a-key-of-the-master-of-the-house\n", { mode: 0o600 });
    const own = await Gateway.start(start);
    t.after(() => own.stop());
    const access = await accessOf(own, "a-key-of-the-master-of-the-house");
    assert.deepEqual(access, { push: true, admin: true });
    assert.ok(!existsSync(join(own.state, "admin.key")));
  });

  test("that is lost later refuses to start", async (t) => {
    const state = temporaryFolder();
    t.after(() => rmSync(state, { recursive: true }));
    await (await Gateway.start({ state })).stop();
    const file = join(state, "admin.key");
    rmSync(file);
    const flags = ["--state", state, "--listen", "127.0.0.1:0", "--tls-listen", ""];
    const { code, stdout, stderr } = await runToEnd(flags);
    assert.deepEqual([code, stdout], [EX_CONFIG, ""]);
    assert.ok(stderr.startsWith(file), stderr);
    assert.ok(!existsSync(file));
  });

  test("is read again on SIGHUP; a broken file changes nothing", async (t) => {
    const own = await Gateway.start();
    t.after(() => own.stop());
    const old = own.adminKey;
    const file = join(own.state, "admin.key");
    const fresh = "a-new-key-of-the-administrator";
    writeFileSync(file, `${fresh}\n`);
    own.signal("SIGHUP");
    await own.logged(/event=reloaded/);
    assert.equal(await accessOf(own, old), 401);
    assert.deepEqual(await accessOf(own, fresh), { push: true, admin: true });
    writeFileSync(file, "short\n");
    own.signal("SIGHUP");
    await own.logged(/(event=reloaded[^]*){2}/);
    assert.match(own.log, /level=error event=reload_keys_failed reason="\S*admin\.key/);
    assert.deepEqual(await accessOf(own, fresh), { push: true, admin: true });
    assert.ok(![old, fresh].some((key) => own.log.includes(key)), "no key in the log");
  });

  test("is printed by --demo, with an address to click", async () => {
    const demo = new Gateway({ flags: [] });
    const state = join(demo.folder, "state");
    await demo.run(["--demo", "--state", state, "--listen", "127.0.0.1:0", "--tls-listen", ""]);
    try {
      await demo.logged(/admin key: \S+/);
      const [, url, key] = /\s(\S+)\/#\/push\?room=456&key=(\S+)/.exec(demo.log);
      assert.deepEqual([url, key], [demo.url, demo.adminKey]);
    } finally {
      await demo.stop();
    }
  });
});

describe("kicking", () => {
  const seats = async (room) => {
    const { status, json } = await gateway.authorised(`/api/v1/rooms/${encodeURIComponent(room)}`);
    return status === 200 ? json.sessions.map(({ sid }) => sid) : [];
  };
  const kick = (room, sid) =>
    gateway.asAdmin(`/api/v1/rooms/${encodeURIComponent(room)}/sessions/${sid}`, {
      method: "DELETE",
    });

  for (const kind of EVERY) {
    test(`a page of ${kind.name} hears 2005, is out, stays connected and may come back`, async (t) => {
      const open = pagesOf(t);
      const room = `kick ${kind.name}`;
      const page = await open(gateway, kind);
      const other = await open(gateway);
      await page.login(room, "loginWhenever");
      await other.login(room, "loginWhenever");
      const [sid] = await seats(room);
      const answer = await kick(room, sid);
      assert.deepEqual([answer.status, answer.text], [204, ""]);
      assert.deepEqual(await page.downmsg.next(), kicked(room));
      assert.equal((await seats(room)).length, 1);
      assert.equal((await gateway.push(room, "test", "1")).DELIVERED, 1);
      assert.deepEqual(await page.login(room, "loginWhenever"), entered(room));
      assert.equal((await kick(room, "nobody")).status, 404);
    });
  }

  test("a room of any name; out of one room only", async (t) => {
    const page = await pagesOf(t)(gateway);
    const names = ["a/b", "a/sessions/b", "<img onerror=alert(1)>", "呼 叫?#%"];
    for (const name of names) await page.login(name);
    for (const name of names) {
      const [sid] = await seats(name);
      assert.equal((await kick(name, sid)).status, 204, name);
      assert.deepEqual(await page.downmsg.next(), kicked(name));
      assert.deepEqual(await seats(name), []);
      assert.equal((await kick(name, sid)).status, 404, name);
    }
  });

  test("with the push key or none kicks nobody", async (t) => {
    const page = await pagesOf(t)(gateway);
    await page.login("held");
    const [sid] = await seats("held");
    const path = `/api/v1/rooms/held/sessions/${sid}`;
    assert.equal((await gateway.authorised(path, { method: "DELETE" })).status, 403);
    assert.equal((await gateway.request(path, { method: "DELETE" })).status, 401);
    assert.deepEqual(await seats("held"), [sid]);
  });
});

describe("the log", () => {
  const lines = async () => (await gateway.asAdmin("/api/v1/log")).json.lines;

  test("is what stands on stderr, to the byte", async () => {
    const last = await lines();
    assert.ok(last.length > 5);
    const printed = gateway.log.trim().split("\n").slice(-last.length);
    assert.deepEqual(
      last.map(({ text }) => text),
      printed,
    );
  });

  test("holds the last 256 lines, numbered on", async () => {
    for (let i = 0; i < 300; i++) {
      const body = JSON.stringify({ user: `log${i}` });
      const { json } = await gateway.asAdmin("/api/v1/tokens", { method: "POST", body });
      await gateway.asAdmin(`/api/v1/tokens/${json.id}`, { method: "DELETE" });
    }
    const last = await lines();
    assert.equal(last.length, 256);
    assert.match(last.at(-1).text, / level=info event=token_revoked id=\S+$/);
    const first = last[0].n;
    assert.ok(first > 300);
    assert.deepEqual(
      last.map(({ n }) => n),
      last.map((_, i) => first + i),
    );
  });
});

test("the uptime is a number of /metrics", async () => {
  const uptime = await gateway.metric("bellhop_uptime_seconds");
  assert.ok(Number.isInteger(uptime) && uptime >= 0);
});
