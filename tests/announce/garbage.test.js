// Anybody on the LAN may send anything to port 5353.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import packet from "dns-packet";
import { Sender } from "./lib/client.js";
import { Random, sample } from "./lib/garbage.js";
import { Lan } from "./lib/lan.js";

const NAME = "bellhop-3fa2c1";
const PACKETS = 100000;
const AT_ONCE = 100;
const MIB = 1024 * 1024;

let lan;
let resolver;
let sender;
let announcement;

before(async () => {
  lan = new Lan();
  resolver = await Sender.open();
  sender = await Sender.open(5353);
  const box = await lan.addBox("10.77.0.11");
  announcement = box.announce(`--name ${NAME} --http 8080 --https 8443`, {
    ASAN_OPTIONS: "quarantine_size_mb=1",
  });
  await announcement.announced(NAME);
});

after(async () => {
  resolver.close();
  sender.close();
  await lan.close();
});

const ofProcess = (file) => readFileSync(`/proc/${announcement.child.pid}/${file}`, "utf8");

const residentBytes = () => 1024 * Number(ofProcess("status").match(/VmRSS:\s+(\d+)/)[1]);

/** Packets that its socket had no room for. */
function droppedPackets() {
  const [, ...sockets] = ofProcess("net/udp").trim().split("\n");
  return sockets.reduce((sum, line) => sum + Number(line.trim().split(/\s+/).at(-1)), 0);
}

/** Others may have made it change its name; by this one it always answers. */
const answers = () => resolver.resolve("_services._dns-sd._udp.local", "PTR");

test(`${PACKETS} random and mutated packets leave it answering and no bigger`, async (t) => {
  const random = new Random(5353);
  t.diagnostic(`seed ${random.seed}`);
  const sizes = [];
  for (let sent = 0; sent < PACKETS; sent += AT_ONCE) {
    for (let i = 0; i < AT_ONCE; i++) await sender.send(sample(random, NAME));
    await answers();
    sizes.push(residentBytes());
  }
  assert.equal(droppedPackets(), 0, "it has read them all");
  const settled = Math.max(...sizes.slice(0, sizes.length / 2));
  const last = Math.max(...sizes.slice(sizes.length / 2));
  t.diagnostic(`resident: first half ${settled >> 10} KiB, second half ${last >> 10} KiB`);
  assert.ok(last - settled < 2 * MIB, `grew from ${settled} to ${last}`);
  assert.equal(await announcement.stop(), 0);
});

/** A simple resolver's question with more questions that nobody can answer. */
function longQuestion(more) {
  const questions = [{ name: "_services._dns-sd._udp.local", type: "PTR" }];
  for (let i = 0; i < more; i++) questions.push({ name: `${i}${"x".repeat(40)}.local`, type: "A" });
  return packet.encode({ type: "query", id: 1, questions });
}

test("packets that avahi complains of do not fill the log", async () => {
  const since = Date.now();
  const box = lan.boxes[0];
  const again = box.announce(`--name ${NAME} --http 8080 --https 8443`);
  await again.announced(NAME);
  // Of these lengths some leave no room for an answer behind the questions.
  const stranger = await Sender.open();
  for (let i = 0; i < 1000; i++) await stranger.send(longQuestion(i % 12));
  stranger.close();
  await answers();
  assert.match(again.log, /not fitting in legacy unicast packet/);
  const windows = Math.ceil((Date.now() - since) / 10000) + 1;
  const { length } = again.lines("event=mdns");
  assert.ok(length <= 50 * windows, `${length} lines`);
});
