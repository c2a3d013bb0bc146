// What people write onto the settings partition, and what they may write wrong: the box serves, and
// says what it did not understand.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { registerToken } from "../system/lib/terminals.js";
import { changed, expectService, readiness, tokensOf } from "./lib/house.js";

/** A box that finds this file when it first starts. */
async function given(t, name, text) {
  const box = await Gateway.start({ prepare: (disk) => disk.putSetting(name, text) });
  t.after(() => box.stop());
  return box;
}

describe("the settings partition", () => {
  test("unreadable: the box runs by its own defaults", async (t) => {
    const box = await Gateway.start({ config: null });
    t.after(() => box.stop());
    const { id } = await registerToken(box, "1");
    await box.kill();
    box.disk.damage("settings", randomBytes(box.disk.partitions.settings.size));
    await box.launch();
    assert.match((await readiness(box)).text, /settings partition cannot be read/);
    assert.ok((await tokensOf(box)).includes(id), "with the same keys and tokens");
  });

  test("full at the first start: the keys are told once there is room", async (t) => {
    const box = new Gateway({ config: null, prepare: (disk) => disk.fillSettings("filler") });
    t.after(() => box.stop());
    await box.powerOn();
    await box.logged(/first start: the keys cannot be written/);
    await box.kill();
    box.disk.removeSetting("filler");
    await box.launch();
    assert.equal((await box.asAdmin("/api/v1/tokens")).status, 200);
  });

  test("a wrong bellhop.toml: defaults, and where it is wrong", async (t) => {
    const box = await given(t, "bellhop.toml", '[listen]\nplain = "0.0.0.0:8080"\nplane = 3\n');
    const { status, text } = await readiness(box);
    assert.equal(status, 503);
    assert.match(text, /bellhop\.toml:3:1: .*plane/);
    await expectService(box);
  });

  test("a bellhop.toml that names a missing key file: defaults, and which", async (t) => {
    const text = '[tokens]\nhs256_key_file = "/settings/none.key"\n';
    const box = await given(t, "bellhop.toml", text);
    const { status, json } = await readiness(box);
    assert.equal(status, 503);
    assert.match(json.reason, /\/settings\/none\.key/);
    await expectService(box);
  });

  test("a wrong bellhop.toml, with a push key of the house's own from the first start on", async (t) => {
    const push = { key_file: "/settings/push.key" };
    const prepare = (disk) => disk.putSetting("push.key", `${"k".repeat(40)}\n`);
    const box = new Gateway({ config: { push }, prepare });
    t.after(() => box.stop());
    await box.powerOn();
    await box.logged(/first start: the keys are in/);
    await box.kill();
    box.disk.removeSetting("first-start.txt");
    box.disk.putSetting("bellhop.toml", "[listen]\nplane = 3\n");
    await box.launch();
    assert.match((await readiness(box)).text, /bellhop\.toml:2:1: .*plane/);
    await expectService(box);
  });

  test("a wrong box.conf: what is wrong is said and left out", async (t) => {
    const box = await given(
      t,
      "box.conf",
      "HOSTNAME=$(reboot)\r\nADDRESS=300.1.1.1/24\r\nTIMEZONE=`x`\r\nADRESS=10.0.2.15/24\r\n",
    );
    const { status, text } = await readiness(box);
    assert.equal(status, 503);
    for (const name of ["HOSTNAME", "ADDRESS", "TIMEZONE"]) {
      assert.ok(text.includes(`box.conf: ${name} is not understood, taking`), text);
    }
    assert.match(text, /box\.conf: a line is not understood: ADRESS=10/);
    await expectService(box);
  });

  // [what of box.conf, what is told]
  for (const [lines, told] of [
    ["ADDRESS=0.0.0.0/24", /no box can have ADDRESS 0\.0\.0\.0\/24, taking 'dhcp'/],
    ["ADDRESS=10.0.2.255/24", /no box can have ADDRESS 10\.0\.2\.255\/24, taking 'dhcp'/],
    ["ADDRESS=10.0.2.15/24\nGATEWAY=10.9.9.9", /GATEWAY 10\.9\.9\.9 cannot be reached from ADDRESS/],
  ]) {
    test(`${JSON.stringify(lines)} is told, and the box can be reached`, async (t) => {
      const box = await given(t, "box.conf", lines);
      assert.match((await readiness(box)).text, told);
      await expectService(box);
    });
  }

  test("a good box.conf as Windows saves it", async (t) => {
    const lines = ["\ufeffHOSTNAME=ward-3", "", "# by hand", "TIMEZONE=<+08>-8", ""];
    const box = await given(t, "box.conf", lines.join("\r\n"));
    assert.equal((await readiness(box)).status, 200);
    assert.match(box.serial, /box: network: ward-3 /);
  });

  test("files whose names Windows has lengthened are told", async (t) => {
    const { box, id } = await changed(t, (disk) => disk.putSetting("factory-reset.txt", ""));
    assert.match((await readiness(box)).text, /factory-reset\.txt .* its name is to be factory-reset/);
    assert.ok((await tokensOf(box)).includes(id));
  });

  test("limits that do not fit into the memory: defaults, and why", async (t) => {
    const box = await given(t, "bellhop.toml", "[limits]\nlarge_frames = 1000\n");
    assert.match((await readiness(box)).text, /\[limits\] .* do not fit into the memory/);
    await expectService(box);
  });
});
