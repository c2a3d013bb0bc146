// Two people at two terminals: every way a call can go, and what comes between.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { callsOf } from "../system/lib/terminals.js";
import { until } from "../system/lib/wait.js";
import { launch } from "./lib/browser.js";
import { issue, Terminal } from "./lib/terminal.js";

const RING_MS = 1500;
const NASTY = '<img src=x onerror="globalThis.boom=1">';

describe("call terminals", () => {
  let browser;
  let gateway;
  const tokens = {};
  const opened = [];
  const open = async (user, options) => {
    const terminal = await Terminal.open(browser, gateway, tokens[user]?.token, options);
    opened.push(terminal);
    return terminal;
  };
  /** Terminals of the users 1 and 2 who see each other. */
  const two = async (options) => {
    const pair = await Promise.all([open("1", options), open("2", options)]);
    await Promise.all([pair[0].lamp("2", true), pair[1].lamp("1", true)]);
    return pair;
  };

  before(async () => {
    gateway = await Gateway.start();
    gateway.listen = `127.0.0.1:${gateway.port}`;
    for (const [user, name] of Object.entries({ 1: "甲", 2: "乙", 3: NASTY })) {
      tokens[user] = await issue(gateway, user, name);
    }
    browser = await launch();
  });
  afterEach(async () => {
    for (const terminal of opened.splice(0)) {
      if (!terminal.page.isClosed()) await terminal.signOut();
      await terminal.close();
    }
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it("takes the token out of the address, and keeps it for a refresh", async () => {
    const terminal = await open("1");
    assert.equal(terminal.page.url(), `${gateway.url}/terminal`);
    assert.equal(await terminal.text("#me"), "甲");
    await terminal.page.reload();
    await terminal.connected();
    assert.equal(await terminal.text("#me"), "甲");
  });

  it("refuses a wrong token and takes the right one, typed in", async () => {
    const terminal = await open();
    for (const [text, fault] of [["", "empty"], ["nonsense", "refused"], ["语", "refused"]]) {
      await terminal.page.fill("#token", text);
      await terminal.page.keyboard.press("Enter");
      await terminal.page.waitForSelector(`[data-fault=${fault}]:not(:empty)`);
    }
    await terminal.page.fill("#token", ` ${tokens[1].token}\n`);
    await terminal.page.click("#sign-in");
    await terminal.connected();
  });

  it("calls, is accepted, and hangs up with how long it was", async () => {
    const [first, second] = await two();
    await first.call("2");
    await Promise.all([first.state("ringing"), second.rings()]);
    assert.equal(await second.text(".ring .name"), "甲");
    assert.deepEqual(await second.notes(), ["甲 is calling"]);
    await until(async () => (await second.page.title()) === "甲 is calling", "the title to ring");
    await until(async () => (await second.page.title()) === "Bellhop · Call terminal", "it to blink");
    await second.accept();
    await Promise.all([first.state("talking"), second.state("talking"), second.quiet()]);
    assert.deepEqual(await second.notes(), []);
    await until(async () => (await first.text(".call time")) !== "00:00", "the clock to run");
    await second.end();
    assert.match(await first.outcome("ended"), /^Call with 乙 ended after 00:0[1-9]$/);
    assert.match(await second.outcome("ended"), /^Call with 甲 ended after 00:0\d$/);
    assert.deepEqual(first.complaints, ["log: websocket连接成功"]);
  });

  it("rings aloud once the page has been touched", async () => {
    const [first, second] = await two();
    await second.page.click("#sound-hint button");
    await second.page.waitForSelector("#sound-hint", { state: "detached" });
    await first.call("2");
    await second.rings();
    await until(async () => (await second.tones()) >= 8, "two rounds of the bell");
    await second.decline();
    await second.quiet();
    await first.outcome("declined");
  });

  it("declines, and calls back", async () => {
    const [first, second] = await two();
    await first.call("2");
    await second.rings();
    await second.decline();
    assert.equal(await first.outcome("declined"), "乙 declined");
    await second.call("1");
    await first.rings();
    await first.accept();
    await second.state("talking");
    await second.end();
    await first.outcome("ended");
  });

  it("gives a call up, which the other then has missed", async () => {
    const [first, second] = await two();
    await first.call("2");
    await Promise.all([first.state("ringing"), second.rings()]);
    await first.end();
    assert.equal(await first.outcome("cancelled"), "You cancelled the call to 乙");
    await second.quiet();
    assert.deepEqual(await second.missed(1), ["甲"]);
    await second.page.click("#missed button");
    await first.rings();
    await first.decline();
    await second.outcome("declined");
    await second.page.click("#clear-missed");
    await second.page.reload();
    await second.connected();
    await second.missed(0);
  });

  it("leaves a missed call with who is offline, also across a refresh", async () => {
    const first = await open("1");
    await first.lamp("2", false);
    await first.call("2");
    assert.equal(await first.outcome("offline"), "乙 is offline and will see a missed call");
    const second = await open("2");
    assert.deepEqual(await second.missed(1), ["甲"]);
    await second.page.reload();
    await second.connected();
    assert.deepEqual(await second.missed(1), ["甲"]);
  });

  it("rings on after a refresh of the callee's page", async () => {
    const [first, second] = await two();
    await first.call("2");
    await second.rings();
    await second.page.reload();
    await second.rings();
    await second.accept();
    await first.state("talking");
    await second.page.reload();
    await second.state("talking");
    await first.end();
    await second.outcome("ended");
  });

  it("knows its call after a refresh of the caller's page", async () => {
    const [first, second] = await two();
    await first.call("2");
    await Promise.all([first.state("ringing"), second.rings()]);
    await first.page.reload();
    await Promise.all([first.state("ringing"), first.connected()]);
    await second.accept();
    await first.state("talking");
    await first.end();
    await second.outcome("ended");
  });

  it("stops ringing where somebody else has answered", async () => {
    const [first, second] = await two();
    const third = await open("2");
    await first.call("2");
    await Promise.all([second.rings(), third.rings()]);
    await third.accept();
    await second.quiet();
    assert.equal(await second.outcome("elsewhere"), "The call of 甲 was answered at another terminal");
    await second.missed(0);
    await third.end();
    await first.outcome("ended");
  });

  it("rings again when its answer was lost on the way", async () => {
    const [first, second] = await two();
    await first.call("2");
    await second.rings();
    await second.page.evaluate(() => {
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function () {
        WebSocket.prototype.send = send;
        this.close(4000);
        this.onclose({ code: 4000, reason: "cut" });
      };
    });
    await second.accept();
    await second.lost();
    await second.rings();
    await second.accept();
    await first.state("talking");
    await first.end();
    await second.outcome("ended");
  });

  it("ends the call it is in when it accepts another", async () => {
    const [first, second] = await two();
    const third = await open("3");
    await first.call("2");
    await second.rings();
    await second.accept();
    await first.state("talking");
    await third.call("2");
    await second.rings();
    await second.accept();
    await Promise.all([first.outcome("ended"), third.state("talking")]);
    await third.end();
    await second.outcome("ended");
  });

  it("shows names as text", async () => {
    const [first, third] = await Promise.all([open("1"), open("3")]);
    await first.lamp("3", true);
    assert.equal(await first.text('[data-person="3"] .name'), NASTY);
    await third.call("1");
    await first.rings();
    assert.equal(await first.text(".ring .name"), NASTY);
    await first.accept();
    await first.state("talking");
    assert.equal(await first.text(".call .name"), NASTY);
    await third.end();
    await first.outcome("ended");
    const leaks = await first.page.evaluate(() => [
      globalThis.boom,
      document.querySelectorAll("img[onerror]").length,
    ]);
    assert.deepEqual(leaks, [undefined, 0]);
  });

  it("is off the list at once after signing out, and forgets the token", async () => {
    const [first, second] = await two();
    await second.signOut();
    await first.lamp("2", false);
    assert.deepEqual(await second.page.evaluate(() => globalThis.closes), [1000]);
    const kept = await second.page.evaluate(() => Object.values({ ...sessionStorage }).join());
    assert.ok(!kept.includes(tokens[2].token), kept);
    await second.page.reload();
    await second.page.waitForSelector("#token");
  });

  it("waits at the sign-in for a box that does not answer", async () => {
    const terminal = await open();
    await terminal.page.route("**/api/v1/people", (route) => route.abort());
    await terminal.page.fill("#token", tokens[1].token);
    await terminal.page.keyboard.press("Enter");
    await terminal.page.waitForSelector("[data-fault=unreachable]");
    await terminal.page.unroute("**/api/v1/people");
    await terminal.connected();
  });

  it("is signed out when its token is revoked", async () => {
    const extra = await issue(gateway, "4", "丁");
    const terminal = await Terminal.open(browser, gateway, extra.token);
    opened.push(terminal);
    await gateway.authorised(`/api/v1/tokens/${extra.id}`, { method: "DELETE" });
    await terminal.page.waitForSelector("[data-fault=revoked]");
  });
});

/** The terminals of 甲 and 乙. */
async function pair(browser, gateway) {
  const tokens = [await issue(gateway, "1", "甲"), await issue(gateway, "2", "乙")];
  return Promise.all(tokens.map(({ token }) => Terminal.open(browser, gateway, token)));
}

describe("a call nobody answers", () => {
  it("ends for both, and is missed", async () => {
    const config = { terminals: { ring_timeout_ms: RING_MS } };
    const gateway = await Gateway.start({ config });
    const browser = await launch();
    try {
      const [first, second] = await pair(browser, gateway);
      await first.lamp("2", true);
      await first.call("2");
      await second.rings();
      assert.equal(await first.outcome("unanswered"), "乙 did not answer");
      await second.quiet();
      assert.deepEqual(await second.missed(1), ["甲"]);
      await second.page.reload(); // the gateway tells of it again, it is the same call
      await second.connected();
      assert.deepEqual(await second.missed(1), ["甲"]);
    } finally {
      await browser.close();
      await gateway.stop();
    }
  });
});

describe("gateway killed under the terminals", () => {
  let browser;
  let gateway;
  let first;
  let second;
  before(async () => {
    gateway = await Gateway.start();
    gateway.listen = `127.0.0.1:${gateway.port}`;
    browser = await launch();
    [first, second] = await pair(browser, gateway);
    await first.lamp("2", true);
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });
  const restart = async () => {
    await gateway.kill();
    await Promise.all([first.lost(), second.lost()]);
    await gateway.launch();
    await Promise.all([first.connected(), second.connected()]);
  };

  it("they come back and can call", async () => {
    await restart();
    await first.lamp("2", true);
    await first.call("2");
    await second.rings();
    await second.accept();
    await first.state("talking");
  });

  it("say that the call was cut off, and that one was missed", async () => {
    await restart();
    assert.equal(await first.outcome("lost"), "The call with 乙 was cut off");
    await second.outcome("lost");
    await first.lamp("2", true);
    await first.call("2");
    await second.rings();
    await until(async () => (await callsOf(gateway))[0].stored, "the call to be in the database");
    await restart();
    await Promise.all([first.outcome("lost"), second.quiet()]);
    assert.deepEqual(await second.missed(1), ["甲"]);
  });

  it("nobody is called while it is away", async () => {
    await gateway.kill();
    await first.lost();
    assert.equal(await first.page.locator('[data-person="2"] button').isDisabled(), true);
    assert.equal(await first.text('[data-person="2"] .state'), "unknown");
    await gateway.launch();
    await first.connected();
    await first.lamp("2", true);
    assert.equal(await first.page.locator('[data-person="2"] button').isDisabled(), false);
  });
});
