// Engine.IO: opening a session, and every answer to a request that may not.
import {
  alive,
  closed,
  empty,
  error,
  openPacket,
  openPolling,
  polled,
  refused,
  refusedWith,
} from "../lib/expect.js";
import { ask, dial, get, headersOf, lives, open, post, recv } from "../lib/steps.js";

const opened = [3, 4].flatMap((v) => [
  { name: `polling, revision ${v}`, steps: [[open(v), polled(openPolling[v])]] },
  {
    name: `polling at the Socket.IO path, revision ${v}`,
    path: "/socket.io/",
    steps: [[open(v), polled(openPolling[v])]],
  },
  {
    name: `websocket, revision ${v}`,
    steps: [
      [dial({ v }), "open"],
      [recv(), openPacket([])],
    ],
  },
]);

const queries = [
  ["in another order", "t=Q1&transport=polling&EIO=4"],
  ["percent-encoded", "EIO=%34&transport=%70olling"],
  ["with an empty parameter", "EIO=4&transport=polling&t="],
  ["with the page's own parameters", "token=a%26sid%3Db&EIO=4&transport=polling&x"],
  ["with an empty sid", "EIO=4&transport=polling&sid="],
].map(([name, query]) => ({ name, steps: [[ask(query), polled(openPolling[4])]] }));

const headers = {
  name: "an open answer is not for caches and has a length",
  steps: [[headersOf(["cache-control"], "EIO=4&transport=polling"), "200 no-store"]],
};

const refusals = [
  ["no parameters", "", error(0)],
  ["no transport", "EIO=4", error(0)],
  ["an unknown transport", "EIO=4&transport=abc", error(0)],
  ["a property of every object as transport", "EIO=4&transport=constructor", error(0)],
  ["an unknown sid", "EIO=4&transport=polling&sid=abc", error(1)],
  [
    "an unknown sid in a POST",
    "EIO=4&transport=polling&sid=abc",
    error(1),
    { method: "POST", body: "4x" },
  ],
  ["an unknown sid, revision 3", "EIO=3&transport=polling&sid=abc", error(1)],
  ["a sid too long to be one", `EIO=4&transport=polling&sid=${"a".repeat(2000)}`, error(1)],
  ["POST without sid", "EIO=4&transport=polling", error(2), { method: "POST", body: "4x" }],
  ["POST without sid or body", "EIO=4&transport=polling", error(2), { method: "POST" }],
  [
    "POST without sid, revision 3",
    "EIO=3&transport=polling",
    error(2),
    { method: "POST", body: "2:4x" },
  ],
  ["PUT without sid", "EIO=4&transport=polling", error(2), { method: "PUT", body: "4x" }],
  ["DELETE without sid", "EIO=4&transport=polling", error(2), { method: "DELETE" }],
  ["websocket without an upgrade", "EIO=4&transport=websocket", error(3)],
].map(([name, query, expected, options]) => ({ name, steps: [[ask(query, options), expected]] }));

const revisions = ["", "EIO=&", "EIO=abc&", "EIO=2&", "EIO=5&", "EIO=44&"].map((eio) => ({
  id: "unsupported revision",
  name: `revision ${eio.slice(0, -1) || "missing"}`,
  steps: [[ask(`${eio}transport=polling`), error(5)]],
}));

const precedence = [
  ["the transport is looked at before the revision", "EIO=9", error(0)],
  ["the transport before the sid", "EIO=4&sid=abc", error(0)],
  ["the sid before the method", "EIO=4&transport=polling&sid=abc", error(1), { method: "PUT" }],
  ["the method before the revision", "EIO=9&transport=polling", error(2), { method: "POST" }],
].map(([name, query, expected, options]) => ({ name, steps: [[ask(query, options), expected]] }));

const sessions = [
  {
    name: "another revision than the session's",
    steps: [
      open(4),
      [get({ EIO: 3 }), error(3)],
      [post("4x", { query: { EIO: 3 } }), error(3)],
      [lives(), alive],
    ],
  },
  {
    name: "another revision than the session's, 3",
    steps: [open(3), [get({ EIO: 4 }), error(3)], [lives(), alive]],
  },
  {
    name: "another transport than the session's",
    steps: [
      open(4),
      [get({ transport: "websocket" }), error(3)],
      [post("4x", { query: { transport: "websocket" } }), error(3)],
      [lives(), alive],
    ],
  },
  ...["PUT", "DELETE", "PATCH"].map((method) => ({
    name: `${method} with a sid`,
    steps: [open(4), [post("4x", { method }), empty(500)]],
  })),
];

const upgrades = [
  ["no transport", { transport: undefined }, refusedWith(0)],
  ["an unknown transport", { transport: "abc" }, refusedWith(0)],
  ["an unknown sid", { sid: "abc" }, refusedWith(1)],
].map(([name, query, expected]) => ({ name, steps: [[dial({ query }), expected]] }));

const upgradeRevisions = [undefined, "abc", "5"].map((EIO) => ({
  id: "unsupported revision",
  name: `revision ${EIO ?? "missing"}`,
  steps: [[dial({ query: { EIO } }), refused("Unsupported protocol version")]],
}));

const oddUpgrades = [
  {
    name: "an upgrade that says polling is accepted and closed",
    steps: [
      [dial({ query: { transport: "polling" } }), "open"],
      [recv(), closed],
    ],
  },
];

export const groups = {
  "a session opens": [...opened, headers],
  "the query string may come": queries,
  "refused over HTTP": [...refusals, ...revisions],
  "refused in this order": precedence,
  "a request that does not fit its session": sessions,
  "refused websocket": [...upgrades, ...upgradeRevisions, ...oddUpgrades],
};
