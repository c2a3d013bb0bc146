// A disk that is full, and what was said to be on it. Files that may not grow (prlimit) are a full
// disk for whoever writes, and need no rights; tests/firmware has a real one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { runToEnd, temporaryFolder } from "./lib/gateway.js";
import {
  callsOf,
  gatewayOf,
  registerToken,
  Terminal,
  terminalsOf,
  tokenCommand,
} from "./lib/terminals.js";
import { until } from "./lib/wait.js";

const FULL = ["prlimit", "--fsize=1:"];

const limit = (gateway, bytes) =>
  promisify(execFile)("prlimit", [`--pid=${gateway.pid}`, `--fsize=${bytes}:`]);
const ready = (gateway) => gateway.request("/health/ready");
const isReady = (gateway) =>
  until(async () => (await ready(gateway)).status === 200, "it to be ready");
const allStored = (gateway) =>
  until(async () => (await callsOf(gateway)).every(({ stored }) => stored), "all to be stored");

async function unready(gateway) {
  const answer = await until(async () => {
    const now = await ready(gateway);
    return now.status === 503 && now;
  }, "it to be not ready");
  assert.match(answer.json.reason, /database cannot be written/);
}

describe("a full disk", () => {
  test("while it serves: everything goes on, nothing is said to be stored", async (t) => {
    const gateway = await gatewayOf(t);
    const open = terminalsOf(t);
    const [caller, callee] = [await open(gateway, "1"), await open(gateway, "2")];
    const first = await caller.call("absent");
    await allStored(gateway);

    await limit(gateway, 1);
    const { Id } = await caller.call("2");
    await callee.heard("Call");
    assert.equal((await callee.event("Accept", "1", { Id })).Status, "delivered");
    assert.equal((await gateway.push(undefined, "e", "1")).RETURN_CODE, "0000");
    await unready(gateway);
    assert.ok((await gateway.metric("bellhop_store_failures_total")) > 0);
    assert.equal((await callsOf(gateway)).find((call) => call.id === Id).stored, false);
    const refused = await gateway.authorised("/api/v1/tokens", {
      method: "POST",
      body: '{"user":"7"}',
    });
    assert.equal(refused.status, 503);
    assert.equal(gateway.log.match(/event=store_failed/g).length, 1, "said once");

    await limit(gateway, "unlimited");
    await isReady(gateway);
    await allStored(gateway);
    const { token } = await registerToken(gateway, "7");
    await gateway.kill();
    await gateway.launch();
    const after = await callsOf(gateway);
    assert.deepEqual(
      after.map(({ id, end }) => [id, end]),
      [
        [Id, "interrupted"],
        [first.Id, "offline"],
      ],
    );
    await open(gateway, "7", { token });
  });

  for (const end of ["orderly", "by a power cut"]) {
    test(`at the start, after an end that was ${end}: what is there is used`, async (t) => {
      const gateway = await gatewayOf(t);
      const open = terminalsOf(t);
      const { token } = await registerToken(gateway, "7");
      const first = await (await open(gateway, "1")).call("7");
      await allStored(gateway);
      if (end === "orderly") {
        gateway.signal("SIGTERM");
        await gateway.exited;
      } else await gateway.kill();

      gateway.through = FULL;
      await gateway.launch();
      await unready(gateway);
      const seven = await open(gateway, "7", { token });
      assert.deepEqual(
        (await seven.next("Missed")).Message.map(({ Id }) => Id),
        [first.Id],
      );
      const second = await (await open(gateway, "1")).call("7");
      await seven.heard("Call");

      await limit(gateway, "unlimited");
      await isReady(gateway);
      await allStored(gateway);
      assert.deepEqual(
        (await callsOf(gateway)).map(({ id }) => id),
        [second.Id, first.Id],
      );
      assert.match(await tokenCommand(gateway, "list"), / 7 /, "others can use the database");
    });
  }

  test("at the first start: said, and nothing is in the way of the next", async (t) => {
    const folder = temporaryFolder();
    t.after(() => rmSync(folder, { recursive: true }));
    const state = join(folder, "state");
    const flags = ["--state", state, "--listen", "127.0.0.1:0", "--tls-listen", ""];
    for (const bytes of [1, 50, 300]) {
      const { code, stdout, stderr } = await runToEnd(flags, {
        through: ["prlimit", `--fsize=${bytes}:`],
      });
      assert.deepEqual([code, stdout], [78, ""]);
      assert.match(stderr, /state\/[\w.]+: cannot write the file: File too large/);
    }
    const gateway = await gatewayOf(t, {}, { state });
    assert.equal((await ready(gateway)).status, 200);
  });
});

test("a call that was said to be stored is there after a power cut, as it was", async (t) => {
  const gateway = await gatewayOf(t, { store: { flush_interval_ms: 10 } });
  const known = new Map();
  for (let round = 0; round < 6; round++) {
    const [one, two] = [
      await Terminal.open(gateway, (await registerToken(gateway, "1")).token),
      await Terminal.open(gateway, (await registerToken(gateway, "2")).token),
    ];
    t.after(() => [one, two].forEach((terminal) => terminal.kill()));
    let busy = true;
    const calling = (async () => {
      while (busy) {
        const { Id } = await one.call("2");
        await two.event("Accept", "1", { Id });
        await one.event("Hangup", "2", { Id });
      }
    })().catch(() => {}); // the cut
    const enough = known.size + 5;
    while (known.size < enough) {
      for (const call of await callsOf(gateway)) {
        if (call.stored && call.state === "ended") known.set(call.id, call);
      }
    }
    await gateway.kill();
    busy = false;
    one.kill();
    two.kill();
    await gateway.launch();
    const after = new Map((await callsOf(gateway)).map((call) => [call.id, call]));
    for (const [id, call] of known) assert.deepEqual(after.get(id), call);
    void calling;
  }
});
