// The hardware watchdog is fed by the gateway's loop, and by nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../system/lib/wait.js";
import { probed } from "./lib/probe.js";

const STARTS = /Starting kernel/g;
const starts = (box) => box.serial.match(STARTS).length;

test("a loop that hangs resets the box, which then serves again", async (t) => {
  // Once: after the reset the same script must not do it again.
  const script = `[ ! -f /data/hung ] || exit
    touch /data/hung; sync
    echo "probe: stopping the loop" > /dev/console
    kill -STOP $(pidof bellhop)`;
  const { box } = await probed({ nothing: "true" }, { script });
  t.after(() => box.stop());
  await box.logged(/probe: stopping the loop/);
  await until(() => starts(box) === 2, "a second start", 120000);
  await box.serves();
  assert.equal((await box.request("/health/ready")).status, 200);
});

test("a loop that turns is fed for longer than the watchdog waits", async (t) => {
  // 35 s are more than twice its time.
  const { box } = await probed({ nothing: "sleep 35" });
  t.after(() => box.stop());
  assert.equal(starts(box), 1);
  assert.equal((await box.request("/health/ready")).status, 200);
});
