// Cut off with SIGKILL and started again: the rooms table is read back, the file is intact, and the
// stock clients come back by themselves.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { Gateway } from "./lib/gateway.js";
import { entered, pagesOf, VERSIONS } from "./lib/pages.js";
import { until } from "./lib/wait.js";
import { wiresOf } from "./lib/wire.js";

const sqlite = async (gateway, sql) =>
  (
    await promisify(execFile)("sqlite3", ["-readonly", join(gateway.state, "bellhop.db"), sql])
  ).stdout.trim();

const rooms = async (gateway) => {
  const { json } = await gateway.authorised("/api/v1/rooms");
  return json.rooms.map(({ id, members, heldBefore }) => [id, members, heldBefore ?? 0]).sort();
};

const written = (gateway, sql, expected) =>
  until(async () => (await sqlite(gateway, sql)) === expected, `${expected} from ${sql}`);

async function killAndRestart(gateway) {
  await gateway.kill();
  assert.equal(await sqlite(gateway, "PRAGMA integrity_check"), "ok");
  gateway.listen = `127.0.0.1:${gateway.port}`;
  await gateway.launch();
}

test("rooms and who held them are read back after a kill", async (t) => {
  const gateway = await Gateway.start();
  t.after(() => gateway.stop());
  const open = wiresOf(t);
  const [a, b] = [await open(gateway), await open(gateway)];
  await a.login("ward 1", "loginWhenFirst");
  await a.login('护士站 "é"', "loginWhenever");
  await b.login('护士站 "é"', "loginWhenever");
  await b.login("left again");
  b.emit("logoutRoom", { id: "left again" });
  const { rooms: before } = (await gateway.authorised("/api/v1/rooms")).json;
  await written(gateway, "SELECT count(*) FROM rooms", "2");
  await written(gateway, "SELECT count(*) FROM memberships", "3");

  await killAndRestart(gateway);
  assert.deepEqual(
    await rooms(gateway),
    [
      ['护士站 "é"', 0, 2],
      ["ward 1", 0, 1],
    ].sort(),
  );
  const { rooms: after } = (await gateway.authorised("/api/v1/rooms")).json;
  const since = (list) => list.map((room) => [room.id, room.since]).sort();
  assert.deepEqual(since(after), since(before), "since when is kept");
  assert.match(gateway.log, /event=rooms_restored rooms=2/);
  assert.equal(await gateway.connected(0), undefined);

  const c = await open(gateway);
  assert.equal((await gateway.push("ward 1", "e", "0")).DELIVERED, 0);
  assert.equal(await c.login("ward 1"), "2002");
  assert.ok((await rooms(gateway)).some(([id, members]) => id === "ward 1" && members === 1));
});

for (const version of VERSIONS) {
  test(`client ${version} comes back by itself and enters its room again`, async (t) => {
    const gateway = await Gateway.start();
    t.after(() => gateway.stop());
    const reconnect = { reconnection: true, reconnectionDelay: 50, reconnectionDelayMax: 100 };
    const page = await pagesOf(t)(gateway, { version, transport: "upgrade" }, reconnect);
    await page.upgraded();
    assert.deepEqual(await page.login("456"), entered("456"));
    const heard = page.listen("test");
    for (let cut = 1; cut <= 2; cut++) {
      await killAndRestart(gateway);
      assert.equal((await page.downmsg.next()).code, "2001");
      assert.deepEqual(await page.login("456"), entered("456"));
      assert.equal((await gateway.push("456", "test", `${cut}`)).DELIVERED, 1);
      assert.equal(await heard.next(), cut);
    }
  });
}

test("an orderly end is remembered as well, and an empty table, too", async (t) => {
  const gateway = await Gateway.start();
  t.after(() => gateway.stop());
  const wire = await wiresOf(t)(gateway);
  await wire.login("456");
  wire.emit("logoutRoom", { id: "456" });
  assert.equal(await wire.login("457"), "2002");
  await written(gateway, "SELECT name FROM rooms", "457");
  wire.cut();
  await written(gateway, "SELECT count(*) FROM rooms", "0");
  await written(gateway, "SELECT count(*) FROM memberships", "0");
  await killAndRestart(gateway);
  assert.deepEqual(await rooms(gateway), []);
});

test("killed amid a storm of entries the file is intact every time", async (t) => {
  const gateway = await Gateway.start({ config: { store: { flush_interval_ms: 10 } } });
  t.after(() => gateway.stop());
  const open = wiresOf(t);
  for (let round = 0; round < 5; round++) {
    const commits = await gateway.metric("bellhop_store_commits_total");
    const wire = await open(gateway);
    for (let i = 0; i < 40; i++) wire.emit("loginRoom", { id: `${round}-${i}` });
    await until(
      async () => (await gateway.metric("bellhop_store_commits_total")) > commits,
      "a commit",
    );
    await killAndRestart(gateway);
    assert.equal(await gateway.metric("bellhop_store_failures_total"), 0);
  }
});

test("a smaller table after the restart takes what fits and serves", async (t) => {
  const gateway = await Gateway.start();
  t.after(() => gateway.stop());
  const wire = await wiresOf(t)(gateway);
  for (let i = 0; i < 20; i++) assert.equal(await wire.login(`r${i}`), "2002");
  await written(gateway, "SELECT count(*) FROM rooms", "20");
  gateway.configure({ limits: { rooms: 5 } });
  await killAndRestart(gateway);
  assert.ok((await rooms(gateway)).length <= 5);
  const page = await wiresOf(t)(gateway);
  assert.match(await page.login("r0", "loginWhenever"), /^200[23]$/);
  assert.equal((await gateway.request("/health/ready")).status, 200);
});

test("a file that is no database is put aside, and the gateway serves", async (t) => {
  const gateway = await Gateway.start();
  t.after(() => gateway.stop());
  gateway.signal("SIGTERM"); // in order, so that no journal is left to repair the file from
  await gateway.exited;
  writeFileSync(
    join(gateway.state, "bellhop.db"),
    "this is no database, but it is long enough to be read".repeat(100),
  );
  await gateway.launch();
  assert.match(gateway.log, /level=error event=store_put_aside .*to=\S+bellhop\.db\.unreadable /);
  assert.equal(await gateway.metric("bellhop_store_files_put_aside"), 1);
  assert.equal((await gateway.request("/health/ready")).status, 200);
  const wire = await wiresOf(t)(gateway);
  assert.equal(await wire.login("456"), "2002");
  await written(gateway, "SELECT count(*) FROM rooms", "1");
});

test("without its database the gateway serves and says so, and then comes round", async (t) => {
  const gateway = await Gateway.start();
  t.after(() => gateway.stop());
  gateway.signal("SIGTERM");
  await gateway.exited;
  const file = join(gateway.state, "bellhop.db");
  rmSync(file);
  mkdirSync(file); // what nobody can open as a file
  await gateway.launch();
  const ready = await gateway.request("/health/ready");
  assert.equal(ready.status, 503);
  assert.match(ready.body.toString(), /database/);
  const wire = await wiresOf(t)(gateway);
  assert.equal(await wire.login("456"), "2002");
  assert.equal((await gateway.push("456", "test", "1")).DELIVERED, 1);
  rmdirSync(file);
  await until(async () => (await gateway.request("/health/ready")).status === 200, "the recovery");
  await written(gateway, "SELECT name FROM rooms", "456");
});
