// Registered tokens by command line and API, and the key files of JWTs. Connections by token are
// tested elsewhere.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { Gateway, runToEnd, temporaryFolder, toToml } from "./lib/gateway.js";
import { until } from "./lib/wait.js";

const EX_CONFIG = 78;
const TOKEN = /^[\w-]{43}\n$/;

function stateOf(t) {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, "state");
}

const bellhop = (state, ...words) => runToEnd(["token", ...words, "--state", state]);

async function add(state, ...flags) {
  const { code, stdout, stderr } = await bellhop(state, "add", ...flags);
  assert.equal(code, 0, stderr);
  assert.match(stdout, TOKEN);
  return stdout.trim();
}

/** The rows of `token list`, split where there are two blanks or more. */
async function list(state, ...flags) {
  const { code, stdout, stderr } = await bellhop(state, "list", ...flags);
  assert.deepEqual([code, stderr], [0, ""]);
  const [head, ...rows] = stdout.trimEnd().split("\n");
  assert.match(head, /^ID +USER +NAME +CREATED +EXPIRES$/);
  return rows;
}

async function startOn(t, state, options = {}) {
  const gateway = await Gateway.start({ state, ...options });
  t.after(() => gateway.stop());
  return gateway;
}

const listed = async (gateway) => (await gateway.authorised("/api/v1/tokens")).json.tokens;
const ids = async (gateway) => (await listed(gateway)).map(({ id }) => id);
const post = (gateway, body) =>
  gateway.authorised("/api/v1/tokens", { method: "POST", body: JSON.stringify(body) });
const remove = (gateway, id) => gateway.authorised(`/api/v1/tokens/${id}`, { method: "DELETE" });

describe("bellhop token", () => {
  test("works before the first start, which then goes on from there", async (t) => {
    const state = stateOf(t);
    assert.deepEqual(await list(state), []);
    const { code, stderr } = await bellhop(state, "revoke", "a");
    assert.equal(code, 1);
    assert.match(stderr, /no database yet/);
    assert.ok(!existsSync(state), "looking makes nothing");

    await add(state, "--user", "1", "--id", "kiosk");
    const gateway = await startOn(t, state);
    assert.deepEqual(await ids(gateway), ["kiosk"]);
    assert.equal((await gateway.push(undefined, "e", "0")).RETURN_MSG, "ok");
  });

  test("prints the token once, alone, and lists everything else", async (t) => {
    const state = stateOf(t);
    const words = ["--user", "nurse 7", "--name", "甲 先生", "--id", "k-1", "--expires-in", "30d"];
    const token = await add(state, ...words);
    const other = await add(state, "--user", "2");
    assert.notEqual(token, other);
    const rows = await list(state);
    const date = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}[+-]\\d\\d:\\d\\d";
    assert.match(rows[0], new RegExp(`^k-1 +nurse 7 +甲 先生 +${date} +${date}$`));
    assert.match(rows[1], new RegExp(`^[0-9a-f]{10} +2 +${date} +never$`));
    for (const file of readdirSync(state)) {
      assert.ok(!readFileSync(join(state, file)).includes(token), `${file} does not have it`);
    }
  });

  test("revokes", async (t) => {
    const state = stateOf(t);
    await add(state, "--user", "1", "--id", "a");
    await add(state, "--user", "1", "--id", "b");
    const { code, stdout, stderr } = await bellhop(state, "revoke", "a");
    assert.deepEqual([code, stdout, stderr], [0, "", "token a is revoked\n"]);
    assert.deepEqual((await list(state)).map((row) => row[0]), ["b"]);
    const again = await bellhop(state, "revoke", "a");
    assert.equal(again.code, 1);
    assert.match(again.stderr, /^a: there is no token of this id\n$/);
  });

  test("takes the state folder and limits.tokens from the file", async (t) => {
    const state = stateOf(t);
    const file = join(temporaryFolder(), "bellhop.toml");
    t.after(() => rmSync(join(file, ".."), { recursive: true }));
    writeFileSync(file, toToml({ state: { directory: state }, limits: { tokens: 1 } }));
    const run = (...words) => runToEnd(["token", ...words, "--config", file]);
    assert.equal((await run("add", "--user", "1", "--id", "a")).code, 0);
    const full = await run("add", "--user", "2");
    assert.deepEqual([full.code, full.stdout], [1, ""]);
    assert.match(full.stderr, /limits\.tokens/);
    assert.match((await run("list")).stdout, /\na +1 /);
  });

  test("says what is wrong", async (t) => {
    const state = stateOf(t);
    await add(state, "--user", "1", "--id", "a");
    const rows = [
      [["add"], EX_CONFIG, /needs --user/],
      [["add", "--user", ""], EX_CONFIG, /needs --user/],
      [["add", "--user", 'a"b'], EX_CONFIG, /a quote or a backslash/],
      [["add", "--user", "x".repeat(65)], EX_CONFIG, /64 bytes/],
      [["add", "--user", "1", "--name", "x".repeat(129)], EX_CONFIG, /128 bytes/],
      [["add", "--user", "1", "--id", "a b"], EX_CONFIG, /letters, digits/],
      [["add", "--user", "1", "--expires-in", "30"], EX_CONFIG, /--expires-in: "30"/],
      [["add", "--user", "1", "--id", "a"], 1, /token of this id already/],
      [["revoke"], EX_CONFIG, /value is missing after revoke/],
      [["revoke", "b"], 1, /no token of this id/],
      [["lst"], EX_CONFIG, /add, list or revoke/],
      [["list", "--colour"], EX_CONFIG, /unknown flag --colour/],
      [["list", "--config", "/nowhere.toml"], EX_CONFIG, /\/nowhere\.toml/],
    ];
    for (const [words, expected, message] of rows) {
      const { code, stdout, stderr } = await bellhop(state, ...words);
      assert.deepEqual([code, stdout], [expected, ""], words.join(" "));
      assert.match(stderr, message);
    }
    assert.equal((await list(state)).length, 1);
  });

  test("leaves a file that is none of ours alone", async (t) => {
    const state = stateOf(t);
    await add(state, "--user", "1");
    const file = join(state, "bellhop.db");
    writeFileSync(file, "x".repeat(5000));
    for (const words of [["add", "--user", "1"], ["list"], ["revoke", "a"]]) {
      const { code, stdout, stderr } = await bellhop(state, ...words);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.ok(stderr.startsWith(file), stderr);
    }
    assert.equal(readFileSync(file, "utf8"), "x".repeat(5000));
  });
});

test("what the command line does to a running gateway is noticed, and nothing fails by it", async (t) => {
  const gateway = await startOn(t, stateOf(t));
  for (let i = 0; i < 5; i++) await add(gateway.state, "--user", `${i}`, "--id", `t${i}`);
  await until(async () => (await ids(gateway)).length === 5, "five tokens");
  assert.equal((await bellhop(gateway.state, "revoke", "t3")).code, 0);
  await until(async () => !(await ids(gateway)).includes("t3"), "one to go");
  assert.equal(await gateway.metric('bellhop_table_in_use{table="tokens"}'), 4);
  assert.equal(await gateway.metric("bellhop_store_failures_total"), 0);
  assert.equal((await gateway.request("/health/ready")).status, 200);
});

describe("the API", () => {
  test("registers, lists and revokes, and a restart keeps", async (t) => {
    const gateway = await startOn(t, stateOf(t));
    const answer = await post(gateway, { user: "1", name: "甲", expiresIn: 60 });
    assert.equal(answer.status, 201);
    const { token, ...shown } = answer.json;
    assert.match(`${token}\n`, TOKEN);
    assert.equal(Date.parse(shown.expires) - Date.parse(shown.created), 60000);
    assert.deepEqual(await listed(gateway), [shown]);
    const { json: second } = await post(gateway, { user: "2" });
    const { text } = await gateway.authorised("/api/v1/tokens");
    assert.ok(!text.includes(token) && !text.includes(second.token));
    assert.ok(!gateway.log.includes(token) && !gateway.log.includes(second.token));

    assert.equal((await remove(gateway, shown.id)).status, 204);
    assert.equal((await remove(gateway, shown.id)).status, 404);
    await gateway.kill();
    await gateway.launch();
    assert.deepEqual(await ids(gateway), [second.id]);
    assert.match((await list(gateway.state))[0], new RegExp(`^${second.id} +2 `));
  });

  test("refuses what can be no token", async (t) => {
    const gateway = await startOn(t, stateOf(t));
    const rows = [
      [{ user: "" }, /empty/],
      [{ user: "a\\b" }, /a quote or a backslash/],
      [{ user: "x".repeat(65) }, /64 bytes/],
      [{ user: "甲".repeat(22) }, /64 bytes/],
      [{ user: "a\u0000b" }, /control/],
      [{ user: 1 }, /string/],
      [{ user: "1", name: "x".repeat(129) }, /128 bytes/],
      [{ user: "1", expiresIn: 0 }, /expiresIn/],
      [{ user: "1", expiresAt: "2001-01-01T00:00:00Z" }, /expired already/],
      [{ user: "1", expiresIn: 5, expiresAt: "2101-01-01T00:00:00Z" }, /exclude/],
      [["1"], /object/],
    ];
    for (const [body, message] of rows) {
      const { status, json } = await post(gateway, body);
      assert.deepEqual([status, json.error.code], [400, "malformed"], JSON.stringify(body));
      assert.match(json.error.message, message);
    }
    assert.deepEqual(await listed(gateway), []);
  });

  test("a full table is a clear 503 until there is room", async (t) => {
    const gateway = await startOn(t, stateOf(t), { config: { limits: { tokens: 2 } } });
    const { json: first } = await post(gateway, { user: "1" });
    assert.equal((await post(gateway, { user: "1" })).status, 201);
    const { status, json } = await post(gateway, { user: "1" });
    assert.deepEqual([status, json.error.code], [503, "table_full"]);
    assert.match(json.error.message, /limits\.tokens/);
    assert.equal(await gateway.refusals("tokens"), 1);
    assert.equal((await remove(gateway, first.id)).status, 204);
    assert.equal((await post(gateway, { user: "1" })).status, 201);
  });

  test("a database that another keeps is a 503 and nothing half done", async (t) => {
    const gateway = await startOn(t, stateOf(t));
    const { json: kept } = await post(gateway, { user: "1" });
    const file = join(gateway.state, "bellhop.db");
    const locked = join(gateway.folder, "locked");
    const release = join(gateway.folder, "release");
    // Keeps the lock until it is told to let it go.
    const script = `BEGIN IMMEDIATE;\n.shell touch ${locked}; while [ ! -e ${release} ]; do sleep 0.02; done\nCOMMIT;\n`;
    writeFileSync(join(gateway.folder, "keep.sql"), script);
    const keeper = promisify(execFile)("sqlite3", [file, `.read ${join(gateway.folder, "keep.sql")}`]);
    await until(() => existsSync(locked), "the lock");
    const { status, json } = await post(gateway, { user: "2" });
    assert.deepEqual([status, json.error.code], [503, "database_unavailable"]);
    assert.match(json.error.message, /locked/);
    assert.equal((await remove(gateway, kept.id)).status, 503);
    writeFileSync(release, "");
    await keeper;
    assert.deepEqual(await ids(gateway), [kept.id]);
    assert.equal((await remove(gateway, kept.id)).status, 204);
  });

  test("needs the push key", async (t) => {
    const config = { push: { trusted_addresses: ["127.0.0.0/8"] } };
    const gateway = await startOn(t, stateOf(t), { config });
    const body = '{"user":"1"}';
    for (const [method, path] of [
      ["GET", "/api/v1/tokens"],
      ["POST", "/api/v1/tokens"],
      ["DELETE", "/api/v1/tokens/a"],
    ]) {
      const { status } = await gateway.request(path, { method, ...(method === "POST" && { body }) });
      assert.equal(status, 401, method);
    }
    assert.deepEqual(await listed(gateway), []);
  });
});

describe("key files of JWTs", () => {
  const SECRET = "s".repeat(32);
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const PUBLIC = publicKey.export({ type: "spki", format: "pem" });
  const PRIVATE = privateKey.export({ type: "pkcs8", format: "pem" });
  const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;

  function keysOf(t, secrets, publics) {
    const folder = temporaryFolder();
    t.after(() => rmSync(folder, { recursive: true }));
    const files = { hs256_key_file: join(folder, "secrets"), es256_key_file: join(folder, "public.pem") };
    if (secrets !== undefined) writeFileSync(files.hs256_key_file, secrets, { mode: 0o600 });
    if (publics !== undefined) writeFileSync(files.es256_key_file, publics);
    return files;
  }

  test("good ones start", async (t) => {
    const tokens = keysOf(t, `# ours\n${SECRET}\n${SECRET}2\n`, PUBLIC + PUBLIC);
    await startOn(t, stateOf(t), { config: { tokens } });
  });

  // [what, secrets, public keys, what is done to the files, whose fault, message]
  const hs = "hs256_key_file";
  const es = "es256_key_file";
  const BAD = [
    ["missing secrets", undefined, PUBLIC, hs, /missing/],
    ["empty secrets", "", PUBLIC, hs, /empty/],
    ["a remark alone", "# soon\n", PUBLIC, hs, /no key/],
    ["a short secret", `${SECRET}\nshort\n`, PUBLIC, hs, /:2: the key is too short.*32/],
    ["a secret with blanks", "so many words are no good secret here\n", PUBLIC, hs, /blank/],
    ["missing public keys", SECRET, undefined, es, /missing/],
    ["empty public keys", SECRET, "", es, /no public key/],
    ["garbage", SECRET, "garbage\n", es, /no public key/],
    ["a private key", SECRET, PRIVATE, es, /no public key/],
    ["a key cut off", SECRET, PUBLIC.slice(0, 90), es, /no end line/],
    ["a key of RSA", SECRET, RSA.export({ type: "spki", format: "pem" }), es, /P-256/],
  ];
  for (const [what, secrets, publics, fault, message] of BAD) {
    test(`${what}: a message and 78`, async (t) => {
      const tokens = keysOf(t, secrets, publics);
      const gateway = new Gateway({ config: { tokens } });
      t.after(() => rmSync(gateway.folder, { recursive: true }));
      const flags = ["--config", gateway.configFile, "--state", gateway.state];
      const { code, stdout, stderr } = await runToEnd([...flags, "--listen", "127.0.0.1:0", "--tls-listen", ""]);
      assert.deepEqual([code, stdout], [EX_CONFIG, ""]);
      const line = stderr.trim().split("\n").at(-1);
      assert.ok(line.startsWith(tokens[fault]), stderr);
      assert.match(line, message);
      assert.ok(!stderr.includes(SECRET));
    });
  }

  test("a folder, or a file that others can read, is refused", async (t) => {
    for (const spoil of [
      (file) => chmodSync(file, 0o644),
      (file) => {
        rmSync(file);
        mkdirSync(file);
      },
    ]) {
      const tokens = keysOf(t, SECRET, PUBLIC);
      spoil(tokens.hs256_key_file);
      const gateway = new Gateway({ config: { tokens } });
      t.after(() => rmSync(gateway.folder, { recursive: true }));
      const flags = ["--config", gateway.configFile, "--state", gateway.state];
      const { code, stderr } = await runToEnd([...flags, "--listen", "127.0.0.1:0", "--tls-listen", ""]);
      assert.equal(code, EX_CONFIG);
      assert.ok(stderr.includes(tokens.hs256_key_file), stderr);
    }
  });

  test("the same file for both is wrong by --check-config", async (t) => {
    const gateway = new Gateway({ config: { tokens: { hs256_key_file: "/k", es256_key_file: "/k" } } });
    t.after(() => rmSync(gateway.folder, { recursive: true }));
    const { code, stderr } = await runToEnd(["--check-config", "--config", gateway.configFile]);
    assert.equal(code, EX_CONFIG);
    assert.match(stderr, /:\d+:\d+: .*same file/);
  });

  test("SIGHUP reads them again, and a broken one is logged and changes nothing", async (t) => {
    const tokens = keysOf(t, SECRET, PUBLIC);
    const gateway = await startOn(t, stateOf(t), { config: { tokens } });
    writeFileSync(tokens.es256_key_file, "garbage\n");
    gateway.signal("SIGHUP");
    await gateway.logged(/event=reload_token_keys_failed reason=.*public\.pem/);
    gateway.log = "";
    writeFileSync(tokens.es256_key_file, PUBLIC);
    gateway.signal("SIGHUP");
    await gateway.logged(/event=reloaded/);
    assert.doesNotMatch(gateway.log, /failed/);
  });
});

test("--demo registers users 1, 2 and 3 and tells their tokens", async (t) => {
  const folder = temporaryFolder();
  t.after(() => rmSync(folder, { recursive: true }));
  const gateway = new Gateway({ state: folder });
  t.after(() => gateway.stop());
  const flags = ["--demo", "--state", folder, "--listen", "127.0.0.1:0", "--tls-listen", ""];
  await gateway.run(flags);
  const line = /^ {4}(\d) .  http:\/\/[\d.:]+\/terminal\?token=([\w-]{43})\n/gm;
  const told = () => [...gateway.log.matchAll(line)];
  await until(() => told().length === 3, "three tokens");
  assert.deepEqual(told().map(([, user]) => user), ["1", "2", "3"]);
  assert.deepEqual((await listed(gateway)).map(({ user }) => user), ["1", "2", "3"]);
  const before = told().map(([, , token]) => token);
  await gateway.kill();
  await gateway.run(flags);
  await until(() => told().length === 3, "three tokens again");
  assert.ok(told().every(([, , token]) => !before.includes(token)), "new ones");
  assert.equal((await listed(gateway)).length, 3);
});
