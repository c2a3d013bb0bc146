// Who uses the terminal page, and with what: languages, keyboard, screen reader, small screens; and
// that nothing leaves the box.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, afterEach, before, describe, it } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { launch } from "./lib/browser.js";
import { issue, Terminal } from "./lib/terminal.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DESKTOP = { width: 1280, height: 800 };
const PANEL = { width: 1024, height: 600 };
const PHONE = { width: 390, height: 844 };

/** What axe finds, but what the test has put into the page. */
async function findings(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

describe("call terminals for everyone", () => {
  let browser;
  let gateway;
  const tokens = {};
  const opened = [];
  const open = async (user, options) => {
    const terminal = await Terminal.open(browser, gateway, tokens[user], options);
    opened.push(terminal);
    return terminal;
  };

  before(async () => {
    gateway = await Gateway.start();
    for (const [user, name] of Object.entries({ 1: "甲", 2: "乙" })) {
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

  it("asks nobody but the box, and its policy is never violated", async () => {
    const [first, second] = await Promise.all([open("1"), open("2")]);
    await first.lamp("2", true);
    await first.call("2");
    await second.rings();
    await second.accept();
    await first.state("talking");
    await first.end();
    await second.outcome("ended");
    for (const { requests, complaints } of [first, second]) {
      assert.deepEqual([...new Set(requests.map((url) => new URL(url).host))], [
        new URL(gateway.url).host,
      ]);
      assert.ok(requests.some((url) => url.startsWith("ws:")));
      assert.deepEqual(complaints, ["log: websocket连接成功"]);
    }
  });

  it("has a policy that stops inline scripts and styles, data: and other hosts", async () => {
    const { page } = await open("1");
    await page.evaluate(async () => {
      globalThis.violations = [];
      addEventListener("securitypolicyviolation", (event) => {
        globalThis.violations.push(event.effectiveDirective);
      });
      const add = (name, properties) =>
        document.body.append(Object.assign(document.createElement(name), properties));
      add("script", { textContent: "globalThis.ran = true" });
      add("style", { textContent: "body { display: none }" });
      add("img", { src: "data:image/gif;base64,R0lGODlhAQABAAAAACw=" });
      await fetch("http://127.0.0.2:9/").catch(() => {});
      new WebSocket("ws://127.0.0.2:9/");
    });
    await page.waitForFunction(() => globalThis.violations.length === 5);
    const violations = await page.evaluate(() => globalThis.violations);
    assert.deepEqual(violations.sort(), [
      ...["connect-src", "connect-src", "img-src", "script-src-elem", "style-src-elem"],
    ]);
    assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  });

  it("works over TLS", async () => {
    const secure = await Gateway.start({ tls: true });
    try {
      const { token } = await issue(secure, "1", "甲");
      const terminal = await Terminal.open(browser, secure, token, { ignoreHTTPSErrors: true });
      assert.ok(terminal.requests.some((url) => url.startsWith(`wss://${new URL(secure.url).host}/`)));
      await terminal.close();
    } finally {
      await secure.stop();
    }
  });

  it("speaks the browser's language, changes it, and keeps it", async () => {
    const [first, second] = await Promise.all([open("1", { locale: "zh-CN" }), open("2")]);
    assert.equal(await first.page.title(), "Bellhop · 呼叫终端");
    assert.equal(await first.page.getAttribute("html", "lang"), "zh-CN");
    assert.equal(await second.page.getAttribute("html", "lang"), "en");
    await first.lamp("2", true);
    await first.call("2");
    await second.rings();
    assert.equal(await first.text(".call .state"), "等待接听…");
    assert.equal(await second.page.title(), "甲 is calling");
    await second.decline();
    assert.equal(await first.outcome("declined"), "乙 已拒接");
    await first.page.click("#language");
    assert.equal(await first.text(".outcome"), "乙 declined");
    assert.equal(await first.page.title(), "Bellhop · Call terminal");
    await first.page.reload();
    await first.connected();
    assert.equal(await first.text("#sign-out"), "Sign out");
  });

  it("needs no mouse", async () => {
    const [first, second] = await Promise.all([open(), open("2")]);
    const focused = (page) =>
      page.evaluate(() => {
        const { id, className, innerText } = document.activeElement;
        return id || innerText || className;
      });
    const { keyboard } = first.page;
    await first.page.waitForFunction(() => document.activeElement.id === "token");
    await keyboard.insertText(tokens[1]);
    await keyboard.press("Enter");
    await first.connected();
    await first.lamp("2", true);
    const order = [];
    for (let i = 0; i < 5; ++i) {
      await keyboard.press("Tab");
      order.push(await focused(first.page));
    }
    assert.deepEqual(order, ["theme", "language", "sign-out", "people", "Call"]);
    await keyboard.press("Enter");
    await first.state("ringing");
    assert.equal(await focused(first.page), "Cancel");
    // A ring takes the focus, but no key that was meant for something else answers it.
    await second.rings();
    await second.page.waitForFunction(() => document.activeElement.closest("[role=dialog]"));
    for (const key of ["Enter", "Space", "Escape"]) await second.page.keyboard.press(key);
    await second.page.keyboard.press("Tab");
    assert.equal(await focused(second.page), "Decline");
    await second.page.keyboard.press("Tab");
    assert.equal(await focused(second.page), "Accept");
    await second.page.keyboard.press("Space");
    await Promise.all([first.state("talking"), second.quiet()]);
    await second.page.waitForFunction(() => document.activeElement.innerText === "Hang up");
    await second.page.keyboard.press("Enter");
    await first.outcome("ended");
    for (const { page } of [first, second]) {
      await page.waitForFunction(() => document.activeElement.className.includes("outcome"));
    }
  });

  it("tells screen readers what happens", async () => {
    const [first, second] = await Promise.all([open("1"), open("2")]);
    const said = ({ page }, role) => page.locator(`.unseen[role=${role}]`).allInnerTexts();
    await first.lamp("2", true);
    await first.call("2");
    await second.rings();
    assert.deepEqual(await said(second, "alert"), ["甲 is calling"]);
    assert.ok((await said(first, "status")).includes("Ringing … 乙"));
    await second.accept();
    await first.state("talking");
    assert.ok((await said(first, "status")).includes("In a call with 乙"));
    await second.end();
    await first.outcome("ended");
    await second.call("1");
    await first.rings();
    await second.end();
    await first.missed(1);
    assert.ok((await said(first, "status")).includes("Missed call of 乙"));
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const [name, viewport] of Object.entries({ DESKTOP, PANEL, PHONE })) {
      it(`passes the accessibility check: ${colorScheme}, ${name.toLowerCase()}`, async () => {
        const options = { colorScheme, viewport, reducedMotion: "reduce" };
        const first = await open(undefined, options);
        await first.page.click("#sign-in");
        await first.page.waitForSelector("[data-fault=empty]");
        const found = { signIn: await findings(first.page) };
        await first.page.fill("#token", tokens[1]);
        await first.page.keyboard.press("Enter");
        const second = await open("2", options);
        await first.lamp("2", true);
        await second.call("1");
        await first.rings();
        [found.calling, found.ringing] = [await findings(second.page), await findings(first.page)];
        await second.end();
        await first.missed(1);
        found.missed = await findings(first.page);
        assert.deepEqual(found, { signIn: [], calling: [], ringing: [], missed: [] });
      });
    }
  }

  for (const locale of ["en-US", "zh-CN"]) {
    it(`fits a 7-inch panel without scrolling, for fingers: ${locale}`, async () => {
      const options = { viewport: PANEL, locale, hasTouch: true };
      const check = ({ page }) =>
        page.evaluate(() => ({
          cut: ["html", "main", ".side", ".call", "#people", ".person", ".top"].filter((selector) => {
            const element = document.querySelector(selector);
            return (
              element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight
            );
          }),
          small: [...document.querySelectorAll("button")]
            .filter(
              (element) =>
                element.getBoundingClientRect().height < 48 ||
                parseFloat(getComputedStyle(element).fontSize) < 16,
            )
            .map(({ innerText }) => innerText),
        }));
      const fits = { cut: [], small: [] };
      const [first, second] = await Promise.all([open("1", options), open("2", options)]);
      await first.lamp("2", true);
      assert.deepEqual(await check(first), fits);
      await second.page.tap('[data-person="1"] button');
      await first.rings();
      assert.deepEqual([await check(first), await check(second)], [fits, fits]);
      const answers = await first.page.$$eval(".ring button", (buttons) =>
        buttons.map(({ offsetWidth }) => offsetWidth),
      );
      assert.equal(answers[0], answers[1]);
      await first.page.tap(".ring .accept");
      await second.state("talking");
      await second.page.tap(".call .end");
      await first.outcome("ended");
    });
  }

  it("the form to sign in is for fingers, too", async () => {
    const { page } = await open("nobody", { viewport: PANEL, hasTouch: true });
    const heights = await page.$$eval("form :is(button, a, .el-input)", (all) =>
      all.map((element) => [element.className, element.getBoundingClientRect().height]),
    );
    assert.equal(heights.length, 5);
    for (const [name, height] of heights) assert.ok(height >= 48, `${name}: ${height}`);
  });
});
