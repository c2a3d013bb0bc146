// Every example of the guides and READMEs does what its reader is told.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { io } from "socket.io-client-4";
import { WebSocket } from "ws";
import { parse } from "yaml";
import { runToEnd, temporaryFolder } from "./lib/gateway.js";
import {
  BROWSER,
  Box,
  LANGUAGES,
  ROOT,
  allDocuments,
  guide,
  open,
  runInstall,
} from "./lib/guides.js";
import { pagesOf } from "./lib/pages.js";
import { Terminal, terminalsOf, tokenCommand } from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const ran = new Set(BROWSER);

let box;
before(async () => {
  box = await Box.start();
});
after(() => box.stop());

const VOLATILE = ["id", "ID", "token", "created", "expires", "version"];

/** The answer an example shows: the same but for what differs each time, which is of the same kind. */
function like(text, example) {
  const same = (value, shown, name) => {
    assert.equal(typeof value, typeof shown, name);
    if (typeof shown !== "object") {
      if (!VOLATILE.includes(name)) assert.equal(value, shown, name);
      return;
    }
    assert.deepEqual(Object.keys(value), Object.keys(shown), name);
    for (const key of Object.keys(shown)) same(value[key], shown[key], key);
  };
  same(JSON.parse(text), JSON.parse(example), "answer");
}

/** A terminal with a token that was made on the box a moment ago. */
async function terminalOf(t, user, token) {
  const tokens = async () => (await box.gateway.authorised("/api/v1/tokens")).json.tokens.length;
  const listed = (await tokenCommand(box.gateway, "list")).split("\n").length - 1;
  await until(async () => (await tokens()) === listed, "the box to have seen all tokens");
  return terminalsOf(t)(box.gateway, user, { token });
}

/** What the page prints to its console. */
function listener() {
  const lines = [];
  return { lines, log: (...words) => lines.push(words.join(" ")) };
}

for (const [language, ending] of Object.entries(LANGUAGES)) {
  const example = (name) => {
    const document = name === "README" ? open("README", ending) : guide(name, ending);
    return (word) => {
      ran.add(`${name} ${word}`);
      return document.code(word);
    };
  };
  const status = async (key) =>
    (await box.gateway.request("/api/v1/access", { headers: { "x-api-key": key } })).status;
  const lines = (text) => text.trim().split("\n");

  describe(`integrator, ${language}`, () => {
    const code = example("integrator");

    test("build: the commands are those of CONTRIBUTING", () => {
      const contributing = readFileSync(join(ROOT, "CONTRIBUTING.md"), "utf8");
      const [packages, build] = lines(code("build"));
      assert.ok(
        contributing.includes(packages.replace("install build", "install build test")),
        packages,
      );
      assert.ok(contributing.includes(build), build);
    });

    test("install: files, a user, a service that is started", async (t) => {
      const root = temporaryFolder();
      t.after(() => rmSync(root, { recursive: true }));
      const told = await runInstall(code("install"), root);
      assert.equal(told, "daemon-reload\nenable --now bellhop\n");
      for (const path of ["usr/bin/bellhop", "etc/bellhop/bellhop.toml"]) {
        assert.ok(existsSync(join(root, path)), path);
      }
      assert.match(
        readFileSync(join(root, "etc/passwd"), "utf8"),
        /^bellhop:.*:\/var\/lib\/bellhop:/m,
      );
      assert.equal(code("install"), open("README", ending).code("install"));
      ran.add("README install");
    });

    test("check and keys", async () => {
      like(await box.shell(code("check")), code("check-answer"));
      const { key, adminKey } = box.gateway;
      assert.deepEqual(lines(await box.shell(code("keys"))), [key, adminKey]);
    });

    test("configure: what is wrong is said before anything stops", async () => {
      const good = box.configuration;
      const { pid } = box.gateway;
      box.configure(`${good}[limits]\n`);
      await assert.rejects(box.shell(code("configure")), /bellhop\.toml:\d+:\d+/);
      assert.equal(box.gateway.pid, pid);
      box.configure(good);
      assert.match(await box.shell(code("configure")), /^configuration is good: http 127/);
      assert.notEqual(box.gateway.pid, pid);
    });

    test("ports: those of the defaults", async () => {
      const { stdout } = await runToEnd(["--print-defaults"]);
      const redirects = [...code("ports").matchAll(/dport (\d+) redirect to :(\d+)/g)];
      assert.deepEqual(
        redirects.map(([, from]) => from),
        ["80", "443"],
      );
      for (const [, , to] of redirects) assert.ok(stdout.includes(`"0.0.0.0:${to}"`), to);
    });

    test("certificates: the box's own is trusted, and another takes its place", async () => {
      like(
        await box.shell(code("fetch-certificate")),
        guide("integrator", ending).code("check-answer"),
      );
      const subject = ["-subj", "/CN=house", "-addext", "subjectAltName=IP:127.0.0.1"];
      const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9"];
      const files = ["-keyout", "house.key", "-out", "house.crt"];
      const words = ["req", "-x509", ...kind, ...subject, ...files];
      execFileSync("openssl", words, { cwd: box.folder, stdio: "ignore" });
      await box.shell(code("own-certificate"));
      const ask = "curl -s --cacert house.crt https://BOX:8443/health/live";
      assert.equal(await box.shell(ask), '{"status":"live"}');
      await assert.rejects(box.shell(ask.replace("house", "bellhop")), /Command failed/);
    });

    test("a token, and a JWT by the program of the back end's guide", async (t) => {
      const token = (await box.shell(code("token"))).trim();
      assert.ok((await terminalOf(t, "1", token)).first.Message.includes("1"));
      await box.shell(code("jwt-key"));
      const [section, line] = lines(box.here(code("jwt")));
      const [option] = line.split(" = ");
      const before = box.configuration;
      const changed = before.replace(`${option} = ""`, line);
      assert.ok(before.includes(section) && changed !== before);
      box.configure(changed);
      await box.shell("sudo systemctl restart bellhop");
      await box.shell("cp /var/lib/bellhop/hs256.key .");
      const jwt = (await box.python(example("backend")("jwt"))).trim();
      const terminal = await terminalsOf(t)(box.gateway, "1", { token: jwt });
      assert.ok(terminal.first.Message.includes("1"));
      const { json } = await box.gateway.authorised("/api/v1/users/1");
      assert.equal(json.name, "甲");
      box.configure(before);
      await box.shell("sudo systemctl restart bellhop");
      await assert.rejects(Terminal.open(box.gateway, jwt), /401/);
    });

    test("clock: times are local", async () => {
      await box.shell(code("clock"));
      const body = '{"user":"clock"}';
      const { json } = await box.gateway.authorised("/api/v1/tokens", { method: "POST", body });
      assert.match(json.created, /\+08:00$/);
    });

    test("prometheus: the target tells its numbers", async () => {
      const [
        {
          static_configs: [{ targets }],
        },
      ] = parse(box.here(code("prometheus"))).scrape_configs;
      assert.deepEqual(targets, [`${box.gateway.host}:${box.gateway.port}`]);
      assert.match(await box.shell(`curl -s http://${targets[0]}/metrics`), /^bellhop_ready 1$/m);
    });

    test("backup and restore: tokens, keys and configuration as they were", async () => {
      const { adminKey } = box.gateway;
      const configuration = box.configuration;
      await tokenCommand(box.gateway, "add", "--user", "1", "--id", `kept${ending.length}`);
      await box.shell(code("backup"));
      await tokenCommand(box.gateway, "revoke", `kept${ending.length}`);
      await box.shell(example("administrator")("admin-key-new"));
      box.configure("");
      await box.shell(code("restore"));
      assert.equal(box.gateway.adminKey, adminKey);
      assert.equal(await status(adminKey), 200);
      assert.equal(box.configuration, configuration);
      assert.match(
        await tokenCommand(box.gateway, "list"),
        new RegExp(`^kept${ending.length} `, "m"),
      );
    });
  });

  describe(`administrator, ${language}`, () => {
    const code = example("administrator");

    test("the admin key, read and replaced", async () => {
      const old = box.gateway.adminKey;
      assert.equal((await box.shell(code("admin-key"))).trim(), old);
      await box.shell(code("admin-key-new"));
      assert.equal(await status(old), 401);
      assert.equal(await status(box.gateway.adminKey), 200);
    });

    test("a token, listed and revoked", async (t) => {
      const [add, list, revoke] = lines(code("tokens"));
      const token = (await box.shell(add)).trim();
      const terminal = await terminalOf(t, "1", token);
      assert.match(await box.shell(list), /^ward-7 +1 +甲 /m);
      await box.shell(revoke);
      await terminal.end();
      assert.ok(!(await box.shell(list)).includes("ward-7"));
    });

    test("the push key, replaced without a gap", async () => {
      const old = box.gateway.key;
      const fresh = (await box.shell(code("push-key-add"))).trim();
      assert.deepEqual([await status(old), await status(fresh)], [200, 200]);
      await box.shell(code("push-key-remove"));
      assert.deepEqual([await status(old), await status(fresh)], [401, 200]);
    });
  });

  describe(`back end, ${language}`, () => {
    const code = example("backend");

    /** A page in room 456. */
    async function page(t) {
      const one = await pagesOf(t)(box.gateway);
      await one.login("456", "loginWhenever");
      return one.listen("test");
    }

    test("a push with curl, in both forms, and a mistake", async (t) => {
      const inbox = await page(t);
      assert.equal((await box.shell(`${code("key")}\necho "$BELLHOP_KEY"`)).trim(), "...");
      for (const name of ["push", "envelope"]) {
        like(await box.shell(code(name)), code(`${name}-answer`));
        assert.deepEqual(await inbox.next(), { bed: 7 });
      }
      like(await box.shell(code("mistake")), code("mistake-answer"));
    });

    test("the program pushes, once however often it runs, and lists the users", async (t) => {
      const inbox = await page(t);
      await box.shell("sudo systemctl restart bellhop"); // it remembers no key of before
      const again = await page(t);
      assert.match(await box.python(code("program")), /^delivered to 1\n/);
      assert.deepEqual(await again.next(), { bed: 7 });
      const users = async () => lines(await box.python(code("program"))).slice(1);
      const gone = async () => (await users()).some((line) => /^1 last seen \d{4}-/.test(line));
      await until(gone, "user 1 to be gone");
      assert.deepEqual([again.items, inbox.items], [[], []]);
      const key = box.gateway.key;
      writeFileSync(join(box.gateway.state, "push.key"), "another-key-of-the-back-end\n", {
        mode: 0o600,
      });
      await box.shell("sudo systemctl reload bellhop");
      const wrong = box.python(code("program"), { BELLHOP_KEY: key });
      await assert.rejects(wrong, /\/api\/v1\/push: 401 send the push key/);
    });

    test("a token by the API", async (t) => {
      const answer = await box.shell(code("token"));
      like(answer, code("token-answer"));
      const { token } = JSON.parse(answer);
      const terminal = await terminalsOf(t)(box.gateway, "1", { token });
      assert.ok(terminal.first.Message.includes("1"));
    });
  });

  /** Runs a terminal's example as user 1 while user 2 listens; what it prints, what 2 hears. */
  async function callFrom(t, source) {
    const tokens = await Promise.all(
      ["1", "2"].map((user) => tokenCommand(box.gateway, "add", "--user", user)),
    );
    const callee = await terminalOf(t, "2", tokens[1]);
    const console = listener();
    const run = new Function(
      "WebSocket",
      "token",
      "console",
      `${box.here(source)}\nreturn socket;`,
    );
    const socket = run(WebSocket, tokens[0], console);
    t.after(() => socket.terminate());
    const { Sender, Message } = await callee.heard("Call");
    assert.equal(Sender, "1");
    return { console, callee, Message };
  }

  test(`front end, ${language}: the terminal sees who is online and calls`, async (t) => {
    const { console, callee, Message } = await callFrom(t, example("frontend")("terminal"));
    assert.deepEqual(Message.Data, { sender: "甲", type: "呼叫", receiver: "乙" });
    await callee.event("Decline", "1");
    const printed = (line) =>
      until(() => console.lines.includes(line), `"${line}" of ${console.lines}`);
    for (const line of ["Call delivered", "2 Decline"]) await printed(line);
    await until(
      () => console.lines.some((line) => /^online: (1,2|2,1)$/.test(line)),
      "the online list",
    );
  });

  describe(`README, ${language}`, () => {
    const code = example("README");

    test("page and push", async (t) => {
      const console = listener();
      const [head, ...body] = lines(code("page"));
      assert.match(head, /^import \{ io \} from "socket\.io-client";/);
      const run = new Function("io", "console", `${box.here(body.join("\n"))}\nreturn socket;`);
      const socket = run((url) => io(url, { forceNew: true }), console);
      t.after(() => socket.close());
      await until(() => console.lines.some((line) => line.startsWith("2002")), "the room");
      assert.equal(JSON.parse(await box.shell(code("push"))).delivered, 1);
      await until(() => console.lines.includes("[object Object]"), "the push");
    });

    test("terminal", async (t) => {
      const { Message } = await callFrom(t, code("terminal"));
      assert.deepEqual(Message, { Event: "Call", Data: {} });
    });

    test("administrator", async (t) => {
      const [token, health] = (await box.shell(code("administrator"))).split("\n");
      like(health, guide("integrator", ending).code("check-answer"));
      assert.ok((await terminalOf(t, "1", token)).first.Message.includes("1"));
    });
  });
}

test("no example has been left out", () => {
  const short = (path) => /([\w]+)(?:\.zh)?\.md$/.exec(path)[1];
  for (const { path, examples } of allDocuments()) {
    for (const { name } of examples.filter((one) => one.name !== undefined)) {
      assert.ok(ran.has(`${short(path)} ${name}`), `${path}: ${name}`);
    }
    const nameless = examples.filter(({ name }) => name === undefined).map(({ code }) => code);
    if (short(path) === "README")
      assert.match(nameless.shift(), /^platform\/linux\/run --demo .*\ntests\/run /);
    assert.deepEqual(nameless, [], path);
  }
});
