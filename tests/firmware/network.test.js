// How a box is found on its LAN: settings of its address and name, and its announcement by mDNS, as
// they are on the wire.
import assert from "node:assert/strict";
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

test("a name and an address of box.conf, and the announcement of both", async (t) => {
  let capture;
  const box = new Gateway({
    config: null,
    prepare: (disk) => {
      capture = `${disk.file}.pcap`;
      const settings = "HOSTNAME=ward-3\r\nADDRESS=10.0.2.15/24\r\nTIMEZONE=CST-8\r\n";
      disk.putSetting("box.conf", settings);
    },
  });
  t.after(() => box.stop());
  box.qemu = ["-object", `filter-dump,id=wire,netdev=lan,file=${capture}`];
  await box.launch();
  assert.equal(box.keys.name, "ward-3.local");
  assert.match(box.serial, /box: network: ward-3 10\.0\.2\.15\/24/);
  const announced = (text) =>
    [...datagrams(capture, 5353)].some((one) => one.toString("latin1").includes(text));
  for (const name of ["ward-3", "_http", "_https"].map(label)) {
    await until(() => announced(name), `the announcement of ${JSON.stringify(name)}`, 30000);
  }
  const address = Buffer.from([10, 0, 2, 15]).toString("latin1");
  await until(() => announced(address), "the announcement of its address", 30000);
});

test("the name of a box that has none is the end of its hardware address", async (t) => {
  const box = await Gateway.start({ config: null });
  t.after(() => box.stop());
  assert.match(box.keys.name, /^bellhop-[0-9a-f]{6}\.local$/);
  assert.match(box.serial, /box: network: bellhop-[0-9a-f]{6} 10\.0\.2\.15 by DHCP/);
});
