// What --demo prints is there to be clicked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { launch } from "./lib/browser.js";
import { Terminal } from "./lib/terminal.js";

test("its three links open terminals that can call each other", async (t) => {
  const gateway = await Gateway.start({ flags: ["--demo"] });
  t.after(() => gateway.stop());
  const browser = await launch();
  t.after(() => browser.close());

  const links = gateway.log.match(/^ +\d \S+ +http\S+\/terminal\?token=\S+$/gm);
  const tokens = links.map((line) => new URL(line.trim().split(/ +/)[2]).searchParams.get("token"));
  assert.equal(tokens.length, 3);
  const [first, second, third] = await Promise.all(
    tokens.map((token) => Terminal.open(browser, gateway, token)),
  );
  await first.lamp("2", true);
  await first.lamp("3", true);
  await first.call("2");
  await second.rings();
  await second.accept();
  await first.state("talking");
  await third.quiet();
});
