// The stock clients of every generation against the same server: by polling alone, by websocket
// alone, and from one to the other.
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import client2 from "socket.io-client-2";
import { io as client3 } from "socket.io-client-3";
import { io as client4 } from "socket.io-client-4";

const url = process.env.CONFORMANCE_URL;
const CLIENTS = { 2.5: client2, 3.1: client3, 4.8: client4 };
const TRANSPORTS = [["polling"], ["websocket"], ["polling", "websocket"]];
const LIMITS = { timeout: 10000 };

const sockets = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});

/** Connects and returns what `auth` brought; the server sends it right behind the connect. */
async function connect(connectTo, namespace, options) {
  const socket = connectTo(url + namespace, { forceNew: true, reconnection: false, ...options });
  sockets.push(socket);
  const [auth] = await new Promise((resolve, reject) => {
    socket.once("auth", (...args) => resolve(args));
    for (const event of ["connect_error", "error"]) socket.once(event, reject);
  });
  return { socket, auth };
}

const back = (socket, ...args) =>
  new Promise((resolve) => {
    socket.once("message-back", (...got) => resolve(got));
    socket.emit("message", ...args);
  });

async function exchange(socket) {
  assert.deepEqual(await back(socket, 1, "é😀", { a: [true, null] }), [
    1,
    "é😀",
    { a: [true, null] },
  ]);
  const [text, blob] = await back(socket, "with bytes", Buffer.from([0, 1, 255]));
  assert.equal(text, "with bytes");
  assert.deepEqual([...new Uint8Array(blob)], [0, 1, 255]);
  const acked = await new Promise((resolve) => {
    socket.emit("message-with-ack", "a", 2, (...args) => resolve(args));
  });
  assert.deepEqual(acked, ["a", 2]);
}

const engineOf = (socket) => socket.io.engine;

for (const [version, connectTo] of Object.entries(CLIENTS)) {
  describe(`client ${version}`, () => {
    for (const transports of TRANSPORTS) {
      test(transports.join(" to "), LIMITS, async () => {
        const { socket } = await connect(connectTo, "/", { transports });
        await exchange(socket);
        const engine = engineOf(socket);
        const last = transports.at(-1);
        if (engine.transport.name !== last)
          await new Promise((resolve) => engine.once("upgrade", resolve));
        assert.equal(engine.transport.name, last);
        await exchange(socket);
      });
    }

    test("another namespace on the same connection", LIMITS, async () => {
      const { socket } = await connect(connectTo, "/", {});
      const custom = socket.io.socket("/custom");
      sockets.push(custom);
      await new Promise((resolve) => custom.once("auth", resolve));
      await exchange(socket);
    });

    test("an unknown namespace is refused", LIMITS, async () => {
      const refusal = await connect(connectTo, "/random", {}).catch((error) => error);
      assert.equal(refusal.message, "Invalid namespace");
    });

    test("a session without traffic outlives its heartbeats", LIMITS, async () => {
      const { socket } = await connect(connectTo, "/", {});
      const engine = engineOf(socket);
      const beats = version === "4.8" ? "ping" : "pong";
      for (let i = 0; i < 3; i++) await new Promise((resolve) => engine.once(beats, resolve));
      await exchange(socket);
    });
  });
}

test("client 4.8 sends its auth payload", LIMITS, async () => {
  const { auth } = await connect(client4, "/custom", { auth: { token: "123" } });
  assert.deepEqual(auth, { token: "123" });
});
