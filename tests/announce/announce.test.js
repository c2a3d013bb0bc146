// What people on the LAN see of one box: its name, its services, its goodbye.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { PROGRAM } from "./lib/announcement.js";
import { Client, Sender } from "./lib/client.js";
import { Lan } from "./lib/lan.js";

const NAME = "bellhop-3fa2c1";
const ADDRESS = "10.77.0.11";
const FLAGS = `--name ${NAME} --http 8080 --https 8443`;

let lan;
let client;
let box;
let announcement;

before(async () => {
  lan = new Lan();
  client = await Client.open();
  box = await lan.addBox(ADDRESS);
  announcement = box.announce(FLAGS);
  await announcement.announced(NAME);
});

after(async () => {
  client.close();
  await lan.close();
});

test("the name has the box's address, and none of IPv6 or of the loopback", async () => {
  const isAddress = ({ name, type }) => name === `${NAME}.local` && ["A", "AAAA"].includes(type);
  const questions = [{ name: `${NAME}.local`, type: "ANY" }];
  const heard = await client.ask(questions, (records) => records.some(isAddress));
  const addresses = heard.filter(isAddress);
  assert.deepEqual([...new Set(addresses.map(({ data }) => data))], [ADDRESS]);
  assert.ok(addresses.every(({ flush, ttl }) => flush && ttl === 120));
  assert.ok(!announcement.log.includes("127.0.0.1"), announcement.log);
});

test("a simple resolver that asks from another port gets its answer", async () => {
  const resolver = await Sender.open();
  const { id, answers } = await resolver.resolve(`${NAME}.local`, "A");
  resolver.close();
  assert.equal(id, 7);
  assert.deepEqual(
    answers.map(({ type, data }) => [type, data]),
    [["A", ADDRESS]],
  );
});

test("its pages are found as services, with port and path", async () => {
  for (const [type, port] of [
    ["http", 8080],
    ["https", 8443],
  ]) {
    const service = await client.browse(type).find(NAME);
    assert.equal(service.port, port);
    assert.equal(service.host, `${NAME}.local`);
    assert.deepEqual(service.txt, { path: "/" });
    assert.deepEqual(await client.addresses(service.host), [ADDRESS]);
  }
});

test("both types are listed among all types of the LAN", async () => {
  const types = new Set();
  await client.ask([{ name: "_services._dns-sd._udp.local", type: "PTR" }], (records) => {
    for (const { type, data } of records) if (type === "PTR") types.add(data);
    return types.has("_http._tcp.local") && types.has("_https._tcp.local");
  });
});

test("only the ports that are given are announced", async () => {
  const second = await lan.addBox("10.77.0.12");
  const plain = second.announce("--name plain --http 80");
  await plain.announced("plain");
  const questions = ["_http", "_https"].map((type) => ({
    name: `plain.${type}._tcp.local`,
    type: "SRV",
  }));
  const isPlain = ({ name, type }) => type === "SRV" && name.startsWith("plain.");
  const heard = await client.ask(questions, (records) => records.some(isPlain));
  assert.ok(heard.filter(isPlain).every(({ name }) => name === questions[0].name));
  assert.equal(await plain.stop(), 0);
});

test("SIGTERM says goodbye for the name and both services", async () => {
  const services = client.browse("http");
  await services.find(NAME);
  client.forget();
  assert.equal(await announcement.stop(), 0);
  await services.lose(NAME);
  const goodbyes = client.heard.filter(({ ttl }) => ttl === 0);
  const gone = goodbyes.map(({ type, name }) => `${type} ${name}`);
  for (const record of [
    `A ${NAME}.local`,
    `SRV ${NAME}._http._tcp.local`,
    `SRV ${NAME}._https._tcp.local`,
    "PTR _http._tcp.local",
    "PTR _https._tcp.local",
  ])
    assert.ok(gone.includes(record), record);
});

test("flags that cannot be right are refused", () => {
  for (const flags of [
    "--http 80",
    "--name a",
    "--name a.b --http 80",
    "--name a_b --http 80",
    "--name -a --http 80",
    "--name a- --http 80",
    `--name ${"a".repeat(64)} --http 80`,
    "--name a --http 0",
    "--name a --http 65536",
    "--name a --http 80x",
    "--name a --http 80 --port 1",
    "--name a --http 80 more",
    "--name a --http",
  ]) {
    const [command, ...words] = [...PROGRAM, ...flags.split(" ")];
    const { status, stderr } = spawnSync(command, words, { encoding: "utf8", timeout: 30000 });
    assert.equal(status, 78, flags);
    assert.match(stderr, /usage: bellhop-announce/, flags);
  }
});
