// Pages of other origins: refused before anything else unless listed; CORS as browsers want it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Gateway } from "./lib/gateway.js";
import { Wire, wiresOf } from "./lib/wire.js";

const LISTED = "https://intranet.example";
const FOREIGN = [
  "https://evil.example",
  "http://intranet.example",
  `${LISTED}:444`,
  `${LISTED}.evil.example`,
  "null",
  `${LISTED}/`,
];
const POLLING = "/socket.io/?EIO=4&transport=polling";

let gateway;
before(async () => (gateway = await Gateway.start({ config: { http: { origins: [LISTED] } } })));
after(() => gateway.stop());

const own = () => [gateway.url, `https://${gateway.host}:${gateway.port}`];
const webSocket = (origin) =>
  new Wire(`${gateway.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`, {
    headers: { origin },
  });

describe("foreign", () => {
  for (const origin of FOREIGN) {
    test(`${origin}: 403 by polling and before the upgrade, nothing opened`, async () => {
      const refused = 'bellhop_admission_refused_total{bound="origin"}';
      const before = await gateway.metric(refused);
      const polling = await gateway.request(POLLING, { headers: { origin } });
      assert.equal(polling.status, 403);
      assert.equal(polling.headers["access-control-allow-origin"], undefined);
      const wire = webSocket(origin);
      assert.match(await wire.next(), /^error .*403/);
      assert.equal(await gateway.metric(refused), before + 2);
      assert.equal(await gateway.metric('bellhop_table_in_use{table="sessions"}'), 0);
    });
  }

  test("a session's id is no way around it", async () => {
    const [, sid] = /"sid":"([\w-]+)"/.exec((await gateway.request(POLLING)).text);
    const headers = { origin: FOREIGN[0] };
    const stolen = await gateway.request(`${POLLING}&sid=${sid}`, {
      method: "POST",
      body: "40",
      headers,
    });
    assert.equal(stolen.status, 403);
    const preflight = await gateway.request(POLLING, { method: "OPTIONS", headers });
    assert.equal(preflight.status, 403);
    assert.equal(preflight.headers["access-control-allow-origin"], undefined);
    await gateway.request(`${POLLING}&sid=${sid}`, { method: "POST", body: "1" });
  });
});

describe("the box's own and the listed", () => {
  test("pass by polling, echoed with credentials", async () => {
    for (const origin of [...own(), LISTED]) {
      const { status, headers } = await gateway.request(POLLING, { headers: { origin } });
      assert.equal(status, 200, origin);
      assert.equal(headers["access-control-allow-origin"], origin);
      assert.equal(headers["access-control-allow-credentials"], "true");
      assert.match(headers.vary, /Origin/);
    }
  });

  test("pass by WebSocket", async (t) => {
    for (const origin of [...own(), LISTED]) {
      const wire = webSocket(origin);
      t.after(() => wire.cut());
      assert.match(await wire.next(), /^0\{/, origin);
    }
  });

  test("errors can be read by the page, too", async () => {
    const { status, headers } = await gateway.request(`${POLLING}&sid=unknown`, {
      headers: { origin: LISTED },
    });
    assert.equal(status, 400);
    assert.equal(headers["access-control-allow-origin"], LISTED);
  });

  test("a preflight is answered with what it asks for", async () => {
    const asked = {
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,x-ward",
    };
    const { status, headers } = await gateway.request(POLLING, {
      method: "OPTIONS",
      headers: { origin: LISTED, ...asked },
    });
    assert.equal(status, 204);
    assert.equal(headers["access-control-allow-origin"], LISTED);
    assert.equal(headers["access-control-allow-credentials"], "true");
    assert.match(headers["access-control-allow-methods"], /GET.*POST/);
    assert.equal(headers["access-control-allow-headers"], "content-type,x-ward");
    assert.equal(headers["set-cookie"], undefined);
  });

  test("no Origin is no browser, and gets no CORS headers", async (t) => {
    const { status, headers } = await gateway.request(POLLING);
    assert.equal(status, 200);
    assert.equal(headers["access-control-allow-origin"], undefined);
    const wire = await wiresOf(t)(gateway);
    assert.equal(await wire.login("456"), "2002");
  });

  test("a hanging poll's answer carries the headers, too", async () => {
    const headers = { origin: LISTED };
    const [, sid] = /"sid":"([\w-]+)"/.exec((await gateway.request(POLLING, { headers })).text);
    const url = `${POLLING}&sid=${sid}`;
    await gateway.request(url, { method: "POST", body: "40", headers });
    await gateway.request(url, { headers });
    const hanging = gateway.request(url, { headers });
    await gateway.push(undefined, "e", "1");
    const answer = await hanging;
    assert.equal(answer.text, '42["e",1]');
    assert.equal(answer.headers["access-control-allow-origin"], LISTED);
    await gateway.request(url, { method: "POST", body: "1", headers });
  });
});

test('"*" alone lets any page in, for tests', async (t) => {
  const open = await Gateway.start({ config: { http: { origins: ["*"] } } });
  t.after(() => open.stop());
  for (const origin of FOREIGN) {
    const { status, headers } = await open.request(POLLING, { headers: { origin } });
    assert.deepEqual([status, headers["access-control-allow-origin"]], [200, origin]);
  }
});
