// The answers of the protocol, by name: what a step's line looks like.
export const ok = "200 text/html ok";
export const empty = (status) => `${status} empty`;
export const polled = (payload) => `200 text/plain; charset=UTF-8 ${payload}`;
export const polledBinary = (hex) => `200 application/octet-stream <${hex.replaceAll(" ", "")}>`;
export const refused = (message) => `400 text/html ${message}`;
export const closed = "closed";
export const gone = "gone";
export const alive = "alive";

const MESSAGES = [
  "Transport unknown",
  "Session ID unknown",
  "Bad handshake method",
  "Bad request",
  "Forbidden",
  "Unsupported protocol version",
];
export const error = (code) =>
  `400 application/json {"code":${code},"message":"${MESSAGES[code]}"}`;
export const refusedWith = (code) => refused(MESSAGES[code]);

const timing = '"pingInterval":300,"pingTimeout":200,"maxPayload":1000000';
export const openPacket = (upgrades) =>
  `0{"sid":"SID","upgrades":${JSON.stringify(upgrades)},${timing}}`;
export const openPolling = {
  4: openPacket(["websocket"]),
  3: `LENGTH:${openPacket(["websocket"])}`,
};

/** One text message as each revision's payload carries it, the length counted in UTF-16 units. */
export const payload = {
  4: (...packets) => packets.join("\x1e"),
  3: (...packets) => packets.map((packet) => `${packet.length}:${packet}`).join(""),
};
/** The same as lines show it. */
export const shown = (v, ...packets) => (v === 4 ? packets.join("|") : payload[3](...packets));

export const bytes = (...values) => Uint8Array.from(values);
