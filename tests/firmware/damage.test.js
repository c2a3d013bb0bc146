// What a box does when something it needs is broken: it serves, and says what is wrong.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { TOKEN_KEYS } from "../system/lib/jwt.js";
import { gatewayOf, registerToken, terminalsOf } from "../system/lib/terminals.js";
import { until } from "../system/lib/wait.js";
import { changed, expectService, readiness, tokensOf } from "./lib/house.js";

describe("the data partition", () => {
  test("full: messages go on, readiness says why, and space makes it whole", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "bellhop-filler-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const filler = join(folder, "filler");
    writeFileSync(filler, randomBytes(70_000_000));
    const fill = (disk) => {
      disk.debugData(`write ${filler} filler`);
      assert.equal(disk.freeBlocks("data"), 0);
    };
    const { box, id } = await changed(t, fill, { config: { tokens: TOKEN_KEYS } });
    await until(async () => (await readiness(box)).status === 503, "it to see that");
    assert.match((await readiness(box)).text, /database/);
    await expectService(box);
    const open = terminalsOf(t);
    const [caller, callee] = [await open(box, "1"), await open(box, "2")];
    assert.equal((await caller.call("2")).Status, "delivered");
    await callee.heard("Call");
    await box.kill();
    box.disk.debugData("rm filler");
    await box.launch();
    assert.equal((await readiness(box)).status, 200);
    assert.ok((await tokensOf(box)).includes(id));
  });

  test("unreadable: it is left as it is, and state is in memory with new keys", async (t) => {
    let rubbish;
    const box = await gatewayOf(t);
    const { adminKey } = box;
    await box.kill();
    rubbish = randomBytes(box.disk.partitions.data.size);
    box.disk.damage("data", rubbish);
    box.disk.removeSetting("first-start.txt");
    box.forgetKeys();
    await box.launch();
    assert.match(box.serial, /box: DEGRADED: the data partition cannot be used/);
    const { status, text } = await readiness(box);
    assert.equal(status, 503);
    assert.match(text, /data partition cannot be used.*memory only/);
    assert.equal(await box.metric("bellhop_degraded"), 1);
    assert.notEqual(box.adminKey, adminKey);
    await expectService(box);
    assert.equal((await registerToken(box, "7")).user, "7");
    await box.kill();
    assert.ok(box.disk.partition("data").equals(rubbish), "not a byte of it was written");
  });

  test("with a damaged first block: repaired, nothing is lost", async (t) => {
    // A start more, so that the journal, which needs that block, holds nothing.
    const { box, id } = await changed(t, () => {});
    await box.kill();
    box.disk.damage("data", randomBytes(4096));
    await box.launch();
    assert.equal((await readiness(box)).status, 200);
    assert.ok((await tokensOf(box)).includes(id));
  });

  test("with a damaged database: the old file is kept aside", async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "bellhop-rubbish-"));
    t.after(() => rmSync(folder, { recursive: true }));
    const rubbish = join(folder, "rubbish");
    writeFileSync(rubbish, randomBytes(100_000));
    const { box } = await changed(t, (disk) =>
      disk.debugData(
        "rm bellhop/bellhop.db",
        "rm bellhop/bellhop.db-wal",
        `write ${rubbish} bellhop/bellhop.db`,
        "sif bellhop/bellhop.db uid 100",
        "sif bellhop/bellhop.db gid 100",
      ),
    );
    assert.deepEqual(await tokensOf(box), []);
    await expectService(box);
    await box.kill();
    const kept = join(folder, "kept");
    box.disk.dataFile("/bellhop/bellhop.db.unreadable", kept);
    assert.ok(existsSync(kept), "under its new name");
  });

  test("without one of its keys: it is left as it is, and state is in memory with new keys", async (t) => {
    const box = await gatewayOf(t);
    await box.kill();
    box.disk.debugData("rm bellhop/push.key");
    box.disk.removeSetting("first-start.txt");
    box.forgetKeys();
    await box.launch();
    assert.match((await readiness(box)).text, /memory only.*push\.key: the file is missing/);
    await expectService(box);
  });
});

test("a factory reset forgets everything, once", async (t) => {
  const box = await Gateway.start();
  t.after(() => box.stop());
  const { adminKey } = box;
  await registerToken(box, "1");
  await box.kill();
  box.disk.putSetting("factory-reset", "");
  box.forgetKeys();
  await box.launch();
  await until(() => box.keys?.admin !== adminKey, "new keys");
  box.forgetKeys();
  assert.notEqual(box.adminKey, adminKey);
  assert.equal(box.disk.setting("factory-reset"), undefined);
  assert.deepEqual(await tokensOf(box), []);
  const { id } = await registerToken(box, "1");
  await box.kill();
  await box.launch();
  assert.deepEqual(await tokensOf(box), [id]);
});

test("a factory reset that a folder asks for is none", async (t) => {
  const { box, id } = await changed(t, (disk) => disk.putSettingsFolder("factory-reset"));
  assert.match((await readiness(box)).text, /no factory reset/);
  assert.ok((await tokensOf(box)).includes(id));
});

describe("after 2038, when busybox for 32 bits cannot ask about a new file,", () => {
  const LATE = "2040-06-01";
  const late = { config: null, qemu: ["-rtc", `base=${LATE}`] };

  test("a wrong bellhop.toml is put aside", async (t) => {
    const wrong = (disk) => disk.putSetting("bellhop.toml", "[listen]\nplane = 3\n", new Date(LATE));
    const { box } = await changed(t, wrong, late);
    assert.match((await readiness(box)).text, /bellhop\.toml:2:1: .*plane/);
    await expectService(box);
  });

  test("a factory reset is done once", async (t) => {
    const { box } = await changed(t, (disk) => disk.putSetting("factory-reset", "", new Date(LATE)), late);
    await until(() => box.disk.setting("factory-reset") === undefined, "the end of the reset");
    box.forgetKeys();
    await until(() => box.keys, "new keys");
    const { id } = await registerToken(box, "1");
    await box.kill();
    await box.launch();
    assert.deepEqual(await tokensOf(box), [id]);
  });
});

describe("the clock", () => {
  const stampOf = async (box, t) => {
    const terminal = await terminalsOf(t)(box, "1");
    terminal.send("heart check");
    return Date.parse((await terminal.next("Heartbeat")).SendTime);
  };
  const YEAR_MS = 365.25 * 86400e3;

  for (const [name, base] of [
    ["lost: never before the image was made", "1970-01-01"],
    ["after 2038", "2040-06-01"],
  ]) {
    test(name, async (t) => {
      // The token must be good on either side of the jump.
      const box = await gatewayOf(t, {}, { qemu: ["-rtc", `base=${base}`] });
      const stamp = await stampOf(box, t);
      const expected = base.startsWith("2040") ? Date.parse(base) : Date.now();
      assert.ok(Math.abs(stamp - expected) < YEAR_MS, new Date(stamp).toISOString());
      assert.equal((await readiness(box)).status, 200);
    });
  }

  test("is set by box.conf, backwards too, and once", async (t) => {
    const far = ["-rtc", "base=2049-01-01"];
    const box = await gatewayOf(t, {}, { qemu: far });
    await box.kill();
    box.disk.putSetting("box.conf", "TIMEZONE=CST-8\r\nTIME=2031-05-06 07:08\r\n");
    await box.launch();
    const set = (await stampOf(box, t)) - Date.parse("2031-05-06T07:08+08:00");
    assert.ok(set >= 0 && set < 600e3, `${set}`);
    await box.kill();
    box.qemu = ["-rtc", "base=2031-06-01"];
    await box.launch();
    const later = (await stampOf(box, t)) - Date.parse("2031-06-01");
    assert.ok(later >= 0 && later < 600e3, `${later}`);
    assert.equal((await readiness(box)).status, 200);
  });

  test("is not set to what cannot be", async (t) => {
    const before = Date.now();
    const box = await gatewayOf(t, {}, {
      prepare: (disk) => disk.putSetting("box.conf", "TIME=2001-05-06 07:08\n"),
    });
    assert.ok((await stampOf(box, t)) > before - 86400e3);
    assert.match((await readiness(box)).text, /TIME 2001-05-06 07:08 cannot be/);
  });

  test("lost later: the last time known", async (t) => {
    const box = await gatewayOf(t, {}, { qemu: ["-rtc", "base=2031-05-05"] });
    await box.kill();
    box.qemu = ["-rtc", "base=1970-01-01"];
    await box.launch();
    const stamp = await stampOf(box, t);
    assert.ok(Math.abs(stamp - Date.parse("2031-05-05")) < 86400e3, new Date(stamp).toISOString());
  });
});
