// The console while its gateway reads its files again.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { launch } from "./lib/browser.js";
import { Console } from "./lib/console.js";

describe("SIGHUP under the console", () => {
  let browser;
  let gateway;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());
  beforeEach(async (t) => {
    gateway = await Gateway.start();
    t.after(() => gateway.stop());
  });

  function write(file, text) {
    writeFileSync(join(gateway.state, file), text);
    gateway.signal("SIGHUP");
  }

  it("it is signed out when the key is changed on the box", async () => {
    const one = await Console.open(browser, gateway, "rooms");
    write("admin.key", "another-key-of-the-administrator\n");
    assert.match(await one.fault("revoked"), /not valid any more/);
    await one.signIn("another-key-of-the-administrator");
    await one.inside();
    await one.close();
  });

  it("its log shows what went wrong, in the colour of errors", async () => {
    const one = await Console.open(browser, gateway, "log");
    await one.page.waitForSelector('.lines li[data-level="info"]');
    write("push.key", "short\n");
    await one.page.waitForSelector('.lines li[data-level="error"]');
    await one.close();
  });
});
