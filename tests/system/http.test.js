// HTTP itself: connections that are used again, requests in a row, HEAD, the paths of operators.
import assert from "node:assert/strict";
import http from "node:http";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { exchange, Line } from "./lib/http.js";
import { wiresOf } from "./lib/wire.js";

let gateway;
before(async () => (gateway = await Gateway.start()));
after(() => gateway.stop());

const body = (n) => `{"ROOT":{"BODY":{"eventName":"n","data":${n}}}}`;
const rawPush = (n, headers = "") =>
  `POST /push HTTP/1.1\r\nHost: box\r\nX-API-Key: ${gateway.key}\r\n${headers}` +
  `Content-Length: ${body(n).length}\r\n\r\n${body(n)}`;
const count = (text, pattern) => (text.match(pattern) ?? []).length;

test("one connection takes a thousand pushes, errors among them", async (t) => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const before = await gateway.metric('bellhop_table_high_water{table="connections"}');
  const wire = await wiresOf(t)(gateway);
  let sent = 0;
  for (let i = 0; i < 1000; i++) {
    if (i % 50 === 7) {
      const wrong = [
        { body: "{" },
        { body: "x".repeat(70000) },
        { method: "GET" },
        { headers: { authorization: "no" }, body: body(0) },
      ];
      const { status } = await gateway.authorised("/push", {
        method: "POST",
        agent,
        ...wrong[((i / 50) | 0) % wrong.length],
      });
      assert.ok([400, 401, 405, 413].includes(status), `${status}`);
    } else {
      await gateway.push(undefined, "n", `${sent++}`, { agent });
    }
  }
  for (let i = 0; i < sent; i++) assert.equal(await wire.next(), `42["n",${i}]`);
  const high = await gateway.metric('bellhop_table_high_water{table="connections"}');
  assert.ok(high <= before + 2, `${high - before} connections more`);
});

describe("requests in a row without waiting", () => {
  test("are answered in their order, each once", async (t) => {
    const wire = await wiresOf(t)(gateway);
    const line = await Line.open(gateway);
    t.after(() => line.cut());
    line.write(Array.from({ length: 20 }, (_, i) => rawPush(i)).join(""));
    for (let i = 0; i < 20; i++) assert.equal(await wire.next(), `42["n",${i}]`);
    await line.expect(/("RETURN_CODE":"0000"[^]*){20}/);
    assert.equal(count(line.text, /HTTP\/1\.1 200 OK/g), 20);
    const ids = [...line.text.matchAll(/"ID":"(\d+)"/g)].map(([, id]) => BigInt(id));
    assert.deepEqual(
      ids,
      [...ids].sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  test("of several kinds, cut anywhere", async (t) => {
    const wire = await wiresOf(t)(gateway);
    const line = await Line.open(gateway);
    t.after(() => line.cut());
    const text =
      "GET /health/live HTTP/1.1\r\nHost: box\r\n\r\n" +
      rawPush(1) +
      "HEAD /health/ready HTTP/1.1\r\nHost: box\r\n\r\n" +
      rawPush(2) +
      "GET /nowhere HTTP/1.1\r\nHost: box\r\n\r\n" +
      rawPush(3);
    for (let i = 0; i < text.length; i += 37) {
      line.write(text.slice(i, i + 37));
      if (i % 185 === 0) await gateway.request("/health/live");
    }
    for (let i = 1; i <= 3; i++) assert.equal(await wire.next(), `42["n",${i}]`);
    await line.expect(/("RETURN_CODE":"0000"[^]*){3}/);
    const statuses = [...line.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    assert.deepEqual(statuses, ["200", "200", "200", "200", "404", "200"]);
  });

  test("behind a refused one are still served", async (t) => {
    const line = await Line.open(gateway);
    t.after(() => line.cut());
    const long = "x".repeat(70000);
    line.write(
      `POST /push HTTP/1.1\r\nHost: box\r\nX-API-Key: ${gateway.key}\r\n` +
        `Content-Length: ${long.length}\r\n\r\n${long}${rawPush(1)}`,
    );
    await line.expect(/413 [^]*"RETURN_CODE":"0000"/);
  });
});

describe("the end of a connection", () => {
  test("Connection: close is obeyed", async () => {
    const text = await exchange(gateway, rawPush(1, "Connection: close\r\n"));
    assert.match(text, /^HTTP\/1\.1 200 OK[^]*"0000"/);
  });

  test("HTTP/1.0 is answered and closed", async () => {
    const text = await exchange(gateway, "GET /health/live HTTP/1.0\r\n\r\n");
    assert.match(text, /^HTTP\/1\.[01] 200 [^]*"live"/);
  });
});

test("HEAD has the headers of GET and no body", async (t) => {
  for (const path of ["/health/live", "/health/ready", "/metrics", "/api/v1/openapi.yaml"]) {
    const get = await gateway.request(path);
    const head = await gateway.request(path, { method: "HEAD" });
    assert.equal(head.status, get.status, path);
    assert.equal(head.body.length, 0);
    assert.equal(head.headers["content-type"], get.headers["content-type"]);
    if (path !== "/metrics")
      assert.equal(head.headers["content-length"], get.headers["content-length"], path);
  }
  const line = await Line.open(gateway);
  t.after(() => line.cut());
  line.write(
    "HEAD /health/live HTTP/1.1\r\nHost: box\r\n\r\nGET /health/live HTTP/1.1\r\nHost: box\r\n\r\n",
  );
  await line.expect(/"live"/);
  assert.equal(count(line.text, /"live"/g), 1);
});

test("Expect: 100-continue as curl sends it for long bodies", async (t) => {
  const wire = await wiresOf(t)(gateway);
  const line = await Line.open(gateway);
  t.after(() => line.cut());
  const [head, content] = rawPush(7, "Expect: 100-continue\r\n").split("\r\n\r\n");
  line.write(`${head}\r\n\r\n`);
  line.write(content);
  await line.expect(/"RETURN_CODE":"0000"/);
  assert.equal(await wire.next(), '42["n",7]');
});

describe("paths of operators", () => {
  test("health", async () => {
    const live = await gateway.request("/health/live");
    assert.deepEqual([live.status, live.json], [200, { status: "live" }]);
    const ready = await gateway.request("/health/ready");
    assert.deepEqual([ready.status, ready.json.status], [200, "ready"]);
    assert.match(ready.json.version, /^\d+\.\d+\.\d+/);
  });

  test("metrics are Prometheus text: each family once, with help and type", async () => {
    const { status, headers, text } = await gateway.request("/metrics");
    assert.equal(status, 200);
    assert.match(headers["content-type"], /^text\/plain; version=0\.0\.4/);
    const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name]) => name);
    assert.equal(new Set(families).size, families.length);
    const seen = new Set();
    for (const line of text.split("\n").filter((row) => row !== "" && !row.startsWith("#"))) {
      const [, name, labels] =
        /^(bellhop_\w+)(\{\w+="[^"]*"\})? [\d.e+]+$/.exec(line) ?? assert.fail(line);
      assert.ok(families.includes(name), name);
      assert.ok(!seen.has(name + labels), line);
      seen.add(name + labels);
    }
    for (const family of families) assert.match(text, new RegExp(`^# HELP ${family} \\S`, "m"));
  });

  test("unknown paths are 404 for every method", async () => {
    for (const path of ["/nowhere", "/health", "/metrics/x", "/socket.iox/", "/push/"]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        const { status } = await gateway.request(path, {
          method,
          body: method === "POST" ? "{}" : undefined,
        });
        assert.equal(status, 404, `${method} ${path}`);
      }
    }
  });
});

test("other paths by configuration", async (t) => {
  const moved = await Gateway.start({ config: { paths: { socketio: "/live/", push: "/send" } } });
  t.after(() => moved.stop());
  assert.equal((await moved.request("/live/?EIO=4&transport=polling")).status, 200);
  assert.equal((await moved.request("/socket.io/?EIO=4&transport=polling")).status, 404);
  assert.equal((await moved.authorised("/send", { method: "POST", body: body(1) })).status, 200);
  assert.equal((await moved.authorised("/push", { method: "POST", body: body(1) })).status, 404);
});
