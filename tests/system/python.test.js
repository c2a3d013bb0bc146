// python-socketio as a page: it drops a connection that answers a poll with more than 16 packets.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Gateway } from "./lib/gateway.js";
import { entered } from "./lib/pages.js";
import { Inbox, within } from "./lib/wait.js";

const PYTHON = "/usr/bin/python3"; // Debian's, which has python3-socketio
const SCRIPT = fileURLToPath(new URL("python/room.py", import.meta.url));
const COUNT = 100;
const AT_ONCE = 25; // as many as may wait beside a poll's answer

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.stop());

for (const transport of ["polling", "websocket"]) {
  test(`${transport}: a room, ${COUNT} pushes in bursts, the end`, async (t) => {
    const page = spawn(PYTHON, [
      "-B",
      SCRIPT,
      gateway.url,
      transport,
      "python",
      "test",
      String(COUNT),
    ]);
    t.after(() => page.kill());
    const ended = once(page, "exit");
    const lines = new Inbox("a line of the Python page");
    createInterface({ input: page.stdout }).on("line", (line) => lines.put(JSON.parse(line)));
    let errors = "";
    page.stderr.on("data", (text) => (errors += text));

    assert.deepEqual(
      await lines.next(),
      ["downmsg", { code: "2001", msg: "connect success" }],
      errors,
    );
    assert.deepEqual(await lines.next(), ["downmsg", entered("python")]);
    for (let i = 0; i < COUNT; i += AT_ONCE) {
      const batch = Array.from({ length: AT_ONCE }, (_, j) => ({
        room: "python",
        event: "test",
        data: { n: i + j, s: "é😀" },
      }));
      const { json } = await gateway.authorised("/api/v1/push", {
        method: "POST",
        body: JSON.stringify(batch),
      });
      assert.ok(json.results.every(({ delivered }) => delivered === 1));
      const got = await lines.take(AT_ONCE); // in the order of its threads
      const wanted = batch.map(({ data }) => ["test", data]);
      assert.deepEqual(
        got.sort(([, a], [, b]) => a.n - b.n),
        wanted,
        errors,
      );
    }
    assert.deepEqual(await lines.next(), ["disconnected"]);
    assert.deepEqual(await within(ended, "the page's end"), [0, null], errors);
    await gateway.connected(0);
  });
}
