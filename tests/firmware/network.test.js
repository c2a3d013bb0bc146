// How a box is found on its LAN: settings of its address and name, and its announcement by mDNS, as
// they are on the wire.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { until } from "../system/lib/wait.js";

/** The UDP payloads to a port in a capture file (libpcap's format, Ethernet, IPv4). */
function* datagrams(file, port) {
  const bytes = readFileSync(file);
  for (let at = 24; at + 16 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 8);
    const frame = bytes.subarray(at + 16, at + 16 + length);
    at += 16 + length;
    const [ipv4, udp] = [0x0800, 17];
    if (frame.length < 42 || frame.readUInt16BE(12) !== ipv4 || frame[23] !== udp) continue;
    const header = 14 + (frame[14] & 15) * 4;
    if (frame.readUInt16BE(header + 2) === port) yield frame.subarray(header + 8);
  }
}

/** A label of a name in DNS (RFC 1035 section 3.1); what follows it may be a pointer. */
const label = (text) => String.fromCharCode(text.length) + text;

/** A box whose wire is written to a file, `filters` behind that; not switched on yet. */
function wired(t, prepare, filters = []) {
  const box = new Gateway({ config: null, prepare });
  t.after(() => box.stop());
  const capture = `${box.disk.file}.pcap`;
  box.qemu = ["-object", `filter-dump,id=wire,netdev=lan,file=${capture}`, ...filters];
  const announced = (bytes) =>
    [...datagrams(capture, 5353)].some((one) => one.includes(Buffer.from(bytes)));
  const announces = (bytes, what) =>
    until(() => announced(bytes), `the announcement of ${what}`, 30000);
  return { box, announces };
}

test("a name and an address of box.conf, and the announcement of both", async (t) => {
  const { box, announces } = wired(t, (disk) => {
    const settings = "HOSTNAME=ward-3\r\nADDRESS=10.0.2.15/24\r\nTIMEZONE=CST-8\r\n";
    disk.putSetting("box.conf", settings);
    const listen = "[listen]\n\ttls = '0.0.0.0:8444'  # was \"0.0.0.0:8443\"\n";
    disk.putSetting("bellhop.toml", listen);
  });
  await box.launch();
  assert.equal(box.keys.name, "ward-3.local");
  assert.match(box.serial, /box: network: ward-3 10\.0\.2\.15\/24/);
  for (const name of ["ward-3", "_http", "_https"]) await announces(label(name), name);
  await announces([10, 0, 2, 15], "its address");
  // Of a service (RFC 2782): priority, weight, port.
  for (const port of [8080, 8444]) {
    await announces([0, 0, 0, 0, port >> 8, port & 255], `port ${port}`);
  }
});

test("without DHCP a link-local address of its own, and the announcement of it", async (t) => {
  const nobody = ["-chardev", "null,id=nobody"];
  const toNobody = ["-object", "filter-redirector,id=cut,netdev=lan,queue=tx,outdev=nobody"];
  const { box, announces } = wired(t, () => {}, [...nobody, ...toNobody]);
  await box.powerOn();
  const [, text] = await box.logged(/no answer by DHCP yet; \S+ (169\.254\.\d+\.\d+)\s/);
  const [high, low] = createHash("md5").update("52:54:00:12:34:56\n").digest();
  const own = [169, 254, (high % 254) + 1, low];
  assert.equal(text, own.join("."), "of its hardware address, so that no two boxes have the same");
  await announces(own, "its address");
});

test("the name of a box that has none is the end of its hardware address", async (t) => {
  const box = await Gateway.start({ config: null });
  t.after(() => box.stop());
  assert.match(box.keys.name, /^bellhop-[0-9a-f]{6}\.local$/);
  assert.match(box.serial, /box: network: bellhop-[0-9a-f]{6} 10\.0\.2\.15 by DHCP/);
});
