// A box without a battery starts at some time of its own and sets its clock later, backwards as
// well. Needs a dynamically linked program: libfaketime stands between it and the time of day.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Client } from "./lib/client.js";
import { Lan } from "./lib/lan.js";

const NAME = "bellhop-3fa2c1";
const LIBRARY = execFileSync("faketime", ["now", "printenv", "LD_PRELOAD"], { encoding: "utf8" });

let lan;
let client;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "bellhop-clock-"));
  lan = new Lan();
  client = await Client.open();
});

after(async () => {
  client.close();
  await lan.close();
  rmSync(folder, { recursive: true });
});

test("questions are answered after the clock was set back by a year", async () => {
  const clock = join(folder, "clock");
  writeFileSync(clock, "+0");
  const box = await lan.addBox("10.77.0.11");
  const announcement = box.announce(`--name ${NAME} --http 8080`, {
    LD_PRELOAD: LIBRARY.trim(),
    FAKETIME_TIMESTAMP_FILE: clock,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    ASAN_OPTIONS: "verify_asan_link_order=0",
  });
  await announcement.announced(NAME);
  // What has just been said is not said again for half a second, by whatever clock.
  assert.deepEqual(await client.addresses(`${NAME}.local`), ["10.77.0.11"]);
  writeFileSync(clock, "-365d");
  // Its own log tells that it has seen the new time.
  box.ip("address add 10.77.0.12/24 dev eth0");
  const line = await announcement.logged("Registering new address record for 10.77.0.12");
  const year = Number(line.match(/^time=(\d+)/)[1]);
  assert.equal(year, new Date(Date.now() - 365 * 86400000).getUTCFullYear());
  const questions = [{ name: `${NAME}.local`, type: "A" }];
  for (const address of ["10.77.0.11", "10.77.0.12"])
    await client.ask(questions, (records) => records.some(({ data }) => data === address));
});
