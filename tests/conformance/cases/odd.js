// Requests and packets that no stock client sends, with no expectation of their own: whatever the
// stock server makes of them is the measure (see compare).
import { bytes } from "../lib/expect.js";
import { ask, dial, get, headersOf, lives, open, post, recv, send, settle } from "../lib/steps.js";

const origin = { headers: { origin: "http://ward.example" } };
const HEADERS = [
  "content-type",
  "cache-control",
  "access-control-allow-origin",
  "access-control-allow-credentials",
  "vary",
];
const opens = "EIO=4&transport=polling";

const headers = [
  ["an open", opens, {}],
  ["an open with an origin", opens, origin],
  ["an open, revision 3", "EIO=3&transport=polling", origin],
  ["a refusal", "EIO=4&transport=abc", {}],
  ["a refusal with an origin", "EIO=4&transport=abc", origin],
  ["a refused method", opens, { method: "PUT", ...origin }],
  ["an unknown sid", `${opens}&sid=abc`, origin],
].map(([name, query, options]) => ({
  id: "headers",
  name,
  steps: [headersOf(HEADERS, query, options)],
}));

const queries = [
  ["EIO twice", "EIO=4&EIO=3&transport=polling"],
  ["transport twice", "EIO=4&transport=polling&transport=websocket"],
  ["a plus sign", "EIO=4&transport=poll+ing"],
  ["capitals", "EIO=4&transport=Polling"],
  ["lower-case eio", "eio=4&transport=polling"],
  ["a broken escape", "EIO=4&transport=polling&t=%zz"],
  ["an escaped name", "%45IO=4&transport=polling"],
  ["an empty parameter in front", "&EIO=4&transport=polling"],
  ["an empty parameter between", "EIO=4&&transport=polling"],
  ["an empty parameter behind", "EIO=4&transport=polling&"],
  ["a parameter without a name", "EIO=4&=x&transport=polling"],
  ["a long parameter", `EIO=4&transport=polling&x=${"x".repeat(1500)}`],
  ["b64=0", "EIO=3&transport=polling&b64=0"],
].map(([name, query]) => ({ id: `query: ${name}`, name, steps: [ask(query)] }));

const bodies = [
  ["type json", 4, "4a", { headers: { "content-type": "application/json" } }],
  ["letters cut in half", 4, Buffer.from([0x34, 0xc3]), {}],
  ["base64 without padding", 4, "bAQ", {}],
  ["base64 of another alphabet", 4, "b_-8=", {}],
  ["a separator in front", 4, "\x1e4a", {}],
  ["a separator behind", 4, "4a\x1e", {}],
  ["an empty payload of revision 3", 3, "0:", {}],
  ["a length with a zero in front", 3, "02:4a", {}],
  ["a length below zero", 3, "-1:4a", {}],
  ["a line end behind", 3, "2:4a\n", {}],
].map(([name, v, body, options]) => ({
  id: `POST: ${name}`,
  name: `POST: ${name}`,
  steps: [open(v, { b64: 1 }), post(body, options), lives(), post(v === 4 ? "4z" : "2:4z"), get()],
}));

const path = "/socket.io/";
const joins = {
  4: [dial({ v: 4 }), recv(), send("40"), recv(), recv()],
  3: [dial({ v: 3 }), recv(), recv(), recv()],
};
const packets = [
  ["numbers written otherwise", '42["message",1e2,-0,1.50]'],
  ["escapes written otherwise", '42["message","\\u0041\\/"]'],
  ["spaces in JSON", '42[ "message" , 1 ]'],
  ["spaces before JSON", '42 ["message",1]'],
  ["a key twice", '42["message",{"a":1,"a":2}]'],
  ["an ack id with zeros in front", '42007["message-with-ack"]'],
  ["a large ack id", '429007199254740991["message-with-ack"]'],
  ["an ack without id", "43[]"],
  ["an ack of a string", '431"x"'],
  ["an ack without JSON", "431"],
  ["a namespace without slash", '42custom,["message"]'],
  ["a slash alone", "42/"],
  ["a namespace and nothing", "42/custom"],
  ["DISCONNECT by name", "41/,"],
  ["a CONNECT_ERROR with a string", '44"x"'],
  ["a bare CONNECT_ERROR", "44"],
  ["another namespace with a query", "40/custom?a=1,"],
  ["text behind a namespace", "40/custom,x"],
  ["a second CONNECT elsewhere", "40/custom,"],
  ["0 attachments", '450-["message",1]'],
  ["an event named by an empty string", '42["",1]'],
  ["an event named true", "42[true]"],
  ["a placeholder in a plain event", '42["message",{"_placeholder":true,"num":0}]'],
].flatMap(([name, packet]) =>
  [4, 3].map((v) => ({
    id: `packet: ${name}`,
    name: `revision ${v}: ${name}`,
    path,
    steps: [
      ...joins[v],
      send(packet),
      settle(),
      send('421["message-with-ack","end"]'),
      recv(),
      recv(),
    ],
  })),
);

const attachments = [
  ["a binary frame of no message", [4, 3], [send(bytes(3, 1))]],
  [
    "an attachment used twice",
    [4],
    [send(`451-["message",${hole(0)},${hole(0)}]`), send(bytes(1))],
  ],
  ["an attachment not used", [4], [send(`451-["message"]`), send(bytes(1))]],
].flatMap(([name, revisions, steps]) =>
  revisions.map((v) => ({
    id: `attachments: ${name}`,
    name: `revision ${v}: ${name}`,
    path,
    steps: [...joins[v], ...steps, recv()],
  })),
);

function hole(num) {
  return `{"_placeholder":true,"num":${num}}`;
}

export const groups = { headers, queries, bodies, packets, attachments };
