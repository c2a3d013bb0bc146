// The guides as pages of the box, and those of their examples that need a browser.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { Gateway } from "../system/lib/gateway.js";
import { BROWSER, LANGUAGES, NAMES, ROOT, guide } from "../system/lib/guides.js";
import { until } from "../system/lib/wait.js";
import { launch, watchPage } from "./lib/browser.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 800 };
const ADDRESSES = NAMES.filter((name) => name !== "README").flatMap((name) => {
  const last = name.split("/").at(-1);
  return last === "index"
    ? ["/guides/", "/guides/index.zh"]
    : [`/guides/${last}`, `/guides/${last}.zh`];
});

describe("guides", () => {
  let browser;
  let gateway;
  before(async () => {
    gateway = await Gateway.start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  async function open(address, options = {}) {
    const context = await browser.newContext({ viewport: DESK, ...options });
    const page = await context.newPage();
    Object.assign(page, watchPage(page));
    await page.goto(new URL(address, gateway.url).href);
    return page;
  }

  for (const address of ADDRESSES) {
    it(`${address}: no complaint, nothing from outside, for everyone, on every screen`, async () => {
      for (const [viewport, colorScheme] of [
        [DESK, "light"],
        [PHONE, "dark"],
      ]) {
        const page = await open(address, { viewport, colorScheme });
        const lang = address.endsWith(".zh") ? "zh-CN" : "en";
        assert.equal(await page.getAttribute("html", "lang"), lang);
        await page.waitForSelector('nav a[aria-current="page"]');
        await page.evaluate(AXE);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        assert.deepEqual(
          violations.map(({ id, nodes }) => [id, nodes[0].html]),
          [],
        );
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= viewport.width, `${wide} wide`);
        for (const url of page.requests) assert.equal(new URL(url).origin, gateway.url, url);
        assert.deepEqual(page.complaints, []);
        await page.context().close();
      }
    });
  }

  it("examples name the box as the reader reached it", async () => {
    const page = await open("/guides/backend");
    const host = `${gateway.host}:${gateway.port}`;
    await page.waitForFunction(
      (name) => document.body.innerText.includes(name),
      `${host}/api/v1/push`,
    );
    assert.ok(!(await page.textContent("main")).includes("BOX:"));
    await page.context().close();
  });

  it("changes the language, and back, on the same guide", async () => {
    const page = await open("/guides/integrator");
    await page.click("#language");
    await page.waitForURL("**/guides/integrator.zh");
    await page.click("#language");
    await page.waitForURL("**/guides/integrator");
    await page.context().close();
  });

  for (const locale of ["en-US", "zh-CN"]) {
    it(`console and terminal lead to them in their language: ${locale}`, async () => {
      const key = gateway.adminKey;
      for (const [address, link] of [
        ["/", ".sign-in .help"],
        ["/terminal", ".sign-in .help"],
        [`/#/overview?key=${key}`, "#guides"],
      ]) {
        const page = await open(address, { locale });
        await page.click(link);
        await page.waitForURL("**/guides/**");
        assert.equal(await page.getAttribute("html", "lang"), locale.replace("en-US", "en"));
        const anchor = decodeURIComponent(new URL(page.url()).hash.slice(1));
        if (anchor)
          assert.ok(await page.evaluate((id) => document.getElementById(id), anchor), anchor);
        await page.context().close();
      }
    });
  }
});

/** Builds the component of the front end's guide into a page, as a developer's Vite does. */
async function buildComponent(component, box, folder) {
  const packages = join(ROOT, "build/deps/web/node_modules");
  const load = (file) => import(pathToFileURL(join(packages, file)));
  const { build } = await load("vite/dist/node/index.js");
  const { default: vue } = await load("@vitejs/plugin-vue/dist/index.mjs");
  const main =
    'import { createApp } from "vue";\nimport App from "./App.vue";\ncreateApp(App).mount("#app");\n';
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "App.vue"), component.replaceAll("http://BOX:8080", box));
  writeFileSync(join(folder, "main.js"), main);
  const page =
    '<!doctype html><title>x</title><div id="app"></div><script type="module" src="main.js">';
  writeFileSync(join(folder, "index.html"), `${page}</script>`);
  const alias = {
    vue: join(packages, "vue/dist/vue.runtime.esm-bundler.js"),
    "bellhop-client/socket.handle": join(ROOT, "src/console/sdk/socket.handle.js"),
    "socket.io-client": join(packages, "socket.io-client/build/esm/index.js"),
  };
  const options = { outDir: "dist", modulePreload: { polyfill: false } };
  const rest = { configFile: false, envFile: false, publicDir: false, logLevel: "warn" };
  await build({ root: folder, plugins: [vue()], resolve: { alias }, build: options, ...rest });
}

describe("examples of the front end's guide", () => {
  const ran = new Set();
  let browser;
  let gateway;
  let folder;
  let server;
  let own; // of the developer's own server

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bellhop-front-"));
    server = http.createServer((request, response) => {
      if (request.url === "/favicon.ico") return response.writeHead(204).end();
      const type = request.url.endsWith(".js") ? "text/javascript" : "text/html";
      response.setHeader("content-type", `${type}; charset=utf-8`);
      return response.end(readFileSync(join(folder, request.url)));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    own = `http://127.0.0.1:${server.address().port}`;
    gateway = await Gateway.start({ config: { http: { origins: [own] } } });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await gateway?.stop();
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function open(path) {
    const context = await browser.newContext();
    const page = await context.newPage();
    Object.assign(page, watchPage(page));
    page.says = (words) =>
      page.waitForFunction((text) => document.body.innerText.includes(text), words);
    await page.goto(`${own}/${path}`);
    return page;
  }

  /** The page of an example shows what the box says and what is pushed, and hears of the kick. */
  async function check(path, { entered, kicked }) {
    const page = await open(path);
    await page.says(entered);
    const push = (data) => gateway.push("456", "test", data);
    assert.equal((await push('{"bed":7,"name":"<img src=x>"}')).DELIVERED, 1);
    await until(async () => /bed"?: ?7/.test(await page.innerText("body")), "the push");
    assert.equal(await page.locator("img").count(), 0);
    const { json } = await gateway.authorised("/api/v1/rooms/456");
    const seat = `/api/v1/rooms/456/sessions/${json.sessions[0].sid}`;
    assert.equal((await gateway.asAdmin(seat, { method: "DELETE" })).status, 204);
    await page.says(kicked);
    assert.equal((await push("1")).DELIVERED, 0);
    const complaints = page.complaints.filter((text) => !text.startsWith("log: "));
    assert.deepEqual(complaints, []);
    await page.context().close();
  }

  for (const [language, ending] of Object.entries(LANGUAGES)) {
    const code = (name) => {
      ran.add(`frontend ${name}`);
      return guide("frontend", ending).code(name);
    };
    const save = (name, html) =>
      writeFileSync(join(folder, name), html.replaceAll("http://BOX:8080", gateway.url));

    it(`page, ${language}: also after the box was restarted`, async () => {
      save("page.html", code("page"));
      await check("page.html", { entered: "2002 login room (id:456) success", kicked: "2005 you" });
      const page = await open("page.html");
      await page.says("2002");
      gateway.listen = `127.0.0.1:${gateway.port}`;
      await gateway.kill();
      await gateway.launch();
      const twice = /2001[^]*2002[^]*2001[^]*2002/;
      await until(async () => twice.test(await page.innerText("body")), "the room again");
      await page.context().close();
    });

    it(`modules, ${language}: a taken room is told`, async () => {
      save("modules.html", code("modules"));
      await check("modules.html", { entered: "2002", kicked: "put out of 456" });
      const first = await open("modules.html");
      await first.says("2002");
      const second = await open("modules.html");
      await second.says("2004 your room id(456) already exist");
      for (const page of [first, second]) await page.context().close();
    });

    it(`component, ${language}: built by Vite, leaves its room when it goes`, async () => {
      const name = `component${ending.length}`;
      await buildComponent(code("component"), gateway.url, join(folder, name));
      // The page's own addresses are those of the built folder.
      const html = readFileSync(join(folder, name, "dist/index.html"), "utf8");
      writeFileSync(
        join(folder, `${name}.html`),
        html.replace("/assets/", `/${name}/dist/assets/`),
      );
      await check(`${name}.html`, {
        entered: "login room (id:456) success",
        kicked: "put out of 456",
      });
    });
  }

  it("none has been left out", () => assert.deepEqual([...ran].sort(), [...BROWSER].sort()));
});
