// Who uses the page, and with what: languages, keyboard, screen reader, small screens; and that
// nothing leaves the box.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { Gateway } from "../system/lib/gateway.js";
import { launch, Monitor, shell } from "./lib/browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DESKTOP = { width: 1280, height: 800 };
const PANEL = { width: 1024, height: 600 };
const PHONE = { width: 390, height: 844 };

describe("push monitor for everyone", () => {
  let browser;
  let gateway;
  const open = async (query, options) => {
    const monitor = await Monitor.open(browser, gateway, query, options);
    await monitor.room("in");
    return monitor;
  };

  before(async () => {
    gateway = await Gateway.start({ flags: ["--demo"] });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  it("asks nobody but the box, and its policy is never violated", async () => {
    const monitor = await open("?room=quiet");
    await monitor.connection("websocket");
    await gateway.push("quiet", "test", "{}");
    await monitor.message("test");
    const origins = monitor.requests.map((url) => new URL(url).host);
    assert.deepEqual([...new Set(origins)], [new URL(gateway.url).host]);
    assert.ok(monitor.requests.some((url) => url.startsWith("ws:")));
    assert.deepEqual(monitor.complaints, []);
    await monitor.close();
  });

  it("has a policy that stops inline scripts and other hosts", async () => {
    const monitor = await open("?room=policy");
    await monitor.page.evaluate(async () => {
      globalThis.violations = [];
      addEventListener("securitypolicyviolation", (event) => {
        globalThis.violations.push(event.effectiveDirective);
      });
      const script = document.createElement("script");
      script.textContent = "globalThis.ran = true";
      document.body.append(script);
      await fetch("http://127.0.0.2:9/").catch(() => {});
    });
    await monitor.page.waitForFunction(() => globalThis.violations.length === 2);
    const [violations, ran] = await monitor.page.evaluate(() => [globalThis.violations, globalThis.ran]);
    assert.deepEqual(violations, ["script-src-elem", "connect-src"]);
    assert.equal(ran, undefined);
    await monitor.close();
  });

  it("works over TLS, and says what curl needs then", async () => {
    const secure = await Gateway.start({ flags: ["--demo"], tls: true });
    try {
      const monitor = await Monitor.open(browser, secure, "?room=tls", { ignoreHTTPSErrors: true });
      await monitor.room("in");
      await monitor.connection("websocket");
      assert.ok(monitor.requests.some((url) => url.startsWith(`wss://${new URL(secure.url).host}/`)));
      assert.match(await monitor.text("#certificate-hint"), /-k/);
      await shell((await monitor.text("#command")).replace("curl", "curl -k"));
      assert.equal((await monitor.message("test")).data, '{"text":"hello"}');
      await monitor.close();
    } finally {
      await secure.stop();
    }
  });

  it("speaks the browser's language", async () => {
    const monitor = await open("?room=zh", { locale: "zh-CN" });
    assert.equal(await monitor.page.title(), "Bellhop · 推送监视器");
    assert.equal(await monitor.page.getAttribute("html", "lang"), "zh-CN");
    assert.equal(await monitor.text("#room-state"), "已进入房间 zh");
    assert.deepEqual(await monitor.codes(), ["进入房间成功", "连接成功"]);
    await monitor.close();
  });

  it("changes the language of all it shows, and keeps it", async () => {
    const monitor = await open("?room=both");
    await gateway.push("both", "empty", undefined);
    await monitor.message("empty");
    await monitor.page.click("#language");
    assert.equal(await monitor.text("#room-state"), "已进入房间 both");
    assert.deepEqual(await monitor.codes(), ["进入房间成功", "连接成功"]);
    assert.equal((await monitor.message("empty")).data, "（无数据）");
    const leftovers = await monitor.page.evaluate(() =>
      [...document.querySelectorAll("[data-text]")].filter(({ textContent }) =>
        /^[\x20-\x7e…]*$/.test(textContent),
      ),
    );
    assert.deepEqual(leftovers, []);
    await monitor.page.reload();
    await monitor.room("in");
    assert.equal(await monitor.text("#enter"), "进入");
    await monitor.close();
  });

  it("needs no mouse", async () => {
    const { page, ...monitor } = await open("?room=keys");
    const focused = () => page.evaluate(() => document.activeElement.id);
    const order = [];
    for (let i = 0; i < 8; ++i) {
      await page.keyboard.press("Tab");
      order.push(await focused());
    }
    assert.deepEqual(order, [
      ...["language", "room", "rule", "enter", "leave", "copy", "clear", "log"],
    ]);
    await page.focus("#room");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("typed");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.getElementById("room-state").textContent === "In room typed",
    );
    await page.focus("#leave");
    await page.keyboard.press("Space");
    await page.waitForSelector("#room-state[data-state=out]");
    assert.deepEqual(monitor.complaints, []);
    await page.context().close();
  });

  for (const colorScheme of ["light", "dark"]) {
    for (const [name, viewport] of Object.entries({ DESKTOP, PANEL, PHONE })) {
      it(`passes the accessibility check: ${colorScheme}, ${name.toLowerCase()}`, async () => {
        const options = { colorScheme, viewport, reducedMotion: "reduce" };
        const monitor = await open(`?room=${name}`, options);
        const other = await open(`?room=${name}&rule=loginWhenLast`);
        await monitor.room("kicked");
        await gateway.push(undefined, "test", "{}");
        await monitor.message("test");
        await monitor.page.evaluate(AXE);
        const { violations } = await monitor.page.evaluate(() => globalThis.axe.run());
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
        assert.deepEqual(found, []);
        await Promise.all([monitor.close(), other.close()]);
      });
    }
  }

  for (const locale of ["en-US", "zh-CN"]) {
    it(`fits a 7-inch panel without scrolling, for fingers: ${locale}`, async () => {
      const monitor = await open("", { viewport: PANEL, locale, hasTouch: true });
      const state = await monitor.page.evaluate(() => ({
        cut: ["html", ".side", "#command", "#rule"].filter((selector) => {
          const element = document.querySelector(selector);
          return element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
        }),
        small: [...document.querySelectorAll("button, input, select")]
          .filter((element) => element.getBoundingClientRect().height < 44)
          .map(({ id }) => id),
      }));
      assert.deepEqual(state, { cut: [], small: [] });
      await monitor.close();
    });
  }
});
