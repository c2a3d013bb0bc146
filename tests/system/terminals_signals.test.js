// An orderly end of the gateway, as terminals see it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenOf } from "./lib/jwt.js";
import { seedsOf } from "./lib/seed_client.js";
import { gatewayOf, terminalsOf, userOf } from "./lib/terminals.js";
import { until } from "./lib/wait.js";

/** As long as no test lasts: who vanishes vanished by another way. */
const LONG_GRACE = { terminals: { grace_ms: 120000 } };

/** Started again at the same address. */
async function endAndStart(gateway) {
  gateway.signal("SIGTERM");
  await gateway.exited;
  gateway.listen = `127.0.0.1:${gateway.port}`;
  await gateway.launch();
}

test("who had logged out is not listed again; names and times are kept", async (t) => {
  const gateway = await gatewayOf(t, LONG_GRACE);
  const open = terminalsOf(t);
  const started = Date.now();
  const token = tokenOf("2", { name: "护士 <b>乙</b>" });
  const [a, b] = [await open(gateway, "1"), await open(gateway, null, { token })];
  await b.logout();
  await a.online("1");
  const known = await userOf(gateway, "2");
  assert.equal(known.name, "护士 <b>乙</b>");
  assert.equal(known.online, false);
  const seen = Date.parse(known.lastSeen);
  assert.ok(seen >= started - 1000 && seen <= Date.now() + 1000, known.lastSeen);
  await endAndStart(gateway);
  const after = await userOf(gateway, "2");
  assert.deepEqual(
    [after.name, after.online, after.terminals, after.lastSeen],
    [known.name, false, 0, known.lastSeen],
  );
  assert.equal((await userOf(gateway, "1")).online, true, "cut by the end of the gateway");
  const again = await open(gateway, "3");
  assert.deepEqual([...again.first.Message].sort(), ["1", "3"]);
});

test("a SIGTERM tells terminals 1001, and they have the grace", async (t) => {
  const gateway = await gatewayOf(t, LONG_GRACE);
  const a = await terminalsOf(t)(gateway, "1");
  await endAndStart(gateway);
  assert.deepEqual(await a.end(), { code: 1001, reason: "shutdown" });
  assert.equal((await userOf(gateway, "1")).online, true);
});

test("the seed's page comes back, and hears calls again", async (t) => {
  const gateway = await gatewayOf(t);
  const page = await seedsOf(t)(gateway, "1", 400);
  await endAndStart(gateway);
  await until(() => page.connects === 2, "it to come back");
  await (await terminalsOf(t)(gateway, "2")).call("1");
  await until(() => page.refreshed === 1, "the call");
  assert.deepEqual(page.thrown, []);
});
