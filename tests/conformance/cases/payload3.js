// Engine.IO 3: the same with lengths in UTF-16 code units, two binary forms and JSONP.
import {
  alive,
  bytes,
  closed,
  empty,
  gone,
  ok,
  payload,
  polled,
  polledBinary,
} from "../lib/expect.js";
import { dial, get, leaves, lives, open, post, recv, send } from "../lib/steps.js";

const many = (count) => Array.from({ length: count }, (_, i) => `4m${i}`);
const text = (...packets) => payload[3](...packets);

const roundTrips = [
  ["one text", "6:4hello"],
  ["an empty text", "1:4"],
  ["several texts", "6:4test16:4test26:4test3"],
  ["a length in UTF-16 code units", "4:4é😀"],
  ["a length of three digits", text(`4${"x".repeat(150)}`)],
  ["colons and digits in the data", text("412:4a", "4:")],
  ["binary as base64", "10:b4AQIDBA=="],
  ["text and binary as base64", "6:4hello10:b4AQIDBA==2:4x"],
].map(([name, body]) => ({
  name,
  steps: [open(3, { b64: 1 }), [post(body), ok], [get(), polled(body)]],
}));

const octets = { headers: { "content-type": "application/octet-stream" } };
const binary = [
  {
    name: "base64 in, the binary form out",
    steps: [
      open(3),
      [post("6:4hello10:b4AQIDBA=="), ok],
      [get(), polledBinary("00 06 ff 3468656c6c6f 01 05 ff 04 01020304")],
    ],
  },
  {
    name: "lengths of the binary form count bytes",
    steps: [
      open(3),
      [post("4:4é😀10:b4AQIDBA=="), ok],
      [get(), polledBinary("00 07 ff 34c3a9f09f9880 01 05 ff 04 01020304")],
    ],
  },
  {
    name: "the binary form in",
    steps: [
      open(3),
      [post(Buffer.from("0007ff34c3a9f09f98800105ff0401020304", "hex"), octets), ok],
      [get(), polledBinary("00 07 ff 34c3a9f09f9880 01 05 ff 04 01020304")],
    ],
  },
  {
    name: "the binary form with text alone is answered as text",
    steps: [
      open(3),
      [post(Buffer.from("0006ff3468656c6c6f", "hex"), octets), ok],
      [get(), polled("6:4hello")],
    ],
  },
  {
    name: "a length of several digits in the binary form",
    steps: [
      open(3),
      [post(Buffer.concat([Buffer.from("01010002ff04", "hex"), Buffer.alloc(101, 7)]), octets), ok],
      [get(), polledBinary(`01 010002 ff 04 ${"07".repeat(101)}`)],
    ],
  },
  {
    name: "the binary form in, base64 out for a client that cannot take binary",
    steps: [
      open(3, { b64: 1 }),
      [post(Buffer.from("0105ff0401020304", "hex"), octets), ok],
      [get(), polled("10:b4AQIDBA==")],
    ],
  },
];

const polls = [
  {
    name: "two POSTs are answered by one GET",
    steps: [open(3), [post("2:4a"), ok], [post("2:4b"), ok], [get(), polled("2:4a2:4b")]],
  },
  {
    id: "at most 16 packets a poll",
    name: "at most 16 packets an answer, the rest in the next",
    steps: [
      open(3),
      [post(text(...many(20))), ok],
      [get(), polled(text(...many(20).slice(0, 16)))],
      [get(), polled(text(...many(20).slice(16)))],
    ],
  },
  ...["1:0", "1:5", "1:6"].map((body) => ({
    name: `POST ${body} is ignored`,
    steps: [
      open(3),
      [post(body), ok],
      [lives(), alive],
      [post("2:4a"), ok],
      [get(), polled("2:4a")],
    ],
  })),
];

const okOrBad = [ok, empty(400)];
const bad = [
  ["no length", "abc"],
  ["a length that is too long", "7:4hello"],
  ["a length that is too short", "3:4hello"],
  ["a length that is no number", "x:4hello"],
  ["an unknown type", "3:abc"],
  ["an empty body", ""],
  ["a pong, which the server sends", "1:3"],
].map(([name, body]) => ({
  id: "bad POST",
  name: `POST of ${name} closes the session`,
  steps: [open(3), [post(body), okOrBad], [leaves(), gone]],
}));

const badBinary = [
  ["no end of the length", "0106"],
  ["too few bytes", "0109ff0401"],
  ["neither text nor binary", "0205ff0401020304"],
].map(([name, hex]) => ({
  id: "bad POST",
  name: `binary POST with ${name} closes the session`,
  steps: [open(3), [post(Buffer.from(hex, "hex"), octets), okOrBad], [leaves(), gone]],
}));

const websocket = [
  ["a text", "4hello", "4hello"],
  ["emoji", "4é漢😀", "4é漢😀"],
  ["binary, its type in front", bytes(4, 1, 2, 3, 4), "<0401020304>"],
  ["base64 in, binary out", "b4AQID", "<04010203>"],
].map(([name, data, back]) => ({
  name: `${name} over websocket`,
  steps: [dial({ v: 3 }), recv(), send(data), [recv(), back]],
}));

const websocketMore = [
  {
    name: "binary comes as base64 to a websocket opened with b64=1",
    steps: [
      dial({ v: 3, query: { b64: 1 } }),
      recv(),
      send(bytes(4, 1, 2, 3, 4)),
      [recv(), "b4AQIDBA=="],
    ],
  },
  ...["abc", "", "7", "3"].map((packet) => ({
    name: `"${packet}" over websocket closes it`,
    steps: [dial({ v: 3 }), recv(), send(packet), [recv(), closed]],
  })),
];

const form = (body) => [
  `d=${encodeURIComponent(body)}`,
  { headers: { "content-type": "application/x-www-form-urlencoded" }, query: { j: 1 } },
];
// The stock server says text/plain, which a page takes as a script too.
const script = (j, packets) =>
  ["javascript", "plain"].map(
    (type) => `200 text/${type}; charset=UTF-8 ___eio[${j}](${packets});`,
  );
const jsonp = [
  {
    name: "a session opens",
    steps: [
      [
        open(3, { j: 0 }),
        /^200 text\/(javascript|plain); charset=UTF-8 ___eio\[0\]\("\d+:0\{.*\}"\);$/,
      ],
    ],
  },
  {
    name: "a message comes back",
    steps: [
      open(3, { j: 0 }),
      [post(...form("6:4hello")), ok],
      [get({ j: 1 }), /___eio\[[01]\]\("6:4hello"\);$/],
    ],
  },
  {
    name: "binary is base64",
    steps: [
      open(3, { j: 0, b64: 1 }),
      [post(...form("10:b4AQIDBA==")), ok],
      [get({ j: 0 }), script(0, '"10:b4AQIDBA=="')],
    ],
  },
  {
    name: "two characters \\n are a line end, three are the two",
    steps: [
      open(3, { j: 0 }),
      [post(...form("4:4a\\nb")), ok],
      [post(...form("5:4a\\\\nb")), ok],
      [get({ j: 0 }), script(0, '"4:4a\\nb5:4a\\\\nb"')],
    ],
  },
  {
    name: "line separators, which end a line of script, are escaped",
    steps: [
      open(3, { j: 0 }),
      [post(...form("3:4\u2028\u2029")), ok],
      [get({ j: 0 }), script(0, '"3:4\\u2028\\u2029"')],
    ],
  },
  {
    name: "only the digits of j are taken",
    steps: [
      open(3, { j: "1);x(2" }),
      [post(...form("2:4a")), ok],
      [get({ j: "1);x(2" }), script(12, '"2:4a"')],
    ],
  },
].map((one) => ({ id: "JSONP", ...one }));

export const groups = {
  "revision 3, polling as text": roundTrips,
  "revision 3, polling as binary": binary,
  "revision 3, polling": polls,
  "revision 3, bad payloads": [...bad, ...badBinary],
  "revision 3, websocket": [...websocket, ...websocketMore],
  "revision 3, JSONP": jsonp,
};
