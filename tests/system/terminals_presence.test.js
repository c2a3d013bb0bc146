// The online list: right at each join, refresh, kill, logout and restart, without flicker, and what
// the API keeps of users.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tokenOf } from "./lib/jwt.js";
import { gatewayOf, registerToken, Terminal, terminalsOf, userOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const SHORT_GRACE = { terminals: { grace_ms: 300 } };
/** As long as no test lasts: who vanishes vanished by another way; and nothing is coalesced, so
 * that every change would be seen. */
const LONG_GRACE = { terminals: { grace_ms: 120000, list_interval_ms: 1 } };

const always = (terminal, user) =>
  assert.ok(
    terminal.lists.every((list) => list.includes(user)),
    `${user} is on every list of ${JSON.stringify(terminal.lists)}`,
  );

describe("three terminals of two users", () => {
  test("lists at each join and logout", async (t) => {
    const gateway = await gatewayOf(t, LONG_GRACE);
    const open = terminalsOf(t);
    const a = await open(gateway, "1");
    assert.deepEqual(a.first.Message, ["1"], "with the receiver's own id, as a string");
    assert.match(a.first.SendTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d$/);
    assert.deepEqual(Object.keys(a.first).sort(), ["Message", "SendTime", "Type"]);

    const b = await open(gateway, "2");
    assert.deepEqual([...b.first.Message].sort(), ["1", "2"]);
    await a.online("1", "2");

    const b2 = await open(gateway, "2");
    assert.deepEqual([...b2.first.Message].sort(), ["1", "2"], "several terminals count once");
    const before = [a.lists.length, b.lists.length];
    await b2.logout();
    await a.settled();
    await b.settled();
    assert.deepEqual([a.lists.length, b.lists.length], before, "nothing changed for the others");

    await b.logout();
    await a.online("1");
    assert.equal(a.lists.length, before[0] + 1, "one list");
  });

  test("a refresh is seen by nobody", async (t) => {
    const gateway = await gatewayOf(t, { terminals: { list_interval_ms: 1 } });
    const open = terminalsOf(t);
    const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
    await a.online("1", "2");
    const lists = a.lists.length;
    await b.refresh();
    const again = await open(gateway, "2");
    assert.deepEqual([...again.first.Message].sort(), ["1", "2"]);
    await a.settled();
    assert.equal(a.lists.length, lists, "no new list");
    // The next change shows that nothing was on its way.
    await open(gateway, "3");
    await a.online("1", "2", "3");
    assert.equal(a.lists.length, lists + 1);
  });

  test("a killed terminal stays for the grace of 5 s and is then removed", async (t) => {
    const gateway = await gatewayOf(t);
    const open = terminalsOf(t);
    const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
    await a.online("1", "2");
    const killed = Date.now();
    b.kill();
    await until(async () => (await userOf(gateway, "2")).terminals === 0, "the end of it");
    assert.equal((await userOf(gateway, "2")).online, true, "listed during the grace");
    await a.online("1");
    assert.ok(Date.now() - killed >= 4990, "no sooner than the grace ends");
    assert.equal((await userOf(gateway, "2")).online, false);
  });

  test("a kill and a return within the grace: on every list", async (t) => {
    const gateway = await gatewayOf(t, LONG_GRACE);
    const open = terminalsOf(t);
    const a = await open(gateway, "1");
    for (let i = 0; i < 5; i++) {
      const b = await open(gateway, "2");
      b.kill();
      await until(async () => (await userOf(gateway, "2")).terminals === 0, "the end of it");
    }
    await a.online("1", "2");
    await a.settled();
    assert.deepEqual(
      a.lists.map((list) => list.length),
      [1, 2],
    );
  });

  test("of two terminals one is killed: the user stays, without any grace", async (t) => {
    const gateway = await gatewayOf(t, { terminals: { grace_ms: 0, list_interval_ms: 1 } });
    const open = terminalsOf(t);
    const [a, b, b2] = [
      await open(gateway, "1"),
      await open(gateway, "2"),
      await open(gateway, "2"),
    ];
    await a.online("1", "2");
    b.kill();
    await until(async () => (await userOf(gateway, "2")).terminals === 1, "the end of it");
    const lists = a.lists.length;
    await a.settled();
    assert.equal(a.lists.length, lists);
    b2.kill();
    await a.online("1");
  });

  // [what, how a terminal ends, whether it is a logout]
  const ends = [
    ["close() without a code", (b) => b.socket.close(), true],
    ["1000", (b) => b.socket.close(1000, "bye"), true],
    ["1001, as browsers send at a refresh", (b) => b.socket.close(1001), false],
    ["1011", (b) => b.socket.close(1011), false],
    ["4000", (b) => b.socket.close(4000), false],
    ["no close frame at all", (b) => b.kill(), false],
    ["end of the stream", (b) => b.socket._socket.end(), false],
  ];
  for (const [what, end, logout] of ends) {
    test(`${what}: ${logout ? "at once" : "the grace"}`, async (t) => {
      const gateway = await gatewayOf(t, LONG_GRACE);
      const open = terminalsOf(t);
      const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
      await a.online("1", "2");
      end(b);
      if (logout) await a.online("1");
      await until(async () => (await userOf(gateway, "2")).terminals === 0, "the end of it");
      assert.equal((await userOf(gateway, "2")).online, !logout);
    });
  }

  test("a logout during the grace of another terminal's end", async (t) => {
    const gateway = await gatewayOf(t, LONG_GRACE);
    const open = terminalsOf(t);
    const [a, b] = [await open(gateway, "1"), await open(gateway, "2")];
    b.kill();
    await until(async () => (await userOf(gateway, "2")).terminals === 0, "the end of it");
    const again = await open(gateway, "2");
    await again.logout();
    await a.online("1");
  });
});

describe("changes are coalesced", () => {
  test("a burst of 20 joins gives few lists, the last of which is right", async (t) => {
    const gateway = await gatewayOf(t, { terminals: { list_interval_ms: 1000 } });
    const open = terminalsOf(t);
    const a = await open(gateway, "a");
    const users = Array.from({ length: 20 }, (_, i) => `u${i}`);
    await Promise.all(users.map((user) => open(gateway, user)));
    await a.online("a", ...users);
    assert.ok(a.lists.length <= 5, `${a.lists.length} lists for 20 joins`);
  });

  test("the first change goes out at once, however long the interval", async (t) => {
    const gateway = await gatewayOf(t, { terminals: { list_interval_ms: 60000 } });
    const open = terminalsOf(t);
    const a = await open(gateway, "a");
    assert.deepEqual(a.first.Message, ["a"]);
    const b = await open(gateway, "b");
    assert.deepEqual(
      [...b.first.Message].sort(),
      ["a", "b"],
      "the newcomer's own list never waits",
    );
  });

  test("1000 users in one burst: at most 20 MB, and every list right", async (t) => {
    const gateway = await gatewayOf(t, {
      limits: { connections_per_address: 1100, sessions: 1024, users: 1024 },
    });
    const users = Array.from({ length: 1000 }, (_, i) => `u${i}`);
    const terminals = [];
    t.after(() => terminals.forEach((terminal) => terminal.kill()));
    const began = Date.now();
    const arrive = async (user) => terminals.push(await Terminal.open(gateway, tokenOf(user)));
    for (let i = 0; i < users.length; i += 100) {
      await Promise.all(users.slice(i, i + 100).map(arrive));
    }
    const wanted = JSON.stringify(users.sort());
    for (const terminal of terminals) {
      const newest = () => terminal.lists.at(-1);
      await until(() => newest().length === 1000, "the whole list", 30000);
      assert.equal(JSON.stringify([...newest()].sort()), wanted);
    }
    const bytes = await gateway.metric("bellhop_online_list_bytes_total");
    t.diagnostic(`${(bytes / 1e6).toFixed(1)} MB of online lists`);
    // A machine so busy that they arrive over more than a second has that time's budget as well.
    const more_s = Math.max(0, Date.now() - began - 1000) / 1000;
    assert.ok(bytes <= 20e6 + more_s * 4194304, `${bytes} bytes of lists, ${more_s} s more`);
    assert.equal(await gateway.metric("bellhop_users_online"), 1000);
    assert.equal(await gateway.closed("slow_reader"), 0);
  });
});

describe("the gateway is killed and started again", () => {
  const restart = async (gateway) => {
    await gateway.kill();
    gateway.listen = `127.0.0.1:${gateway.port}`;
    await gateway.launch();
  };
  const stored = (gateway) =>
    until(
      async () => (await gateway.metric("bellhop_store_rows_total")) >= 3,
      "the users to be in the database",
    );

  test("who comes back within the grace is on every list, who does not is removed", async (t) => {
    const gateway = await gatewayOf(t, { terminals: { grace_ms: 3000, list_interval_ms: 1 } });
    const open = terminalsOf(t);
    const before = [];
    for (const user of ["1", "2", "3"]) before.push(await open(gateway, user));
    await before[0].online("1", "2", "3");
    await stored(gateway);
    await restart(gateway);
    for (const terminal of before) await terminal.end();

    const one = await open(gateway, "1");
    assert.deepEqual([...one.first.Message].sort(), ["1", "2", "3"]);
    const two = await open(gateway, "2");
    await one.online("1", "2");
    await two.online("1", "2");
    for (const terminal of [one, two]) ["1", "2"].forEach((user) => always(terminal, user));
    assert.deepEqual(
      one.lists.map((list) => list.length),
      [3, 2],
      "only the one who stayed away makes a new list",
    );
  });
});

describe("GET /api/v1/users", () => {
  test("online, since when, how many terminals, names, last seen", async (t) => {
    const gateway = await gatewayOf(t, SHORT_GRACE);
    const open = terminalsOf(t);
    const { token } = await registerToken(gateway, "甲-1", { name: "甲" });
    const first = await open(gateway, null, { token });
    await open(gateway, null, { token });
    const user = await userOf(gateway, "甲-1");
    assert.deepEqual(
      [user.name, user.online, user.terminals],
      ["甲", true, 2],
      JSON.stringify(user),
    );
    assert.ok(Date.parse(user.lastSeen) >= Date.parse(user.since));
    const path = `/api/v1/users/${encodeURIComponent("甲-1")}`;
    const one = (await gateway.authorised(path)).json;
    assert.deepEqual({ ...one, lastSeen: "" }, { ...user, lastSeen: "" });
    assert.equal((await gateway.authorised("/api/v1/users/nobody")).status, 404);
    assert.equal((await gateway.request("/api/v1/users")).status, 401);
    await first.logout();
    assert.equal((await userOf(gateway, "甲-1")).terminals, 1);
  });

  test("a name that a later token brings takes the place of the earlier", async (t) => {
    const gateway = await gatewayOf(t);
    const open = terminalsOf(t);
    await open(gateway, null, { token: tokenOf("1", { name: "old" }) });
    await open(gateway, null, { token: tokenOf("1", { name: "new" }) });
    assert.equal((await userOf(gateway, "1")).name, "new");
    await open(gateway, null, { token: tokenOf("1") });
    assert.equal((await userOf(gateway, "1")).name, "new", "a token without one takes none away");
  });
});
