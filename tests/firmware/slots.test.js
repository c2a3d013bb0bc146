// Which of the two slots starts, and what happens when one does not.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import { Gateway } from "../system/lib/gateway.js";

const COPY = 4096;

/** CRC-32 of IEEE 802.3, as U-Boot counts it. */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** A copy of the state as U-Boot keeps its environment: CRC-32, then name=value strings. */
function stateCopy(values) {
  const text = Object.entries(values).map(([name, value]) => `${name}=${value}\0`);
  const body = Buffer.alloc(COPY - 4);
  body.write(`${text.join("")}\0`);
  const head = Buffer.alloc(4);
  head.writeUInt32LE(crc32(body));
  return Buffer.concat([head, body]);
}

function setState(disk, values) {
  disk.damage("state", stateCopy({ gen: 5, order: "A B", ...values }), 0);
  disk.damage("state", stateCopy({ gen: 4, order: "A B", a_left: "ff", b_left: 0 }), COPY);
}

const fillB = (disk) => {
  disk.damage("bootB", disk.partition("bootA"));
  disk.damage("rootB", disk.partition("rootA"));
};

/** Starts with `prepare`, returns what U-Boot said about slots. */
async function slotsOf(t, prepare) {
  const box = await Gateway.start({ prepare });
  t.after(() => box.stop());
  return { box, slots: box.serial.match(/^box: (slot|no ).*?(?=\r?$)/gm) };
}

describe("the slot that starts", () => {
  test("is A on a new box, and that costs no write", async (t) => {
    let before;
    const { box, slots } = await slotsOf(t, (disk) => (before = disk.partition("state")));
    assert.deepEqual(slots, ["box: slot A, tries left ff"]);
    assert.deepEqual(box.disk.partition("state"), before);
  });

  test("is A when no copy of the state is readable", async (t) => {
    const garbage = randomBytes(2 * COPY);
    const { box, slots } = await slotsOf(t, (disk) => disk.damage("state", garbage));
    assert.deepEqual(slots.at(-1), "box: slot A, tries left 2");
    // Nobody vouches for A from then on: its tries are used up, and it must start all the same.
    for (let start = 2; start <= 5; ++start) {
      await box.kill();
      await box.launch();
      assert.match(box.serial, /^box: slot A, tries left [0-2]/m, `start ${start}`);
    }
  });

  test("is B when it is preferred and on trial; every try is counted", async (t) => {
    const { box, slots } = await slotsOf(t, (disk) => {
      fillB(disk);
      setState(disk, { order: "B A", a_left: "ff", b_left: 2 });
    });
    assert.deepEqual(slots, ["box: slot B, tries left 1"]);
    await box.kill();
    await box.launch();
    assert.match(box.serial, /^box: slot B, tries left 0/m);
    await box.kill();
    await box.launch();
    assert.match(box.serial, /^box: slot A, tries left ff/m, "the trial is over");
  });

  const endless = Buffer.from([0x7f, 0xff, 0xff, 0xff]);
  for (const [what, bytes, at] of [
    ["its boot image is damaged", randomBytes(4096), 1024 * 1024],
    ["its boot image says that it is larger than the disk", endless, 4],
  ]) {
    test(`is the other one when ${what}`, async (t) => {
      const { slots } = await slotsOf(t, (disk) => {
        fillB(disk);
        setState(disk, { order: "A B", a_left: "ff", b_left: "ff" });
        disk.damage("bootA", bytes, at);
      });
      assert.deepEqual(slots, [
        "box: slot A, tries left ff",
        "box: slot A does not boot",
        "box: slot B, tries left ff",
      ]);
    });
  }

  test("is the other one after three starts without a root file system", async (t) => {
    const { slots } = await slotsOf(t, (disk) => {
      fillB(disk);
      setState(disk, { order: "B A", a_left: "ff", b_left: 3 });
      disk.damage("rootB", randomBytes(4096));
    });
    assert.deepEqual(slots, [
      "box: slot B, tries left 2",
      "box: slot B, tries left 1",
      "box: slot B, tries left 0",
      "box: slot A, tries left ff",
    ]);
  });
});
