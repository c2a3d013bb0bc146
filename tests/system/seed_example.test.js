// The seed's own example, as its page and its back end do it, by every client on every transport.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { entered, EVERY, exists, kicked, pagesOf } from "./lib/pages.js";

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.stop());

const SEED_BODY = `{
  "ROOT": {
    "BODY": {
      "roomId": "456",
      "eventName": "test",
      "data": {}
    }
  }
}`;

const pushSeed = () => gateway.authorised("/push", { method: "POST", body: SEED_BODY });

for (const kind of EVERY) {
  describe(kind.name, () => {
    test("enters room 456, listens to test, gets the push, closes", async (t) => {
      const open = pagesOf(t);
      const page = await open(gateway, kind);
      assert.deepEqual(page.greeting, { code: "2001", msg: "connect success" });
      assert.deepEqual(await page.login("456"), entered("456"));
      const heard = page.listen("test");

      const answer = await pushSeed();
      assert.equal(answer.status, 200);
      const { ID, ...body } = answer.json.ROOT.BODY;
      assert.deepEqual(body, { RETURN_CODE: "0000", RETURN_MSG: "ok", DELIVERED: 1 });
      assert.match(ID, /^\d+$/);
      assert.deepEqual(await heard.next(), {});
      await page.upgraded();

      page.close();
      await gateway.connected(0);
      assert.equal((await pushSeed()).json.ROOT.BODY.DELIVERED, 0);
    });

    test("hears the push after the upgrade as before it", async (t) => {
      const page = await pagesOf(t)(gateway, kind);
      await page.upgraded();
      assert.deepEqual(await page.login(456), entered("456"));
      const heard = page.listen("test");
      assert.equal((await gateway.push("456", "test", '{"n":1}')).DELIVERED, 1);
      assert.deepEqual(await heard.next(), { n: 1 });
    });

    test("is kept out with 2004, puts out with 2005, and is refused with 2003", async (t) => {
      const open = pagesOf(t);
      const first = await open(gateway, kind);
      const second = await open(gateway, kind);
      assert.deepEqual(await first.login("456"), entered("456"));
      assert.deepEqual(await second.login("456"), exists("456"));
      assert.deepEqual(await second.login("456", "loginWhenLast"), entered("456"));
      assert.deepEqual(await first.downmsg.next(), kicked("456"));
      assert.equal((await second.login("")).code, "2003");

      const global = [first, second].map((page) => page.listen("news"));
      assert.equal((await gateway.push(undefined, "news", "7")).DELIVERED, 2);
      for (const inbox of global) assert.equal(await inbox.next(), 7);
    });
  });
}
