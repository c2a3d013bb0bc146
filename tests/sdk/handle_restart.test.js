// socket.handle.js, with every stock client, while the gateway goes away and comes back.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { Inbox, until, within } from "../system/lib/wait.js";
import { Wire } from "../system/lib/wire.js";
import { importHandle, VERSIONS } from "./lib/modules.js";

const SOON = { reconnectionDelay: 50, reconnectionDelayMax: 200 };
const LATE = { reconnectionDelay: 4000, randomizationFactor: 0 }; // others come first

async function startAgain(gateway) {
  gateway.listen = `127.0.0.1:${gateway.port}`;
  await gateway.launch();
}

for (const version of VERSIONS) {
  describe(`SocketHandle on socket.io-client ${version}`, () => {
    let SocketHandle;
    before(async () => ({ SocketHandle } = await importHandle(version)));

    async function open(t, options = SOON) {
      const gateway = await Gateway.start();
      const handle = new SocketHandle(gateway.url, options);
      t.after(async () => {
        handle.close();
        await gateway.stop();
      });
      const told = new Inbox("onReenter");
      handle.onReenter = (id, error) =>
        told.put([id, error && error.code, error && error.retrying]);
      return { gateway, handle, told };
    }

    test("is in its rooms again after a kill and a start, and hears pushes once", async (t) => {
      const { gateway, handle, told } = await open(t);
      const heard = new Inbox("a push");
      handle.listen("test", (data) => heard.put(data));
      await handle.loginRoom("456");
      await handle.loginRoom("shared", "loginWhenever");
      await gateway.kill();
      await startAgain(gateway);
      assert.deepEqual(await told.take(2), [
        ["456", null, null],
        ["shared", null, null],
      ]);
      assert.equal((await gateway.push("456", "test", "1")).DELIVERED, 1);
      assert.equal((await gateway.push("shared", "test", "2")).DELIVERED, 1);
      assert.deepEqual(await heard.take(2), [1, 2]);
      assert.deepEqual(heard.items, []);
    });

    test("a login asked for while there was no gateway is answered by the next", async (t) => {
      const { gateway, handle, told } = await open(t);
      await handle.loginRoom("before");
      await gateway.kill();
      const login = handle.loginRoom("during");
      await startAgain(gateway);
      assert.equal((await within(login, "the login")).code, "2002");
      assert.deepEqual(await told.next(), ["before", null, null]);
      handle.close();
      await gateway.connected(0);
    });

    test("is told that its room is taken, and enters it when it is free", async (t) => {
      const { gateway, handle, told } = await open(t, LATE);
      await handle.loginRoom("456");
      await gateway.kill();
      await startAgain(gateway);
      const other = await Wire.open(gateway);
      assert.equal(await other.login("456"), "2002");
      assert.deepEqual(await told.next(), ["456", "2004", true]);
      other.cut();
      assert.deepEqual(await told.next(), ["456", null, null]);
      await until(async () => (await gateway.push("456", "test")).DELIVERED === 1, "the room");
    });
  });
}
