// The files the box serves, as HTTP sees them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Agent } from "node:http";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { Gateway } from "../system/lib/gateway.js";
import { launch } from "./lib/browser.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CLIENT = "../../build/deps/web/node_modules/socket.io-client/dist";
const FILES = {
  "/sdk/socket.handle.js": "../../src/console/sdk/socket.handle.js",
  "/sdk/socket.handle.d.ts": "../../src/console/sdk/socket.handle.d.ts",
  "/sdk/socket.js": "../../src/console/sdk/socket.js",
  "/sdk/socket.d.ts": "../../src/console/sdk/socket.d.ts",
  "/sdk/README.md": "../../src/console/sdk/README.md",
  "/sdk/README.zh.md": "../../src/console/sdk/README.zh.md",
  "/socket.io/socket.io.js": `${CLIENT}/socket.io.js`,
  "/socket.io/socket.io.min.js": `${CLIENT}/socket.io.min.js`,
  "/socket.io/socket.io.esm.min.js": `${CLIENT}/socket.io.esm.min.js`,
};

describe("files", () => {
  let gateway;
  before(async () => (gateway = await Gateway.start()));
  after(() => gateway?.stop());

  for (const [path, file] of Object.entries(FILES)) {
    it(`${path}: the file's bytes, plain and compressed`, async () => {
      const plain = await gateway.request(path);
      assert.equal(plain.status, 200);
      assert.deepEqual(plain.body, readFileSync(here(file)));
      assert.equal(plain.headers["content-encoding"], undefined);
      assert.equal(plain.headers["cache-control"], "no-cache");
      assert.equal(plain.headers["x-content-type-options"], "nosniff");
      const headers = { "accept-encoding": "gzip, br" };
      const small = await gateway.request(path, { headers });
      assert.equal(small.headers["content-encoding"], "gzip");
      assert.ok(small.body.length < plain.body.length);
      assert.deepEqual(gunzipSync(small.body), plain.body);
      assert.notEqual(small.headers.etag, plain.headers.etag);
    });
  }

  it("/sdk/io.js: the box's, beside its own types", async () => {
    const { body } = await gateway.request("/sdk/io.js");
    assert.deepEqual(body, readFileSync(here("../../src/console/sdk/io.box.js")));
    const types = await gateway.request("/sdk/io.d.ts");
    assert.equal(types.headers["content-type"], "text/plain; charset=utf-8");
  });

  it("pages made by Vite: a strict policy; their parts are kept for ever", async () => {
    const [terminal, page] = [await gateway.request("/terminal"), await gateway.request("/")];
    assert.equal(terminal.headers["content-security-policy"], page.headers["content-security-policy"]);
    assert.equal(page.status, 200);
    assert.equal(page.headers["cache-control"], "no-cache");
    assert.match(page.headers["content-security-policy"], /^default-src 'none'; script-src 'self';/);
    assert.doesNotMatch(page.headers["content-security-policy"], /unsafe|\*|data:|https?:/);
    const both = page.text + terminal.text;
    const parts = [...both.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    assert.ok(parts.length >= 6, parts.join());
    for (const path of parts) {
      assert.match(path, /^\/assets\/[\w-]+\.(js|css|svg)$/);
      const part = await gateway.request(path, { headers: { "accept-encoding": "gzip" } });
      assert.equal(part.status, 200, path);
      assert.equal(part.headers["cache-control"], "public, max-age=31536000, immutable");
      assert.equal(part.headers["content-encoding"], "gzip");
      assert.doesNotMatch(gunzipSync(part.body).toString(), /sourceMappingURL/);
    }
  });

  it("is not sent again to who has it, and the connection lives on", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = (tag) => gateway.request("/", { agent, headers: { "if-none-match": tag } });
    const { etag } = (await ask('"other"')).headers;
    const known = await ask(`"other", ${etag}`);
    assert.equal(known.status, 304);
    assert.equal(known.body.length, 0);
    assert.equal(known.headers["content-length"], undefined);
    assert.equal((await ask('"other"')).status, 200);
    assert.equal(agent.totalSocketCount, 1);
    agent.destroy();
  });

  it("takes GET and HEAD only", async () => {
    const head = await gateway.request("/", { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(Number(head.headers["content-length"]), (await gateway.request("/")).body.length);
    for (const method of ["POST", "PUT", "DELETE"]) {
      const answer = await gateway.request("/", { method, body: "x" });
      assert.equal(answer.status, 405, method);
      assert.equal(answer.headers.allow, "GET, HEAD");
    }
    for (const path of ["/assets/", "/assets/none.js", "/index.html", "/socket.io/socket.io.js/"]) {
      assert.equal((await gateway.request(path)).status, 404, path);
    }
  });

  it("lets pages of another origin load the stock client, old and new", async () => {
    const browser = await launch();
    const other = await Gateway.start();
    try {
      const page = await browser.newPage();
      await page.goto(`${other.url}/api/v1/about`);
      const loaded = await page.evaluate(async (box) => {
        const { io } = await import(`${box}/socket.io/socket.io.esm.min.js`);
        const script = document.createElement("script");
        script.src = `${box}/socket.io/socket.io.js`;
        document.body.append(script);
        await new Promise((resolve) => (script.onload = resolve));
        return [typeof io, typeof window.io];
      }, gateway.url);
      assert.deepEqual(loaded, ["function", "function"]);
    } finally {
      await browser.close();
      await other.stop();
    }
  });
});
