// Who uses the console, and with what: languages, keyboard, screen reader, small screens; and that
// nothing leaves the box.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { until } from "../system/lib/wait.js";
import { wiresOf } from "../system/lib/wire.js";
import { launch, shell } from "./lib/browser.js";
import { Console } from "./lib/console.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const VIEWS = ["overview", "rooms", "users", "calls", "push", "tokens", "log"];

describe("console for everyone", () => {
  let browser;
  let gateway;
  const open = (view, options) => Console.open(browser, gateway, view, options);
  const axe = async ({ page }) => {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
  };
  /** Fills a view as its user would, as far as that shows more of it. */
  const look = async (one, view) => {
    await one.go(view);
    if (view === "rooms") {
      await one.page.click("[data-room] button");
      await one.page.click(".kick >> nth=0");
      await one.page.waitForSelector("dialog[open]");
      assert.deepEqual(await axe(one), [], "the question");
      await one.page.click("dialog .no");
    }
    if (view === "push") {
      await one.page.click("#enter");
      await one.room("in");
      await one.page.click("#push-send");
      await one.message("test");
    }
    if (view === "tokens") {
      await one.page.fill("#token-user", "9");
      await one.page.click("#token-create");
      await one.page.waitForSelector("#issued-token");
    }
    if (view === "log") await one.page.waitForSelector(".lines li");
  };

  before(async () => {
    gateway = await Gateway.start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it("asks nobody but the box, and its policy is never violated", async (t) => {
    await (await wiresOf(t)(gateway)).login("456");
    const one = await open("overview");
    for (const view of VIEWS) await look(one, view);
    const origins = one.requests.map((url) => new URL(url).host);
    assert.deepEqual([...new Set(origins)], [new URL(gateway.url).host]);
    assert.ok(one.requests.some((url) => url.startsWith("ws:")));
    assert.ok(!one.requests.some((url) => url.includes(gateway.adminKey)), "the key in an address");
    assert.deepEqual(one.complaints, []);
    await one.close();
  });

  it("has a policy that stops inline scripts and styles, and other hosts", async () => {
    const one = await open("overview");
    await one.page.evaluate(async () => {
      globalThis.violations = [];
      addEventListener("securitypolicyviolation", (event) => {
        globalThis.violations.push(event.effectiveDirective);
      });
      const script = document.createElement("script");
      script.textContent = "globalThis.ran = true";
      const style = document.createElement("style");
      style.textContent = "body { display: none }";
      document.body.append(script, style);
      await fetch("http://127.0.0.2:9/").catch(() => {});
    });
    await one.page.waitForFunction(() => globalThis.violations.length === 3);
    const [violations, ran] = await one.page.evaluate(() => [
      globalThis.violations,
      globalThis.ran,
    ]);
    assert.deepEqual(violations.sort(), ["connect-src", "script-src-elem", "style-src-elem"]);
    assert.equal(ran, undefined);
    await one.close();
  });

  it("works over TLS, and says what curl needs then", async () => {
    const secure = await Gateway.start({ tls: true });
    try {
      const one = await Console.open(browser, secure, "push?room=tls", { ignoreHTTPSErrors: true });
      await one.room("in");
      await one.connection("websocket");
      const host = new URL(secure.url).host;
      assert.ok(one.requests.some((url) => url.startsWith(`wss://${host}/`)));
      assert.match(await one.text("main"), /-k to try it out/);
      const line = (await one.text("#command")).replace("curl", "curl -k");
      await shell(line, { BELLHOP_KEY: secure.key });
      assert.equal((await one.message("test")).data, '{"text":"hello"}');
      await one.close();
    } finally {
      await secure.stop();
    }
  });

  it("speaks the browser's language, changes it at once in all views, and keeps it", async () => {
    const one = await open("overview", { locale: "zh-CN" });
    assert.equal(await one.page.title(), "Bellhop · 概览");
    assert.equal(await one.page.getAttribute("html", "lang"), "zh-CN");
    await one.health("ready");
    for (const view of VIEWS) {
      await one.go(view);
      for (const heading of await one.page.locator("main h2, main label").allInnerTexts())
        assert.match(heading, /[\u4e00-\u9fff]/, `${view}: ${heading}`);
    }
    await one.page.click("#language");
    for (const view of VIEWS) {
      await one.go(view);
      assert.doesNotMatch((await one.text("main")).replaceAll(/[甲乙丙]/g, ""), /[\u4e00-\u9fff]/);
    }
    await one.page.reload();
    await one.inside();
    assert.equal(await one.page.title(), "Bellhop · Log");
    await one.close();
  });

  it("is light or dark as the device is, until somebody chooses, then on all pages", async () => {
    const one = await open("overview", { colorScheme: "light" });
    const { page } = one;
    const bright = () =>
      page.evaluate(() => {
        const [ground, text] = ["backgroundColor", "color"].map(
          (part) => +/\d+/.exec(getComputedStyle(document.body)[part])[0],
        );
        return ground > text;
      });
    assert.equal(await bright(), true);
    await page.emulateMedia({ colorScheme: "dark" });
    await until(async () => !(await bright()), "the night");
    assert.equal(await page.getAttribute("#theme", "aria-label"), "Light colours");
    await page.click("#theme");
    for (const path of ["", "/terminal", "/guides/", "/guides/backend.zh"]) {
      await page.goto(gateway.url + path);
      await until(bright, `light on ${path}`);
    }
    await page.goto(`${gateway.url}/terminal`);
    await page.click("#theme");
    await page.emulateMedia({ colorScheme: "light" });
    for (const path of ["/guides/", "/terminal", ""]) {
      await page.goto(gateway.url + path);
      await until(async () => !(await bright()), `dark on ${path}`);
    }
    await one.close();
  });

  it("writes dates as the browser's region does, in the language chosen", async () => {
    const { json } = await gateway.asAdmin("/api/v1/tokens");
    const [{ id, created }] = json.tokens;
    for (const [locale, chosen] of [["en-GB", "en-GB"], ["zh-TW", "zh-TW"], ["de-DE", "en"]]) {
      const shape = { dateStyle: "short", timeStyle: "medium" };
      const date = new Intl.DateTimeFormat(chosen, shape).format(new Date(created));
      const one = await open("tokens", { locale });
      await one.page.waitForSelector(`[data-token="${id}"]`);
      const cells = await one.page.locator(`[data-token="${id}"] td`).allInnerTexts();
      // The blank before AM and PM differs from version to version.
      assert.equal(cells[2].replaceAll(/\s/g, " "), date.replaceAll(/\s/g, " "));
      await one.close();
    }
  });

  it("needs no mouse", async (t) => {
    const wire = await wiresOf(t)(gateway);
    await wire.login("keys");
    const one = await open("overview", { key: null });
    const { page } = one;
    await page.waitForFunction(() => document.activeElement.id === "key");
    await page.keyboard.type(gateway.adminKey);
    await page.keyboard.press("Enter");
    await one.inside();
    await page.focus('nav a[href="#/rooms"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-room=keys]");
    await page.focus("[data-room=keys] button");
    await page.keyboard.press("Enter");
    await page.waitForSelector(".kick");
    await page.focus(".kick");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    const onNo = () => page.evaluate(() => document.activeElement.classList.contains("no"));
    assert.ok(await onNo(), "what does no harm has the focus");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    await page.focus(".kick");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.match(await wire.next(), /"2005"/);
    await page.waitForSelector("#told:not(:empty)");
    assert.deepEqual(one.complaints, []);
    await one.close();
  });

  for (const [name, viewport, colorScheme] of [
    ["desktop", { width: 1280, height: 800 }, "light"],
    ["desktop by night", { width: 1280, height: 800 }, "dark"],
    ["tablet", { width: 768, height: 1024 }, "light"],
    ["phone by night", { width: 390, height: 844 }, "dark"],
  ]) {
    it(`passes the accessibility check and fits: ${name}`, async (t) => {
      await (await wiresOf(t)(gateway)).login("456");
      const options = { colorScheme, viewport, reducedMotion: "reduce" };
      const out = await open("overview", { ...options, key: "not-the-admin-key" });
      await out.fault("refused");
      assert.deepEqual(await axe(out), [], "sign-in");
      await out.close();
      const one = await open("overview", options);
      await one.health("ready");
      for (const view of VIEWS) {
        await look(one, view);
        assert.deepEqual(await axe(one), [], view);
        const wide = await one.page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        );
        assert.equal(wide, false, `${view} fits the width`);
      }
      await one.close();
    });
  }
});
