// Many pushes: in order, complete and once each, at every client on every transport.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { EVERY, pagesOf } from "./lib/pages.js";

const COUNT = 500;

let gateway;
let agent;
before(async () => {
  gateway = await Gateway.start();
  agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
});
after(async () => {
  agent.destroy();
  await gateway.stop();
});

const numbers = Array.from({ length: COUNT }, (_, i) => i);

describe(`${COUNT} pushes in a row`, () => {
  for (const kind of EVERY) {
    test(kind.name, async (t) => {
      const page = await pagesOf(t)(gateway, kind);
      await page.login("row");
      const heard = page.listen("n");
      for (const i of numbers) {
        assert.equal((await gateway.push("row", "n", `${i}`, { agent })).DELIVERED, 1);
      }
      assert.deepEqual(await heard.take(COUNT), numbers);
      await gateway.push("row", "n", '"end"');
      assert.equal(await heard.next(), "end", "nothing comes twice");
      await page.upgraded();
    });
  }
});

const PUBLISHERS = Array.from({ length: 32 }, (_, i) => i);

/** All publishers at once, each posting its next push when the last is answered. */
const publish = (room, each, readers) =>
  Promise.all(
    PUBLISHERS.map(async (publisher) => {
      for (let n = 0; n < each; n++) {
        const { DELIVERED } = await gateway.push(room, "n", `[${publisher},${n}]`, { agent });
        assert.equal(DELIVERED, readers);
      }
    }),
  );

test("32 publishers at once: each one's pushes in order, complete, the same at all", async (t) => {
  const open = pagesOf(t);
  const kinds = EVERY.filter(({ transport }) => transport !== "polling");
  const pages = await Promise.all(kinds.map((kind) => open(gateway, kind)));
  await Promise.all(pages.map((page) => page.upgraded()));
  await Promise.all(pages.map((page) => page.login("burst", "loginWhenever")));
  const heard = pages.map((page) => page.listen("n"));
  await publish("burst", 20, pages.length);

  const received = await Promise.all(heard.map((inbox) => inbox.take(32 * 20)));
  for (const publisher of PUBLISHERS) {
    const own = received[0].filter(([from]) => from === publisher).map(([, n]) => n);
    assert.deepEqual(own, numbers.slice(0, 20));
  }
  for (const other of received) assert.deepEqual(other, received[0]);
});

test("32 publishers at once, polling pages among the readers", async (t) => {
  const open = pagesOf(t);
  const pages = await Promise.all(EVERY.map((kind) => open(gateway, kind)));
  await Promise.all(pages.map((page) => page.login("mixed", "loginWhenever")));
  const heard = pages.map((page) => page.listen("n"));
  for (let round = 0; round < 10; round++) {
    await publish("mixed", 1, pages.length);
    const [first, ...others] = await Promise.all(heard.map((inbox) => inbox.take(32)));
    assert.deepEqual(
      first.map(([from]) => from).sort((a, b) => a - b),
      PUBLISHERS,
    );
    for (const other of others) assert.deepEqual(other, first);
  }
});

test("pushes during the upgrade are neither lost nor doubled", async (t) => {
  const open = pagesOf(t);
  for (const version of ["2.5", "3.1", "4.8"]) {
    for (let round = 0; round < 5; round++) {
      const page = await open(gateway, { version, transport: "upgrade" });
      await page.login("up");
      const heard = page.listen("n");
      let sent = 0;
      let upgraded = false;
      const done = page.upgraded().then(() => (upgraded = true));
      while (!upgraded || sent < 20) await gateway.push("up", "n", `${sent++}`, { agent });
      await done;
      assert.deepEqual(
        await heard.take(sent),
        Array.from({ length: sent }, (_, i) => i),
      );
      page.close();
      await gateway.connected(0);
    }
  }
});

test("a batch of a queue's length comes whole to a polling page", async (t) => {
  const page = await pagesOf(t)(gateway, { version: "3.1", transport: "polling" });
  const heard = page.listen("n");
  const batch = numbers.slice(0, 32).map((i) => ({ event: "n", data: i }));
  await gateway.authorised("/api/v1/push", { method: "POST", body: JSON.stringify(batch) });
  assert.deepEqual(await heard.take(32), numbers.slice(0, 32));
});
