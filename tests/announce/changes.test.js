// The network changes under a running announcement.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "./lib/client.js";
import { Lan } from "./lib/lan.js";

const NAME = "bellhop-3fa2c1";
const QUESTIONS = [{ name: `${NAME}.local`, type: "A" }];

let lan;
let client;
let box;

before(async () => {
  lan = new Lan();
  client = await Client.open();
  box = await lan.addBox();
  box.announce(`--name ${NAME} --http 8080`);
});

after(async () => {
  client.close();
  await lan.close();
});

const isAddress = (address) => (record) =>
  record.name === `${NAME}.local` && record.type === "A" && record.data === address;

test("started without an address, it announces the first one unasked", async () => {
  await box.announcements[0].announced(NAME);
  client.forget();
  box.ip("address add 10.77.0.11/24 dev eth0");
  await client.hear("the first address", (records) => records.some(isAddress("10.77.0.11")));
  const service = await client.browse("http").find(NAME);
  assert.deepEqual(await client.addresses(service.host), ["10.77.0.11"]);
});

test("another address is announced unasked, the old one is taken back", async () => {
  client.forget();
  box.ip("address delete 10.77.0.11/24 dev eth0");
  box.ip("address add 10.77.0.21/24 dev eth0");
  await client.hear("the new address", (records) =>
    records.some((record) => isAddress("10.77.0.21")(record) && record.ttl > 0),
  );
  assert.deepEqual(await client.addresses(`${NAME}.local`), ["10.77.0.21"]);
});

test("a link-local address is announced only while there is no other", async () => {
  box.ip("address add 169.254.7.7/16 dev eth0 scope link");
  assert.deepEqual(await client.addresses(`${NAME}.local`), ["10.77.0.21"]);
  box.ip("address delete 10.77.0.21/24 dev eth0");
  await client.ask(QUESTIONS, (records) => records.some(isAddress("169.254.7.7")));
  box.ip("address add 10.77.0.21/24 dev eth0");
  await client.ask(QUESTIONS, (records) => records.some(isAddress("10.77.0.21")));
  assert.deepEqual(await client.addresses(`${NAME}.local`), ["10.77.0.21"]);
});

test("a cable that is plugged in again may lead elsewhere: all is announced again", async () => {
  const [announcement] = box.announcements;
  const before = announcement.lines("eth0.IPv4 no longer relevant").length;
  box.unplug();
  await announcement.logged("eth0.IPv4 no longer relevant", before + 1);
  client.forget();
  box.plug();
  await client.hear(
    "name and service",
    (records) =>
      records.some(isAddress("10.77.0.21")) && records.some(({ type }) => type === "SRV"),
  );
});
