// What the program says before it serves: flags, the configuration file, its own identity.
import assert from "node:assert/strict";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Gateway, runToEnd, temporaryFolder } from "./lib/gateway.js";

const EX_CONFIG = 78;

function folderOf(t) {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function configOf(t, text) {
  const file = join(folderOf(t), "bellhop.toml");
  writeFileSync(file, text);
  return file;
}

describe("flags", () => {
  test("--version, --help and --print-defaults go to stdout and end well", async () => {
    const version = await runToEnd(["--version"]);
    assert.match(version.stdout, /^bellhop \d+\.\d+\.\d+\S*\n$/);
    const help = await runToEnd(["--help"]);
    for (const flag of [
      "--config",
      "--listen",
      "--state",
      "--check-config",
      "--print-defaults",
      "--demo",
    ]) {
      assert.ok(help.stdout.includes(flag), flag);
    }
    for (const { code, stderr } of [version, help]) assert.deepEqual([code, stderr], [0, ""]);
  });

  const WRONG = [
    [["--colour"], /unknown flag --colour/],
    [["-x"], /unknown flag/],
    [["--listen"], /value is missing after --listen/],
    [["--version=3"], /no value is expected by --version/],
    [["bellhop.toml"], /unexpected argument bellhop\.toml/],
    [["--listen", "localhost:1"], /--listen/],
    [["--listen", "127.0.0.1"], /--listen/],
    [["--listen", "127.0.0.1:70000"], /--listen/],
    [["--listen", "", "--tls-listen", ""], /listen/],
    [["--log-level", "loud"], /--log-level/],
    [["--config", "/nowhere/bellhop.toml"], /\/nowhere\/bellhop\.toml.*No such file/],
  ];
  for (const [flags, message] of WRONG) {
    test(`${flags.join(" ")} is a message and 78`, async (t) => {
      const { code, stdout, stderr } = await runToEnd(["--state", folderOf(t), ...flags]);
      assert.deepEqual([code, stdout], [EX_CONFIG, ""]);
      assert.match(stderr, message);
    });
  }
});

describe("configuration", () => {
  test("the printed defaults are a good file that changes nothing", async (t) => {
    const { stdout } = await runToEnd(["--print-defaults"]);
    const checked = await runToEnd(["--check-config", "--config", configOf(t, stdout)]);
    assert.deepEqual([checked.code, checked.stderr], [0, ""]);
    const keys = stdout.split("\n").filter((line) => /^\w+ = /.test(line));
    assert.ok(keys.length > 30);
    for (const [i, line] of stdout.split("\n").entries()) {
      if (/^\w+ = /.test(line))
        assert.match(stdout.split("\n")[i - 1], /^# /, `${line} is explained`);
    }
  });

  test("an empty file and no file are good", async (t) => {
    for (const flags of [["--config", configOf(t, "")], []]) {
      const { code, stdout } = await runToEnd(["--check-config", ...flags]);
      const listening = "http 0.0.0.0:8080, https 0.0.0.0:8443";
      assert.deepEqual([code, stdout], [0, `configuration is good: ${listening}\n`]);
    }
  });

  // [what [listen] says, what is told of it]
  for (const [listen, told] of [
    ["plain = '0.0.0.0:81' # was '0.0.0.0:80'\n\ttls = ''", ": http 0.0.0.0:81"],
    ['plain = ""\ntls = "192.168.1.5:443"', ": https 192.168.1.5:443"],
  ]) {
    test(`who listens where is told: ${JSON.stringify(listen)}`, async (t) => {
      const file = configOf(t, `[listen]\n${listen}\n`);
      const { code, stdout } = await runToEnd(["--check-config", "--config", file]);
      assert.deepEqual([code, stdout], [0, `configuration is good${told}\n`]);
    });
  }

  // [text, what follows the file's name]
  const BAD = [
    ["[limits]\nsessions = 0\n", /:2:12: limits\.sessions/],
    ["[limits]\nsessions = 99999999\n", /:2:12: limits\.sessions/],
    ["[limits]\nsessions = '12'\n", /:2:12: .*whole number/],
    ["[limits]\nsessions = 1.5\n", /:2:12: .*whole number/],
    ["[limits]\n\n  sesions = 5\n", /:3:3: unknown option limits\.sesions.*sessions/],
    ["[limit]\nsessions = 5\n", /:1:\d+: unknown section \[limit\].*limits/],
    ["sessions = 5\n", /:1:1: unknown option sessions/],
    ["[listen]\nplain = 8080\n", /:2:9: .*text/],
    ["[listen]\nplain = 'nowhere'\n", /:2:9: .*ADDRESS:PORT/],
    ["[http]\norigins = 'https://a'\n", /:2:11: .*list/],
    ["[http]\norigins = [1]\n", /:2:\d+: /],
    ["[http]\norigins = ['https://a/path']\n", /:2:\d+: /],
    ["[push]\ntrusted_addresses = ['10.0.0.0/33']\n", /:2:\d+: /],
    ["[log]\nlevel = 'loud'\n", /:2:9: /],
    ["[limits\nsessions = 5\n", /:1:\d+: /],
    ["[limits]\nsessions = \n", /:2:\d+: /],
    ["[limits]\nsessions = 5\nsessions = 6\n", /:3:\d+: /],
    ["limits = 5\n", /:1:\d+: limits is a section/],
    [
      "[limits]\nsessions = 1000\nconnections = 10\nconnections_per_address = 5\n",
      /:\d+:\d+: limits\.sessions = 1000 .*limits\.connections = 10/,
    ],
    ["\u0000", /:1:1: /],
  ];
  for (const [text, message] of BAD) {
    test(`${JSON.stringify(text)} names file, line and column, and is 78`, async (t) => {
      const file = configOf(t, text);
      for (const flags of [["--check-config"], ["--state", folderOf(t)]]) {
        const { code, stdout, stderr } = await runToEnd([...flags, "--config", file]);
        assert.deepEqual([code, stdout], [EX_CONFIG, ""]);
        assert.ok(stderr.startsWith(file), stderr);
        assert.match(stderr.slice(file.length), message);
      }
    });
  }

  test("all that is wrong is told at once, in the file's order", async (t) => {
    const file = configOf(t, "[limits]\nrooms = 0\nsessions = 'x'\n[colour]\nred = 1\n");
    const { stderr } = await runToEnd(["--check-config", "--config", file]);
    assert.deepEqual(
      stderr.match(/:\d+:\d+: /g).map((place) => place.split(":")[1]),
      ["2", "3", "4"],
    );
  });

  test("flags override the file", async (t) => {
    const file = configOf(t, "[listen]\nplain = '127.0.0.1:1'\ntls = ''\n");
    const gateway = new Gateway({});
    gateway.configFile = file;
    await gateway.launch();
    await gateway.stop();
    assert.match(gateway.stdout, /^ready http:\/\/127\.0\.0\.1:\d+\n$/);
  });
});

describe("the state folder", () => {
  test("a fresh start makes it for the owner alone, with its secrets", async (t) => {
    const state = join(folderOf(t), "state");
    const gateway = await Gateway.start({ state });
    const modeOf = (name) => (statSync(join(state, name)).mode & 0o777).toString(8);
    assert.equal(modeOf("."), "700");
    assert.equal(modeOf("push.key"), "600");
    assert.equal(modeOf("tls.key"), "600");
    assert.ok(existsSync(join(state, "tls.crt")));
    const key = gateway.key;
    await gateway.stop();
    const again = await Gateway.start({ state });
    assert.equal(again.key, key, "the key stays");
    await again.stop();
  });

  /** A state folder that has served once. */
  async function usedState(t) {
    const state = join(folderOf(t), "state");
    await (await Gateway.start({ state })).stop();
    return state;
  }

  const REFUSED = {
    "is missing": (file) => rmSync(file),
    "is empty": (file) => writeFileSync(file, ""),
    "has blank lines only": (file) => writeFileSync(file, "\n \n# a remark\n"),
    "has a short key": (file) => writeFileSync(file, "secret\n"),
    "has a key with a blank": (file) => writeFileSync(file, "a key with blanks in it\n"),
    "has a key with bytes": (file) =>
      writeFileSync(file, Buffer.from([...Buffer.from("x".repeat(20)), 0, 255])),
    "has a good and a broken key": (file) => writeFileSync(file, `${"k".repeat(20)}\nshort\n`),
    "can be read by others": (file) => chmodSync(file, 0o644),
    "is a folder": (file) => {
      rmSync(file);
      mkdirSync(file, { mode: 0o700 });
    },
  };
  for (const [name, spoil] of Object.entries(REFUSED)) {
    test(`a push.key that ${name} refuses to start`, async (t) => {
      const state = await usedState(t);
      const file = join(state, "push.key");
      await spoil(file);
      const { code, stdout, stderr } = await runToEnd([
        "--state",
        state,
        "--listen",
        "127.0.0.1:0",
        "--tls-listen",
        "",
      ]);
      assert.deepEqual([code, stdout], [EX_CONFIG, ""]);
      assert.ok(stderr.startsWith(file), stderr);
      assert.equal(stderr.trim().split("\n").length, 1, stderr);
    });
  }

  for (const name of ["tls.key", "tls.crt"]) {
    test(`a broken ${name} refuses to start, if TLS is on`, async (t) => {
      const state = await usedState(t);
      writeFileSync(join(state, name), "-----BEGIN NOTHING-----\n");
      chmodSync(join(state, name), 0o600);
      const { code, stderr } = await runToEnd([
        "--state",
        state,
        "--listen",
        "",
        "--tls-listen",
        "127.0.0.1:0",
      ]);
      assert.equal(code, EX_CONFIG);
      assert.ok(stderr.includes(name), stderr);
    });
  }

  test("a folder that cannot be made is a message", async (t) => {
    const file = join(folderOf(t), "file");
    writeFileSync(file, "");
    const { code, stderr } = await runToEnd([
      "--state",
      join(file, "state"),
      "--listen",
      "127.0.0.1:0",
    ]);
    assert.equal(code, EX_CONFIG);
    assert.ok(stderr.includes(file), stderr);
  });
});

test("a port in use is a clear message and no start", async (t) => {
  const holder = net.createServer().listen(0, "127.0.0.1");
  t.after(() => holder.close());
  await once(holder, "listening");
  const address = `127.0.0.1:${holder.address().port}`;
  for (const flags of [
    ["--listen", address, "--tls-listen", ""],
    ["--listen", "", "--tls-listen", address],
  ]) {
    const { code, stdout, stderr } = await runToEnd(["--state", folderOf(t), ...flags]);
    assert.deepEqual([code, stdout], [EX_CONFIG, ""]);
    assert.ok(stderr.includes(address), stderr);
    assert.match(stderr, /in use/);
  }
});

test("an address of another machine is a clear message and no start", async (t) => {
  const flags = ["--state", folderOf(t), "--listen", "203.0.113.7:8080", "--tls-listen", ""];
  const { code, stderr } = await runToEnd(flags);
  assert.equal(code, EX_CONFIG);
  assert.match(stderr, /203\.0\.113\.7:8080/);
});

test("--demo needs no configuration, trusts this machine and leaves nothing behind", async (t) => {
  const folder = folderOf(t);
  const gateway = new Gateway({ env: { TMPDIR: folder } });
  t.after(() => gateway.stop());
  await gateway.run(["--demo", "--listen", "127.0.0.1:0", "--tls-listen", ""]);
  const body = '{"ROOT":{"BODY":{"eventName":"test"}}}';
  const answer = await gateway.request("/push", { method: "POST", body });
  assert.equal(answer.status, 200);
  assert.match(gateway.log, /curl .*\/push/);
  assert.equal(
    (await gateway.request("/api/v1/rooms")).status,
    401,
    "reading needs the key all the same",
  );
  assert.equal(readdirSync(folder).length, 1);
  gateway.signal("SIGTERM");
  await gateway.exited;
  assert.deepEqual(readdirSync(folder), []);
  assert.ok(!existsSync(gateway.state));
});
