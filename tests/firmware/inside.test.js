// The inside of a running box: what listens, what can be written, who runs what, how much is left.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { TOKEN_KEYS, tokenOf } from "../system/lib/jwt.js";
import { Terminal } from "../system/lib/terminals.js";
import { probed } from "./lib/probe.js";

const README = readFileSync(new URL("../../firmware/README.md", import.meta.url), "utf8");
/** Rows of the table of listening sockets: `| tcp 8080 | ...`. */
const DOCUMENTED = [...README.matchAll(/^\| (tcp|udp) (\d+) \|/gm)].map(([, p, n]) => `${p} ${n}`);

let box;
let said;
before(async () => {
  ({ box, said } = await probed(
    {
      tcp: "netstat -lnt 2> /dev/null | tail -n +3",
      // The announcement may come later than the keys.
      udp: `until netstat -lnu 2> /dev/null | grep -q :5353; do sleep 1; done
        netstat -lnu 2> /dev/null | tail -n +3`,
      writes: `for path in / /bin /etc /usr/lib/box /lib/modules; do
        touch $path/probe.new && echo "written: $path"; done; mount -o remount,rw /;
        touch /etc/probe.new && echo "written after a remount"; echo tried`,
      mounts: "cat /proc/mounts",
      processes: "ps -o pid,user,args",
      memory: "cat /proc/meminfo",
      capabilities: "grep -E '^(Uid|Cap...|NoNewPrivs)' /proc/$(pidof bellhop)/status",
      state: "ls -lan /data /data/bellhop",
      users: "cat /etc/passwd",
      privileged: "find / -xdev -perm -4000 | head; echo searched",
    },
    { config: { tokens: TOKEN_KEYS, limits: { connections_per_address: 1536 } } },
  ));
});
after(() => box?.stop());

test("the listening sockets are the documented ones", () => {
  const port = (line) => line.split(/\s+/)[3].split(":").at(-1);
  const listening = [
    ...said.tcp.map((line) => `tcp ${port(line)}`),
    ...said.udp.map((line) => `udp ${port(line)}`),
  ];
  assert.ok(DOCUMENTED.length > 0);
  assert.deepEqual([...new Set(listening)].sort(), [...DOCUMENTED].sort());
});

test("the root file system cannot be written, by root either", () => {
  assert.equal(said.writes.at(-1), "tried");
  assert.deepEqual(
    said.writes.filter((line) => line.startsWith("written")),
    [],
  );
  assert.ok(said.mounts.some((line) => / \/ squashfs ro[, ]/.test(line)));
});

test("what lasts is journalled and holds no programs", () => {
  const data = said.mounts.find((line) => line.split(" ")[1] === "/data");
  assert.match(data, / ext4 rw,nosuid,nodev,noexec,noatime,errors=remount-ro/);
  assert.match(said.mounts.find((line) => line.split(" ")[1] === "/settings"), / vfat ro,/);
});

describe("the gateway", () => {
  test("runs as a user of its own, without capabilities", () => {
    const row = said.processes.find((line) => line.includes("bellhop --config"));
    assert.match(row, /^\s*\d+ bellhop /);
    for (const line of said.capabilities) {
      if (/^Cap(Prm|Eff|Amb)/.test(line)) assert.match(line, /\t0+$/);
    }
    assert.match(said.capabilities.find((line) => line.startsWith("Uid")), /\t100\t100\t100\t100/);
  });

  test("keeps its state to itself", () => {
    const modes = said.state.filter((line) => /bellhop\.db$|\.key$/.test(line));
    assert.ok(modes.length >= 3, said.state.join("\n"));
    for (const line of modes.filter((one) => one.endsWith(".key"))) assert.match(line, /^-rw-------/);
    assert.ok(said.state.some((line) => /^drwx------ .* 100 +100 .* bellhop$/.test(line)));
  });
});

test("nobody can log in: no shell waits, no password is set, no ssh", () => {
  assert.deepEqual(
    said.processes.filter((line) => /getty|login|sshd|dropbear|telnetd/.test(line)),
    [],
  );
  for (const line of said.users) assert.match(line, /^\w+:\*:.*:\/bin\/false$/);
  assert.deepEqual(said.privileged, ["searched"]);
});

test("1000 call terminals at once fit into its memory", async (t) => {
  const terminals = [];
  t.after(() => terminals.forEach((terminal) => terminal.kill()));
  // One after the other: QEMU's network takes no more.
  for (let i = 0; i < 1000; ++i) terminals.push(await Terminal.open(box, tokenOf(`u${i}`)));
  assert.equal(await box.metric('bellhop_table_in_use{table="sessions"}'), 1000);
  const answer = await terminals[0].call("u999");
  assert.deepEqual([answer.Status, answer.Terminals], ["delivered", 1]);
  await terminals[999].heard("Call");
  assert.equal((await box.request("/health/ready")).status, 200);
});
