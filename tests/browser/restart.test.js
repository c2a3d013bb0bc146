// The gateway goes away under an open page.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { io } from "socket.io-client-4";
import { Gateway } from "../system/lib/gateway.js";
import { within } from "../system/lib/wait.js";
import { launch } from "./lib/browser.js";
import { Console } from "./lib/console.js";

describe("gateway killed under the page", () => {
  let browser;
  let gateway;

  before(async () => {
    gateway = await Gateway.start({ flags: ["--demo"] });
    gateway.listen = `127.0.0.1:${gateway.port}`;
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it("comes back and enters the room again", async () => {
    const monitor = await Console.open(browser, gateway, "push?room=ward");
    await monitor.room("in");
    await monitor.connection("websocket");
    await gateway.kill();
    await monitor.connection("lost");
    await gateway.launch();
    await monitor.connection("websocket");
    await monitor.room("in");
    await gateway.push("ward", "after", '{"back":true}');
    assert.equal((await monitor.message("after")).data, '{"back":true}');
    await monitor.close();
  });

  it("waits for its room when another has taken it meanwhile", async () => {
    const monitor = await Console.open(browser, gateway, "push?room=bed&rule=loginWhenFirst");
    await monitor.room("in");
    await gateway.kill();
    await monitor.connection("lost");
    await monitor.page.context().setOffline(true);
    await gateway.launch();
    const other = io(gateway.url, { forceNew: true });
    await within(other.emitWithAck("loginRoom", "bed"), "the other page to enter");
    await monitor.page.context().setOffline(false);
    await monitor.room("again");
    other.disconnect();
    await monitor.room("in");
    await monitor.close();
  });

  it("leaves for good when told to while the gateway is away", async () => {
    const monitor = await Console.open(browser, gateway, "push?room=gone");
    await monitor.room("in");
    await gateway.kill();
    await monitor.connection("lost");
    await monitor.page.click("#leave");
    await gateway.launch();
    await monitor.connection("websocket");
    assert.equal((await gateway.push("gone", "test", "1")).DELIVERED, 0);
    assert.equal((await gateway.push(undefined, "everyone", "1")).DELIVERED, 1);
    await monitor.message("everyone");
    await monitor.close();
  });
});
