// The browser's own WebSocket as a call terminal, opened by a page as the seed's are.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { tokenOf } from "../system/lib/jwt.js";
import { addressOf, gatewayOf, Terminal, usersOf } from "../system/lib/terminals.js";
import { until } from "../system/lib/wait.js";
import { launch } from "./lib/browser.js";

/** Runs in the page before all else, at each load: a terminal that keeps what came. */
function openTerminal(address) {
  window.got = [];
  window.thrown = [];
  window.ended = undefined;
  window.terminal = new WebSocket(address);
  window.terminal.onmessage = (message) => {
    try {
      window.got.push(JSON.parse(message.data));
    } catch (error) {
      window.thrown.push(String(error));
    }
  };
  window.terminal.onclose = ({ code, reason }) => (window.ended = { code, reason });
}

describe("a terminal in Chromium", () => {
  let browser;
  let gateway;
  let other;
  const webSocket = (address) => address.replace("http", "ws");

  before(async () => {
    gateway = await gatewayOf(null, { terminals: { grace_ms: 4000, list_interval_ms: 1 } });
    browser = await launch();
  });
  after(async () => {
    other?.kill();
    await browser?.close();
    await gateway?.stop();
  });

  async function openPage(token = tokenOf("page")) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(openTerminal, webSocket(addressOf(gateway, token)));
    await page.goto(`${gateway.url}/`);
    await page.waitForFunction(() => window.got.length > 0 || window.ended);
    return page;
  }
  const frames = (page, type) =>
    page.evaluate((wanted) => window.got.filter((frame) => frame.Type === wanted), type);
  const heard = (page, name) =>
    until(
      async () => (await frames(page, "Event")).find(({ Message }) => Message.Event === name),
      `${name} in the page`,
    );
  const terminalsOfPage = async () =>
    (await usersOf(gateway)).find(({ id }) => id === "page").terminals;

  it("is called, accepts, and is hung up on", async () => {
    other ??= await Terminal.open(gateway, tokenOf("other"));
    const page = await openPage();
    await other.online("other", "page");
    const { Id, Status } = await other.call("page");
    assert.equal(Status, "delivered");
    assert.deepEqual((await heard(page, "Call")).Message.Data, {
      sender: "甲",
      type: "呼叫",
      receiver: "乙",
    });
    const accept = { Receiver: "other", Type: "Event", Id, Message: { Event: "Accept" } };
    await page.evaluate((frame) => window.terminal.send(JSON.stringify(frame)), accept);
    assert.equal((await other.heard("Accept")).Sender, "page");
    await other.event("Hangup", "page", { Id });
    await heard(page, "Hangup");
    assert.equal((await frames(page, "Receipt"))[0].Message.Status, "delivered");
    assert.deepEqual(await page.evaluate(() => window.thrown), []);
    await page.context().close();
    await other.online("other");
  });

  it("loaded again and again is on every list of the others", async () => {
    const page = await openPage();
    await other.online("other", "page");
    const lists = other.lists.length;
    for (let i = 0; i < 5; i++) {
      await page.reload();
      await page.waitForFunction(() => window.got.length > 0);
      assert.deepEqual((await frames(page, "Chat"))[0].Message.sort(), ["other", "page"]);
    }
    await until(async () => (await terminalsOfPage()) === 1, "the old ones to end");
    await other.settled();
    assert.equal(other.lists.length, lists, "no new list");

    await page.evaluate(() => window.terminal.close());
    await other.online("other");
    assert.equal(other.lists.length, lists + 1, "close() is a logout");
    await page.context().close();
  });

  it("a ringing one that is loaded again rings again", async () => {
    const page = await openPage();
    const { Id } = await other.call("page");
    await heard(page, "Call");
    await page.reload();
    await page.waitForFunction(() => window.got.length > 1);
    assert.equal((await heard(page, "Call")).Id, Id);
    await other.event("Cancel", "page", { Id });
    await heard(page, "Cancel");
    await page.context().close();
  });

  it("comes in by its cookie", async () => {
    const context = await browser.newContext();
    await context.addCookies([{ name: "USERTOKEN", value: tokenOf("cookie"), url: gateway.url }]);
    const page = await context.newPage();
    await page.addInitScript(openTerminal, webSocket(addressOf(gateway)));
    await page.goto(`${gateway.url}/`);
    await until(
      async () => (await frames(page, "Chat"))[0]?.Message.includes("cookie"),
      "its list",
    );
    await context.close();
  });

  it("with a bad token, or of a foreign page, is not let in", async () => {
    const bad = await openPage("nobody");
    assert.equal((await bad.evaluate(() => window.ended)).code, 1006);
    await bad.context().close();

    const foreign = await gatewayOf(null);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${foreign.url}/health/live`);
    await page.evaluate(openTerminal, webSocket(addressOf(gateway, tokenOf("page"))));
    await page.waitForFunction(() => window.ended);
    assert.deepEqual(await page.evaluate(() => window.got), []);
    assert.ok(
      (await gateway.metric('bellhop_admission_refused_total{bound="origin"}')) > 0,
      "the gateway refused it, not the browser",
    );
    await context.close();
    await foreign.stop();
  });

  it("answers the gateway's pings by itself", async () => {
    const quick = { ping_interval_ms: 200, ping_timeout_ms: 2000, grace_ms: 0 };
    const own = await gatewayOf(null, { terminals: quick });
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(openTerminal, webSocket(addressOf(own, tokenOf("page"))));
    await page.goto(`${own.url}/`);
    const idle = await Terminal.open(own, tokenOf("idle"));
    await until(() => idle.pings >= 15, "15 pings");
    assert.equal(await page.evaluate(() => window.ended), undefined);
    idle.kill();
    await context.close();
    await own.stop();
  });

  it("hears 1001 when the gateway stops, and finds it again", async () => {
    const page = await openPage();
    await other.online("other", "page");
    gateway.listen = `127.0.0.1:${gateway.port}`;
    gateway.signal("SIGTERM");
    await gateway.exited;
    await page.waitForFunction(() => window.ended);
    assert.deepEqual(await page.evaluate(() => window.ended), { code: 1001, reason: "shutdown" });
    await gateway.launch();
    other = await Terminal.open(gateway, tokenOf("other"));
    assert.ok(other.first.Message.includes("page"), "listed for the grace");
    await page.reload();
    await page.waitForFunction(() => window.got.length > 0);
    await other.settled();
    assert.ok(other.lists.every((list) => list.includes("page")));
    await page.context().close();
  });
});
