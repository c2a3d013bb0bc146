// The plug is pulled again and again while pushes, calls and tokens are under way. Nothing that an
// answer reported as stored may be missing afterwards.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { tokenOf } from "../system/lib/jwt.js";
import { callsOf, gatewayOf, Terminal } from "../system/lib/terminals.js";
import { within } from "../system/lib/wait.js";

const CUTS = Number(process.env.BELLHOP_CUTS ?? 20);
const HISTORY = 4096; // no call may leave the history because it is full

/** Does one thing after the other until the power goes, over one connection. */
class Load {
  tokens = new Set();
  revoked = new Set();
  calls = new Map();
  pushes = 0;
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  async run(box) {
    const ends = await Promise.allSettled([this.#keepTokens(box), this.#keepCalls(box)]);
    for (const { reason } of ends) {
      // What a client sees of a box without power; everything else is a finding.
      if (!/ECONN|socket hang up|waited|not open/.test(`${reason.code} ${reason.message}`)) throw reason;
    }
  }

  async #keepTokens(box) {
    for (;;) {
      const made = await box.authorised("/api/v1/tokens", {
        method: "POST",
        body: JSON.stringify({ user: "9" }),
        agent: this.#agent,
      });
      assert.equal(made.status, 201, made.text);
      this.tokens.add(made.json.id);
      await box.push(undefined, "load", `{"n":${++this.pushes}}`, { agent: this.#agent });
      if (this.tokens.size > 50) await this.#revoke(box);
    }
  }

  async #revoke(box) {
    const [id] = this.tokens;
    this.tokens.delete(id); // from here on either may be true
    const gone = await box.authorised(`/api/v1/tokens/${id}`, {
      method: "DELETE",
      agent: this.#agent,
    });
    assert.equal(gone.status, 204, gone.text);
    this.revoked.add(id);
  }

  async #keepCalls(box) {
    const terminals = [];
    try {
      for (const user of ["1", "2"]) terminals.push(await Terminal.open(box, tokenOf(user)));
      for (;;) await this.#keepCall(box, ...terminals);
    } finally {
      terminals.forEach((terminal) => terminal.kill());
    }
  }

  async #keepCall(box, caller, callee) {
    const patience_ms = 3000; // of a socket whose box is gone
    const { Id } = await within(caller.call("2"), "a receipt", patience_ms);
    await callee.next("Event", patience_ms);
    await within(callee.event("Accept", "1", { Id }), "a receipt", patience_ms);
    await within(caller.event("Hangup", "2", { Id }), "a receipt", patience_ms);
    for (const call of await callsOf(box)) {
      if (call.stored && call.state === "ended") this.calls.set(call.id, call);
    }
  }
}

function checkDatabase(disk) {
  const folder = mkdtempSync(join(tmpdir(), "bellhop-cut-"));
  try {
    for (const name of ["bellhop.db", "bellhop.db-wal"]) {
      disk.dataFile(`/bellhop/${name}`, join(folder, name));
    }
    const file = join(folder, "bellhop.db");
    return execFileSync("sqlite3", [file, "PRAGMA integrity_check"]).toString().trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test(`${CUTS} cuts: always ready again, sound, and nothing stored is lost`, async (t) => {
  const box = await gatewayOf(t, { limits: { calls: HISTORY } });
  const load = new Load();
  // The same moments at every run, 0.5 to 3.5 s after the load began.
  let seed = 7;
  const moment = () => (seed = (seed * 16807) % 2147483647) % 3000 + 500;
  for (let cut = 1; cut <= CUTS; ++cut) {
    const running = load.run(box);
    const power = new Promise((resolve) => setTimeout(resolve, moment())).then(() => box.kill());
    await Promise.all([running, power]);
    assert.equal(checkDatabase(box.disk), "ok", `after cut ${cut}`);
    await box.launch();
    const ready = await box.request("/health/ready");
    assert.equal(ready.status, 200, `cut ${cut}: ${ready.text}`);
    const { tokens } = (await box.authorised("/api/v1/tokens")).json;
    const there = new Set(tokens.map(({ id }) => id));
    for (const id of load.tokens) assert.ok(there.has(id), `token ${id} after cut ${cut}`);
    for (const id of load.revoked) assert.ok(!there.has(id), `revoked ${id} after cut ${cut}`);
    const calls = new Map((await callsOf(box)).map((call) => [call.id, call]));
    for (const [id, call] of load.calls) assert.deepEqual(calls.get(id), call, `cut ${cut}`);
  }
  assert.ok(load.tokens.size > CUTS && load.calls.size > CUTS, "there was something to lose");
  t.diagnostic(`${load.pushes} pushes, ${load.tokens.size + load.revoked.size} tokens, ` +
    `${load.calls.size} calls stored`);
});
