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
    const one = await Console.open(browser, gateway, "push?room=ward");
    await one.room("in");
    await one.connection("websocket");
    await gateway.kill();
    await one.connection("lost");
    await gateway.launch();
    await one.connection("websocket");
    await one.room("in");
    await gateway.push("ward", "after", '{"back":true}');
    assert.equal((await one.message("after")).data, '{"back":true}');
    await one.close();
  });

  it("waits for its room when another has taken it meanwhile", async () => {
    const one = await Console.open(browser, gateway, "push?room=bed&rule=loginWhenFirst");
    await one.room("in");
    await gateway.kill();
    await one.connection("lost");
    await one.page.context().setOffline(true);
    await gateway.launch();
    const other = io(gateway.url, { forceNew: true });
    await within(other.emitWithAck("loginRoom", "bed"), "the other page to enter");
    await one.page.context().setOffline(false);
    await one.room("again");
    other.disconnect();
    await one.room("in");
    await one.close();
  });

  it("leaves for good when told to while the gateway is away", async () => {
    const one = await Console.open(browser, gateway, "push?room=gone");
    await one.room("in");
    await gateway.kill();
    await one.connection("lost");
    await one.page.click("#leave");
    await gateway.launch();
    await one.connection("websocket");
    assert.equal((await gateway.push("gone", "test", "1")).DELIVERED, 0);
    assert.equal((await gateway.push(undefined, "everyone", "1")).DELIVERED, 1);
    await one.message("everyone");
    await one.close();
  });
});
