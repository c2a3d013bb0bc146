// What the program does with the machine under it: the hardware watchdog, a host that is not whole.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Gateway, runToEnd } from "./lib/gateway.js";
import { machineOf } from "./lib/machine.js";
import { until } from "./lib/wait.js";
import { wiresOf } from "./lib/wire.js";

const ready = (gateway) => gateway.request("/health/ready");

describe("the hardware watchdog", () => {
  const GRANTED_S = 1;

  async function watched(t, { grants = GRANTED_S, config = {} } = {}) {
    const machine = machineOf(t);
    machine.addWatchdog();
    const env = { ...machine.env, MACHINE_WATCHDOG_GRANTS: `${grants}` };
    const gateway = await Gateway.start({ flags: ["--watchdog", machine.watchdog], config, env });
    t.after(() => gateway.stop());
    return { machine, gateway };
  }
  const fedMore = (machine, times) => {
    const before = machine.fed.length;
    return until(() => machine.fed.length >= before + times, `${times} more feeds`);
  };

  test("is fed while the loop turns, not while it hangs, and again after that", async (t) => {
    const { machine, gateway } = await watched(t);
    const wire = await wiresOf(t)(gateway);
    await fedMore(machine, 3);
    gateway.process.kill("SIGSTOP");
    await until(() => machine.starved(GRANTED_S), "the machine to be reset");
    const hung = machine.fed.length;
    gateway.process.kill("SIGCONT");
    await until(() => machine.fed.length > hung, "a feed");
    await fedMore(machine, 1);
    assert.equal(await wire.login("456"), "2002");
  });

  test("is fed however busy the loop is", async (t) => {
    const { machine, gateway } = await watched(t);
    let busy = true;
    const load = (async () => {
      while (busy) await gateway.push(undefined, "e", "1");
    })();
    await fedMore(machine, 3);
    busy = false;
    await load;
  });

  test("has the time that its driver grants, and that is said", async (t) => {
    const { gateway } = await watched(t, { grants: 3, config: { watchdog: { timeout_s: 20 } } });
    assert.match(gateway.log, /level=warn event=watchdog_armed .*wanted_s=20 granted_s=3/);
    assert.equal(await gateway.metric("bellhop_watchdog_timeout_seconds"), 3);
    assert.equal(await gateway.metric("bellhop_watchdog_fault"), 0);
    assert.equal((await ready(gateway)).status, 200);
  });

  for (const signal of ["SIGTERM", "SIGKILL"]) {
    test(`is never disarmed, not by ${signal}`, async (t) => {
      const { machine, gateway } = await watched(t);
      await fedMore(machine, 1);
      if (signal === "SIGKILL") await gateway.kill();
      else {
        gateway.signal(signal);
        await gateway.exited;
      }
      assert.match(machine.fed, /^\n+$/);
    });
  }

  test("that cannot be used keeps nobody from serving, and is used when it comes", async (t) => {
    const machine = machineOf(t);
    const config = { watchdog: { device: machine.watchdog } };
    const gateway = await Gateway.start({ config, env: machine.env });
    t.after(() => gateway.stop());
    const answer = await ready(gateway);
    assert.equal(answer.status, 503);
    assert.match(answer.json.reason, /watchdog/);
    assert.match(gateway.log, /level=error event=watchdog_unusable .*No such file/);
    assert.equal(await gateway.metric("bellhop_watchdog_fault"), 1);
    assert.equal(await gateway.metric("bellhop_watchdog_timeout_seconds"), 0);
    assert.equal(await (await wiresOf(t)(gateway)).login("456"), "2002");
    machine.addWatchdog();
    await until(async () => (await ready(gateway)).status === 200, "the watchdog to be found");
    assert.match(gateway.log, /event=watchdog_recovered/);
    await fedMore(machine, 1);
    assert.equal(gateway.log.match(/watchdog_unusable/g).length, 1, "said once");
  });

  test("named by the file can be turned off by the flag", async (t) => {
    const config = { watchdog: { device: "/no/such/watchdog" } };
    const gateway = await Gateway.start({ config, flags: ["--watchdog", ""] });
    t.after(() => gateway.stop());
    assert.equal((await ready(gateway)).status, 200);
    assert.equal(await gateway.metric("bellhop_watchdog_timeout_seconds"), 0);
  });
});

describe("a host that is not whole", () => {
  const REASON = "the data partition could not be read: state is kept in memory only";

  test("is told to everybody who asks, and everything serves", async (t) => {
    const gateway = await Gateway.start({ flags: ["--degraded", REASON] });
    t.after(() => gateway.stop());
    const answer = await ready(gateway);
    assert.deepEqual([answer.status, answer.json], [503, { status: "not ready", reason: REASON }]);
    assert.equal((await gateway.request("/health/live")).status, 200);
    assert.equal(await gateway.metric("bellhop_degraded"), 1);
    assert.equal(await gateway.metric("bellhop_ready"), 0);
    const said = gateway.log.match(/level=error event=degraded reason="([^"]*)"/g);
    assert.deepEqual(said, [`level=error event=degraded reason="${REASON}"`]);
    const wire = await wiresOf(t)(gateway);
    assert.equal(await wire.login("456"), "2002");
    assert.equal((await gateway.push("456", "test", "1")).DELIVERED, 1);
  });

  test("and a reason as long as may be is told whole", async (t) => {
    const long = "r".repeat(600);
    const gateway = await Gateway.start({ flags: ["--degraded", long] });
    t.after(() => gateway.stop());
    assert.equal((await ready(gateway)).json.reason, long);
    assert.ok(gateway.log.includes(`event=degraded reason=${long}\n`));
  });

  test("is not the rule", async (t) => {
    const gateway = await Gateway.start();
    t.after(() => gateway.stop());
    assert.equal(await gateway.metric("bellhop_degraded"), 0);
    assert.doesNotMatch(gateway.log, /degraded/);
  });

  test("needs a reason that can be read", async () => {
    for (const reason of ["", "two\nlines", "x".repeat(601)]) {
      const { code, stderr } = await runToEnd(["--degraded", reason]);
      assert.equal(code, 78);
      assert.match(stderr, /^--degraded: .*write a reason/s);
    }
  });
});

test("tables that do not fit into the memory are a mistake in the options", async () => {
  const { code, stdout, stderr } = await runToEnd([], { through: ["prlimit", "--data=8000000"] });
  assert.deepEqual([code, stdout], [78, ""]);
  assert.match(stderr, /the tables that \[limits\] asks for do not fit into the memory there is/);
});
