// Who is let in as a call terminal: tokens of every kind and every way to show one, before the
// upgrade; and how long they stay good.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import {
  es256,
  hmac,
  hs256,
  keyFile,
  newKeyPair,
  newSecret,
  PAIR,
  pemOf,
  seconds,
  signed,
  TOKEN_KEYS,
  tokenOf,
} from "./lib/jwt.js";
import {
  addressOf,
  gatewayOf,
  refusal,
  registerToken,
  Terminal,
  terminalsOf,
  tokenCommand,
} from "./lib/terminals.js";
import { until } from "./lib/wait.js";

let gateway;
before(async () => (gateway = await gatewayOf(null)));
after(() => gateway.stop());

async function expectRefused(at, token, reason, options) {
  const answer = await refusal(at, token, options);
  assert.equal(answer.status, 401);
  assert.match(answer.headers["www-authenticate"], /^Bearer realm="bellhop"/);
  assert.match(answer.headers["content-type"], /^application\/json/);
  assert.deepEqual(answer.json, { error: { code: "unauthorised", message: `token: ${reason}` } });
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const es256Header = { alg: "ES256", typ: "JWT" };
const hs256Header = { alg: "HS256", typ: "JWT" };
const tampered = (token, part) => {
  const parts = token.split(".");
  parts[part] = (parts[part][0] === "e" ? "f" : "e") + parts[part].slice(1);
  return parts.join(".");
};
const of = (claims) => ({ sub: "1", ...claims });

// [what it is, token, reason]
const BAD = [
  ["none", undefined, "missing"],
  ["an empty one", "", "missing"],
  ["one that nobody registered", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "unknown"],
  ["a word", "secret", "unknown"],
  ["one longer than 1 KiB", "x".repeat(1025), "too_long"],
  ["one much longer", "x".repeat(5000), "too_long"],
  ["a JWT longer than 1 KiB", tokenOf("1", { name: "x".repeat(900) }), "too_long"],
  ["dots", "..", "malformed"],
  ["two parts", "e30.e30", "malformed"],
  ["four parts", `${tokenOf("1")}.e30`, "malformed"],
  ["an expired JWT", hs256(of({ exp: seconds(-1) })), "expired"],
  ["one that expired in 1970", hs256(of({ exp: 0 })), "expired"],
  ["an expired ES256 JWT", es256(of({ exp: seconds(-1) })), "expired"],
  ["one not valid yet", hs256(of({ nbf: seconds(600) })), "not_yet_valid"],
  ["exp as a string", hs256(of({ exp: "2099" })), "malformed"],
  ["nbf as a string", hs256(of({ nbf: "2020" })), "malformed"],
  ["claims that are no object", signed(hs256Header, [], hmac(newSecret())), "bad_signature"],
  ["no sub", hs256({ name: "甲" }), "bad_user"],
  ["an empty sub", hs256({ sub: "" }), "bad_user"],
  ["a sub longer than 64 bytes", hs256({ sub: "x".repeat(65) }), "bad_user"],
  ["a sub with a quote", hs256({ sub: 'a"b' }), "bad_user"],
  ["a sub that is an object", hs256({ sub: {} }), "bad_user"],
  ["another secret", hs256(of(), newSecret()), "bad_signature"],
  ["another key", es256(of(), newKeyPair().privateKey), "bad_signature"],
  ["a changed payload", tampered(tokenOf("1"), 1), "bad_signature"],
  ["a changed signature", tampered(tokenOf("1"), 2), "bad_signature"],
  ["a changed ES256 signature", tampered(es256(of()), 2), "bad_signature"],
  ["no signature", `${encode(hs256Header)}.${encode(of())}.`, "malformed"],
  ["alg none", `${encode({ alg: "none" })}.${encode(of())}.`, "malformed"],
  ["alg none with a signature", signed({ alg: "none" }, of(), hmac("")), "unsupported"],
  ["alg None, signed", signed({ alg: "None" }, of(), hmac("")), "unsupported"],
  ["alg HS512", signed({ alg: "HS512" }, of(), hmac("x")), "unsupported"],
  [
    "the public key as an HS256 secret",
    signed(hs256Header, of(), hmac(pemOf(PAIR.publicKey))),
    "bad_signature",
  ],
  [
    "HS256 bytes called ES256",
    signed(es256Header, of(), (text) =>
      createHmac("sha512", pemOf(PAIR.publicKey)).update(text).digest(),
    ),
    "bad_signature",
  ],
  [
    "an ES256 signature of zeros",
    signed(es256Header, of(), () => Buffer.alloc(64)),
    "bad_signature",
  ],
];

describe("401 before the upgrade, with a reason:", () => {
  for (const [what, token, reason] of BAD) {
    test(what, async () => {
      await expectRefused(gateway, token, reason);
      assert.equal(await gateway.metric('bellhop_table_in_use{table="sessions"}'), 0);
    });
  }

  test("by cookie and by header likewise", async () => {
    const cookie = (value) => ({ headers: { cookie: `theme=dark; USERTOKEN=${value}` } });
    const bearer = (value) => ({ headers: { authorization: `Bearer ${value}` } });
    const old = hs256(of({ exp: seconds(-1) }));
    await expectRefused(gateway, undefined, "expired", cookie(old));
    await expectRefused(gateway, undefined, "expired", bearer(old));
    await expectRefused(gateway, undefined, "unknown", cookie("nobody"));
    await expectRefused(gateway, undefined, "unknown", bearer("nobody"));
    await expectRefused(gateway, undefined, "missing", {
      headers: { authorization: "Basic e30=" },
    });
  });

  test("a bad token in the query is not made up for by a good cookie", async () => {
    const headers = { cookie: `USERTOKEN=${tokenOf("1")}` };
    await expectRefused(gateway, "nobody", "unknown", { headers });
  });

  test("nothing of a token is in the log", () => {
    for (const [what, token] of BAD) {
      if (token?.length > 8) assert.ok(!gateway.log.includes(token), what);
    }
  });
});

describe("let in:", () => {
  const cases = {
    "HS256 in the query": { token: tokenOf("u1") },
    "ES256 in the query": { token: es256({ sub: "u1" }) },
    "a number as sub": { token: hs256({ sub: 4711 }), user: "4711" },
    "exp and nbf with a fraction": {
      token: hs256({ sub: "u1", exp: seconds(60) + 0.5, nbf: seconds(-60) - 0.5 }),
    },
    "nbf of a clock that is a little ahead": { token: hs256({ sub: "u1", nbf: seconds(10) }) },
    "a user of other letters": { token: tokenOf("护士站 'é' 😀"), user: "护士站 'é' 😀" },
    "a cookie": { headers: { cookie: `a=b; USERTOKEN=${tokenOf("u1")}; c=d` } },
    "a bearer": { headers: { authorization: `Bearer ${tokenOf("u1")}` } },
    "a token of just 1 KiB": { token: hs256({ sub: "u1", a: "x".repeat(688) }) },
  };
  for (const [what, { token, user = "u1", ...options }] of Object.entries(cases)) {
    test(what, async (t) => {
      const terminal = await Terminal.open(gateway, token, options);
      t.after(() => terminal.logout());
      assert.deepEqual(terminal.first.Message, [user]);
    });
  }

  test("the token of the case above is as long as may be", () => {
    assert.equal(cases["a token of just 1 KiB"].token.length, 1024);
  });

  test("a registered token, by command and by API, at a running gateway", async (t) => {
    const open = terminalsOf(t);
    const byCommand = await tokenCommand(gateway, "add", "--user", "c1", "--name", "甲");
    const byApi = await registerToken(gateway, "a1", { name: "乙", expiresIn: 3600 });
    const inside = await open(gateway, null, { token: byApi.token });
    await until(
      () => open(gateway, null, { token: byCommand }).catch(() => false),
      "the gateway to know the new token",
    );
    await inside.online("a1", "c1");
    const listed = await tokenCommand(gateway, "list");
    for (const word of ["c1", "甲", "a1", "乙", byApi.id]) assert.ok(listed.includes(word), word);
    for (const token of [byCommand, byApi.token]) {
      assert.ok(!listed.includes(token), "never shown again");
      assert.ok(!gateway.log.includes(token), "never logged");
    }
  });
});

describe("no longer good:", () => {
  // A grace longer than the test: who is put out must go without one.
  const ownGateway = (t, config) => gatewayOf(t, { terminals: { grace_ms: 120000 }, ...config });

  /** The bearer is put out, the others see it, and it cannot come back. */
  async function expectPutOut(at, bearer, other, token, reason) {
    assert.deepEqual(await bearer.end(), { code: 1008, reason: "token_ended" });
    await other.online("other");
    await expectRefused(at, token, reason);
  }
  const two = async (t, at, token) => {
    const open = terminalsOf(t);
    const other = await open(at, "other");
    const bearer = await open(at, null, { token });
    await other.online("other", "bearer");
    return [bearer, other];
  };

  test("revoked by command", async (t) => {
    const gateway = await ownGateway(t);
    const token = await tokenCommand(gateway, "add", "--user", "bearer", "--id", "one");
    await until(async () => {
      const answer = await refusal(gateway, token).catch(() => ({ status: 101 }));
      return answer.status === 101;
    }, "the token to be known");
    const [bearer, other] = await two(t, gateway, token);
    const closed = await gateway.closed("token_ended");
    await tokenCommand(gateway, "revoke", "one");
    await expectPutOut(gateway, bearer, other, token, "unknown");
    assert.equal(await gateway.closed("token_ended"), closed + 1);
  });

  test("revoked by the API, with all its connections", async (t) => {
    const gateway = await ownGateway(t);
    const { id, token } = await registerToken(gateway, "bearer");
    const [bearer, other] = await two(t, gateway, token);
    const second = await Terminal.open(gateway, token);
    const { status } = await gateway.authorised(`/api/v1/tokens/${id}`, { method: "DELETE" });
    assert.equal(status, 204);
    await second.end();
    await expectPutOut(gateway, bearer, other, token, "unknown");
  });

  test("another token of the same user stays good", async (t) => {
    const gateway = await ownGateway(t);
    const [first, second] = [
      await registerToken(gateway, "bearer"),
      await registerToken(gateway, "bearer"),
    ];
    const [bearer, other] = await two(t, gateway, first.token);
    const stays = await Terminal.open(gateway, second.token);
    t.after(() => stays.logout());
    await gateway.authorised(`/api/v1/tokens/${first.id}`, { method: "DELETE" });
    assert.equal((await bearer.end()).code, 1008);
    assert.equal((await other.event("Hello", "bearer")).Terminals, 1);
    await other.online("other", "bearer");
  });

  for (const [what, make] of Object.entries({
    "a JWT": () => hs256({ sub: "bearer", exp: seconds(2) }),
    "a registered one": async (at) => (await registerToken(at, "bearer", { expiresIn: 2 })).token,
  })) {
    test(`expired while connected: ${what}`, async (t) => {
      const gateway = await ownGateway(t);
      const token = await make(gateway);
      const [bearer, other] = await two(t, gateway, token);
      await expectPutOut(gateway, bearer, other, token, "expired");
    });
  }

  test("keys that a SIGHUP brings: new ones good, withdrawn ones end connections", async (t) => {
    const [old, kept, fresh] = [newSecret(), newSecret(), newSecret()];
    const file = keyFile("rotating", `${old}\n${kept}\n`);
    const own = await ownGateway(t, { tokens: { ...TOKEN_KEYS, hs256_key_file: file } });
    const open = terminalsOf(t);
    const claims = { sub: "bearer" };
    const stays = await open(own, null, { token: hs256({ sub: "other" }, kept) });
    const bearer = await open(own, null, { token: hs256(claims, old) });
    await expectRefused(own, hs256(claims, fresh), "bad_signature");
    keyFile("rotating", `${kept}\n${fresh}\n`);
    own.signal("SIGHUP");
    await own.logged(/event=reloaded/);
    await expectPutOut(own, bearer, stays, hs256(claims, old), "bad_signature");
    await open(own, null, { token: hs256(claims, fresh) });
    await stays.online("bearer", "other");

    keyFile("rotating", "short\n");
    own.signal("SIGHUP");
    await own.logged(/level=error event=reload_token_keys_failed/);
    await open(own, null, { token: hs256(claims, fresh) });
  });
});

describe("the door itself:", () => {
  test("a foreign Origin is 403, the box's own is let in", async (t) => {
    const headers = { origin: "https://evil.example" };
    assert.equal((await refusal(gateway, tokenOf("1"), { headers })).status, 403);
    await terminalsOf(t)(gateway, "1", { headers: { origin: gateway.url } });
  });

  test("a request that is no upgrade is 426", async () => {
    for (const token of [undefined, tokenOf("1")]) {
      const path = token ? `/ws?token=${token}` : "/ws";
      const { status, headers } = await gateway.request(path);
      assert.equal(status, 426);
      assert.equal(headers.upgrade?.toLowerCase(), "websocket");
    }
  });

  test("other paths have no terminals", async () => {
    for (const path of ["/ws/x", "/wsx", "/", "/api/v1/users"]) {
      assert.equal((await refusal(gateway, tokenOf("1"), { path })).status, 404, path);
    }
  });

  test("its path is configuration, and told by /api/v1/about", async (t) => {
    const moved = await gatewayOf(t, { paths: { terminals: "/calls/live" } });
    const { json } = await moved.request("/api/v1/about");
    assert.equal(json.paths.terminals, "/calls/live");
    assert.equal((await refusal(moved, tokenOf("1"))).status, 404);
    const terminal = new Terminal(addressOf(moved, tokenOf("1"), json.paths.terminals));
    assert.deepEqual((await terminal.next("Chat")).Message, ["1"]);
    terminal.kill();
  });

  test("without keys every JWT is refused, registered tokens are not", async (t) => {
    const own = await gatewayOf(t, { tokens: { hs256_key_file: "", es256_key_file: "" } });
    await expectRefused(own, tokenOf("1"), "unsupported");
    await expectRefused(own, es256({ sub: "1" }), "unsupported");
    const { token } = await registerToken(own, "1");
    await terminalsOf(t)(own, null, { token });
  });

  test("by TLS as well", async (t) => {
    const own = await gatewayOf(t, {}, { tls: true });
    await expectRefused(own, hs256(of(), newSecret()), "bad_signature");
    const open = terminalsOf(t);
    const [one, two] = [await open(own, "1"), await open(own, "2")];
    assert.equal((await one.call("2")).Status, "delivered");
    await two.heard("Call");
    assert.match(addressOf(own, ""), /^https:/);
  });
});
