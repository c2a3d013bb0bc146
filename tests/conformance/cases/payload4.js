// Engine.IO 4: messages both ways. The server sends every message back as it came.
import { alive, bytes, closed, empty, gone, ok, polled } from "../lib/expect.js";
import { dial, get, leaves, lives, open, post, recv, send } from "../lib/steps.js";

const MAX_PAYLOAD = 1000000;
const many = (count) => Array.from({ length: count }, (_, i) => `4m${i}`);

const roundTrips = [
  ["one text", "4hello"],
  ["an empty text", "4"],
  ["several texts", "4a\x1e4b\x1e4c"],
  ["letters, signs and emoji", "4é漢😀 %2B&=+"],
  ["line ends and a NUL", "4a\\n\n\r\0b"],
  ["binary", "bAQIDBA=="],
  ["an empty binary", "b"],
  ["text and binary in order", "4a\x1ebAQ==\x1e4b\x1ebAgM="],
  [
    "every byte value",
    `b${Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString("base64")}`,
  ],
  ["sixteen packets", many(16).join("\x1e")],
].map(([name, body]) => ({
  name,
  steps: [open(4), [post(body), ok], [get(), (line) => line === shownAs(body)]],
}));

function shownAs(body) {
  return polled(body.replaceAll("\x1e", "|").replace(/[\0-\x1f]/g, (c) => JSON.stringify(c)));
}

const polls = [
  {
    name: "two POSTs are answered by one GET",
    steps: [open(4), [post("4a"), ok], [post("4b"), ok], [get(), polled("4a|4b")]],
  },
  {
    name: "a POST with text/plain",
    steps: [
      open(4),
      [post("4a", { headers: { "content-type": "text/plain;charset=UTF-8" } }), ok],
      [get(), polled("4a")],
    ],
  },
  {
    id: "chunked POST",
    name: "a chunked POST is taken, or told to bring a length; the session lives",
    steps: [
      open(4),
      [post("4a", { headers: { "transfer-encoding": "chunked" } }), [ok, /^411 /]],
      [lives(), alive],
    ],
  },
  {
    id: "at most 16 packets a poll",
    name: "at most 16 packets an answer, the rest in the next",
    steps: [
      open(4),
      [post(many(30).join("\x1e")), ok],
      [get(), polled(many(30).slice(0, 16).join("|"))],
      [get(), polled(many(30).slice(16).join("|"))],
    ],
  },
  ...["0", "5", "6", "6\x1e6"].map((body) => ({
    name: `POST ${body.replace("\x1e", "|")} is ignored`,
    steps: [open(4), [post(body), ok], [lives(), alive], [post("4a"), ok], [get(), polled("4a")]],
  })),
];

const limits = [
  {
    name: "a POST of exactly maxPayload",
    steps: [
      open(4),
      [post(`4${"x".repeat(MAX_PAYLOAD - 1)}`), ok],
      [get(), (line) => line === polled(`4${"x".repeat(MAX_PAYLOAD - 1)}`)],
    ],
  },
  {
    name: "a POST of one byte more is 413, the session lives",
    steps: [
      open(4),
      [post("4".padEnd(MAX_PAYLOAD + 1, "x")), empty(413)],
      [lives(), alive],
      [post("4a"), ok],
      [get(), polled("4a")],
    ],
  },
  {
    name: "a websocket text of exactly maxPayload",
    steps: [
      dial({ v: 4 }),
      recv(),
      send("4".padEnd(MAX_PAYLOAD, "x")),
      [recv(), (line) => line.length === MAX_PAYLOAD],
    ],
  },
  ...[
    ["text", "4".padEnd(MAX_PAYLOAD + 1, "x")],
    ["binary", new Uint8Array(MAX_PAYLOAD + 1)],
  ].map(([kind, data]) => ({
    name: `a websocket ${kind} over maxPayload closes with 1009`,
    steps: [dial({ v: 4 }), recv(), send(data), [recv(), "closed 1009"]],
  })),
];

const okOrBad = [ok, empty(400)];
const bad = [
  ["an unknown type", "abc"],
  ["an unknown type after a good packet", "4a\x1eabc"],
  ["type 7", "7"],
  ["an empty body", ""],
  ["an empty packet", "4a\x1e\x1e4b"],
  ["a ping, which the server sends", "2"],
].map(([name, body]) => ({
  id: "bad POST",
  name: `POST of ${name} closes the session`,
  steps: [open(4), [post(body), okOrBad], [leaves(), gone]],
}));

const octets = {
  name: "POST of octet-stream, which only revision 3 has, closes the session",
  steps: [
    open(4),
    [post("4a", { headers: { "content-type": "application/octet-stream" } }), empty(400)],
    [leaves(), gone],
  ],
};

const websocket = [
  ["a text", "4hello", "4hello"],
  ["an empty text", "4", "4"],
  ["emoji", "4é漢😀", "4é漢😀"],
  ["a separator, which has no meaning here", "4a\x1e4b", "4a\x1e4b"],
  ["binary", bytes(1, 2, 3, 4), "<01020304>"],
  ["an empty binary", bytes(), "<>"],
].map(([name, data, back]) => ({
  name: `${name} over websocket`,
  steps: [dial({ v: 4 }), recv(), send(data), [recv(), back]],
}));

const frames = [
  {
    name: "a text in three fragments",
    steps: [
      dial({ v: 4 }),
      recv(),
      send("4he", { fin: false }),
      send("ll", { fin: false }),
      send("o"),
      [recv(), "4hello"],
    ],
  },
  {
    name: "sixty messages in order",
    steps: [
      dial({ v: 4 }),
      recv(),
      ...many(60).map((m) => send(m)),
      ...many(60).map((m) => [recv(), m]),
    ],
  },
  ...["0", "6"].map((packet) => ({
    name: `${packet} over websocket is ignored`,
    steps: [dial({ v: 4 }), recv(), send(packet), send("4a"), [recv(), "4a"]],
  })),
  ...["abc", "", "7", "2"].map((packet) => ({
    name: `"${packet}" over websocket closes it`,
    steps: [dial({ v: 4 }), recv(), send(packet), [recv(), closed]],
  })),
];

export const groups = {
  "revision 4, polling, comes back": roundTrips,
  "revision 4, polling": polls,
  "revision 4, limits": limits,
  "revision 4, bad payloads": [...bad, octets],
  "revision 4, websocket": [...websocket, ...frames],
};
