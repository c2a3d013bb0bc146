// What goes wrong around a terminal: names that deceive, frames that are not meant well, a receipt
// that is lost, a finger that slips.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { terminalsOf, usersOf } from "../system/lib/terminals.js";
import { until } from "../system/lib/wait.js";
import { launch } from "./lib/browser.js";
import { issue, Terminal } from "./lib/terminal.js";

const PANEL = { viewport: { width: 800, height: 480 }, hasTouch: true };
const NAMES = { 1: "甲", 2: "乙", 3: "丙", turned: "\u202eyob", blank: " \u200b\u2067 ", مريم: "ليلى" };

/** Runs in the page: the connection ends with the next frame; before it goes out, or right after. */
function cutAt(arrives) {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    WebSocket.prototype.send = send;
    if (arrives) this.send(text);
    this.onmessage = null;
    this.close(4000);
    this.onclose({ code: 4000, reason: "cut" });
  };
}

describe("trouble around call terminals", () => {
  let browser;
  let gateway;
  const tokens = {};
  const opened = [];
  const open = async (user, options) => {
    const terminal = await Terminal.open(browser, gateway, tokens[user], options);
    opened.push(terminal);
    return terminal;
  };
  /** Another program than a page, which speaks for the user. */
  const wire = (t, user) => terminalsOf(t)(gateway, user, { token: tokens[user] });

  before(async () => {
    gateway = await Gateway.start();
    for (const [user, name] of Object.entries(NAMES)) {
      tokens[user] = (await issue(gateway, user, name)).token;
    }
    browser = await launch();
  });
  afterEach(async () => {
    for (const terminal of opened.splice(0)) {
      await terminal.signOut();
      await terminal.close();
    }
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  // --- Names -------------------------------------------------------------------------------------

  it("shows a name as it is, but nothing that turns the text around it", async (t) => {
    const [terminal, caller] = [await open("1"), await wire(t, "turned")];
    const name = (user) => terminal.text(`[data-person="${user}"] .name`);
    assert.equal(await name("turned"), "yob");
    assert.equal(await name("مريم"), "ليلى");
    await caller.call("1");
    await terminal.rings();
    assert.equal(await terminal.page.title(), "yob is calling");
    await terminal.decline();
  });

  it("shows the id of who has a name that cannot be seen", async () => {
    const [terminal, blank] = await Promise.all([open("1"), open("blank")]);
    assert.equal(await terminal.text('[data-person="blank"] .name'), "blank");
    assert.equal(await blank.text("#me"), "blank");
  });

  it("learns a new name of somebody within a minute", async (t) => {
    const { page } = await open();
    await page.clock.install();
    await page.reload();
    await page.fill("#token", tokens[1]);
    await page.keyboard.press("Enter");
    await page.waitForSelector('[data-person="2"]');
    const { token } = await issue(gateway, "2", "新乙");
    await terminalsOf(t)(gateway, "2", { token });
    await page.clock.runFor(61000);
    await page.waitForFunction(
      () => document.querySelector('[data-person="2"] .name').innerText === "新乙",
    );
  });

  // --- Frames ------------------------------------------------------------------------------------

  it("goes on whatever word or reason the other party sends", async (t) => {
    const [terminal, other] = [await open("1"), await wire(t, "3")];
    const { Id } = await other.call("1");
    await terminal.rings();
    await other.event("Cancel", "1", { Id, data: { reason: 5 } });
    await terminal.quiet();
    assert.deepEqual(await terminal.missed(1), ["丙"]);
    const next = await other.call("1");
    await terminal.accept();
    for (const word of ["__defineGetter__", "toString", "constructor"]) {
      await other.event(word, "1", { Id: next.Id, data: null });
    }
    await other.event("Hangup", "1", { Id: next.Id });
    await terminal.outcome("ended");
    assert.deepEqual(terminal.complaints, ["log: websocket连接成功"]);
  });

  // --- A receipt that is lost --------------------------------------------------------------------

  it("takes up its call when the receipt is lost: it rings, and is answered", async (t) => {
    const [terminal, other] = [await open("1"), await wire(t, "3")];
    await terminal.lamp("3", true);
    await terminal.page.evaluate(cutAt, true);
    await terminal.call("3");
    const { Id } = await other.heard("Call");
    await terminal.lost();
    await terminal.state("ringing");
    await terminal.connected();
    await other.event("Accept", "1", { Id });
    await terminal.state("talking");
    await terminal.end();
    assert.equal((await other.heard("Hangup")).Id, Id);
  });

  it("takes it up after a refresh, also when it was answered meanwhile", async (t) => {
    const [terminal, other] = [await open("1"), await wire(t, "3")];
    await wire(t, "1"); // another terminal of theirs: without one nobody could answer meanwhile
    await terminal.lamp("3", true);
    await terminal.page.route("**/api/v1/people", (route) => route.abort());
    await terminal.page.evaluate(cutAt, true);
    await terminal.call("3");
    const { Id } = await other.heard("Call");
    await terminal.state("unsure");
    assert.equal((await other.event("Accept", "1", { Id })).Status, "delivered");
    await terminal.page.unroute("**/api/v1/people");
    await terminal.page.reload();
    await terminal.state("talking");
    await terminal.end();
    assert.equal((await other.heard("Hangup")).Id, Id);
  });

  it("rings on when the caller is away for a moment just as it is accepted", async (t) => {
    const [terminal, caller] = [await open("1"), await wire(t, "3")];
    const { Id } = await caller.call("1");
    await terminal.rings();
    caller.kill();
    const away = ({ id, terminals }) => id === "3" && terminals === 0;
    await until(async () => (await usersOf(gateway)).some(away), "the caller to be away");
    await terminal.accept();
    await terminal.rings();
    const back = await wire(t, "3");
    await terminal.accept();
    assert.equal((await back.heard("Accept")).Id, Id);
    await back.event("Hangup", "1", { Id });
    await terminal.outcome("ended");
  });

  it("says that it failed when the call never arrived", async () => {
    const [terminal, other] = await Promise.all([open("1"), open("3")]);
    await terminal.lamp("3", true);
    await terminal.page.evaluate(cutAt, false);
    await terminal.call("3");
    assert.equal(await terminal.outcome("failed"), "Calling 丙 failed: no connection");
    await terminal.connected();
    await terminal.call("3");
    await other.rings();
    await other.decline();
  });

  it("stops the other's bell when it is given up before that is known", async (t) => {
    const [terminal, other] = [await open("1"), await wire(t, "3")];
    await terminal.lamp("3", true);
    await terminal.page.route("**/api/v1/people", (route) => route.abort());
    await terminal.page.evaluate(cutAt, true);
    await terminal.call("3");
    const { Id } = await other.heard("Call");
    await terminal.state("unsure");
    await terminal.end();
    assert.equal((await other.heard("Cancel")).Id, Id);
    await terminal.page.unroute("**/api/v1/people");
  });

  // --- Fingers -----------------------------------------------------------------------------------

  it("can answer each of two calls at once without scrolling", async (t) => {
    const terminal = await open("1", PANEL);
    for (const user of ["2", "3"]) await (await wire(t, user)).call("1");
    await terminal.page.waitForSelector("[data-ring] >> nth=1");
    const hidden = await terminal.page.$$eval(".ring button", (buttons) =>
      buttons
        .map((button) => button.getBoundingClientRect())
        .filter(({ left, top, width, height }) => {
          const there = document.elementFromPoint(left + width / 2, top + height - 4);
          return height < 48 || !there?.closest(".answers");
        }),
    );
    assert.deepEqual(hidden, []);
    await terminal.page.tap("[data-ring] >> nth=1 >> .decline");
    await terminal.page.tap("[data-ring] .decline");
    await terminal.quiet();
  });

  it("asks before it signs out, but not when a call comes", async (t) => {
    const terminal = await open("1", PANEL);
    await terminal.page.tap("#sign-out");
    assert.match(await terminal.text("dialog"), /No call can ring here then/);
    await terminal.page.tap("dialog .no");
    await terminal.page.waitForSelector("dialog", { state: "detached" });
    await terminal.page.tap("#sign-out");
    await (await wire(t, "3")).call("1");
    await terminal.page.waitForSelector("dialog", { state: "detached" });
    await terminal.page.tap(".ring .decline");
    await terminal.quiet();
    assert.equal(await terminal.text("#connection"), "Connected");
  });
});
