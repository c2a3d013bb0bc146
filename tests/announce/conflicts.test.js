// Two boxes that want the same name.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { until } from "../system/lib/wait.js";
import { Client } from "./lib/client.js";
import { Lan } from "./lib/lan.js";

const NAME = "bellhop-3fa2c1";
const FLAGS = `--name ${NAME} --http 8080`;
const ADDRESSES = ["10.77.0.11", "10.77.0.12"];
const PATIENCE_MS = 60000;

let lan;
let client;
let first;
let second;

before(() => (lan = new Lan()));
after(() => lan.close());
beforeEach(async () => {
  client = await Client.open();
  first = await lan.addBox(ADDRESSES[0]);
  second = await lan.addBox(ADDRESSES[1]);
});
afterEach(async () => {
  client.close();
  for (const box of lan.boxes.splice(0)) await box.close();
});

async function bothAreFound(hosts) {
  const services = client.browse("http");
  for (const [host, address] of Object.entries(hosts)) {
    assert.deepEqual(await client.addresses(`${host}.local`), [address]);
    const service = await services.find(host);
    assert.equal(service.host, `${host}.local`);
  }
}

const oneGaveWay = (announcements) =>
  announcements.some(({ log }) => log.includes(`event=announced host=${NAME}-2.local`));

/** Whose address each name must have, by who says to have given way. */
const namesOf = (announcements) =>
  announcements[0].log.includes("name_taken")
    ? { [`${NAME}-2`]: ADDRESSES[0], [NAME]: ADDRESSES[1] }
    : { [NAME]: ADDRESSES[0], [`${NAME}-2`]: ADDRESSES[1] };

test("the one that comes later takes the next name", async () => {
  await first.announce(FLAGS).announced(NAME);
  const later = second.announce(FLAGS);
  await later.announced(`${NAME}-2`);
  assert.match(later.log, new RegExp(`event=name_taken name=${NAME} instead=${NAME}-2`));
  await bothAreFound({ [NAME]: ADDRESSES[0], [`${NAME}-2`]: ADDRESSES[1] });
});

test("two that start at once end with two names", async () => {
  const announcements = [first.announce(FLAGS), second.announce(FLAGS)];
  await until(() => oneGaveWay(announcements), "one to give way", PATIENCE_MS);
  const other = announcements.find(({ log }) => !log.includes("name_taken"));
  await other.announced(NAME);
  await bothAreFound(namesOf(announcements));
});

test("two that have had the name for long and meet end with two names", async () => {
  for (const box of [first, second]) box.keepApart(true);
  const announcements = [first.announce(FLAGS), second.announce(FLAGS)];
  for (const announcement of announcements) await announcement.announced(NAME);
  for (const box of [first, second]) box.keepApart(false);
  // Whoever hears the other one's answer probes again.
  await client.ask([{ name: `${NAME}.local`, type: "A" }], () => oneGaveWay(announcements));
  await bothAreFound(namesOf(announcements));
});
