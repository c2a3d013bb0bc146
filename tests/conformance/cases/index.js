import * as binary from "./binary.js";
import * as close from "./close.js";
import * as handshake from "./handshake.js";
import * as heartbeat from "./heartbeat.js";
import * as odd from "./odd.js";
import * as payload3 from "./payload3.js";
import * as payload4 from "./payload4.js";
import * as socketio4 from "./socketio4.js";
import * as socketio5 from "./socketio5.js";
import * as upgrade from "./upgrade.js";

const tables = [
  handshake,
  payload4,
  payload3,
  heartbeat,
  upgrade,
  close,
  socketio5,
  socketio4,
  binary,
];

/**
 * Every case by its group. A case: `name`, `steps`, `path` (default /engine.io/), `id` if it is
 * listed in lib/deviations.js, `slow` if it takes seconds.
 */
export const CASES = Object.assign({}, ...tables.map(({ groups }) => groups));

/** Cases for the comparison only. */
export const ODD = Object.fromEntries(
  Object.entries(odd.groups).map(([name, cases]) => [`odd ${name}`, cases]),
);
