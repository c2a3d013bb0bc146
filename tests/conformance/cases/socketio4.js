// Socket.IO 4 over Engine.IO 3 (clients 1.x and 2.x): the main namespace is joined by itself.
import { closed, gone, ok, payload, polled } from "../lib/expect.js";
import { dial, get, leaves, open, pause, post, recv, send } from "../lib/steps.js";

const path = "/socket.io/";
const case_ = (name, ...steps) => ({ name, path, steps });
const joined = [dial({ v: 3 }), recv(), [recv(), "40"], [recv(), '42["auth",{}]']];
const echoes = [send('42["message","x"]'), [recv(), '42["message-back","x"]']];
// Whether the query counts as a payload is left to the server.
const entered = [
  [recv(), /^40\/custom,?$/],
  [recv(), /^42\/custom,\["auth",\{.*\}\]$/],
];
const welcome = ["40", '42["auth",{}]'];

const connect = [
  case_("the main namespace is joined by itself", ...joined, ...echoes),
  case_("a session that says nothing is kept", ...joined, pause(1200), ...echoes),
  ...["40/custom", "40/custom,", "40/custom?token=1", "40/custom?a=1&b=2,"].map((packet) => ({
    id: "query of a namespace, revision 3",
    ...case_(`${packet} joins another`, ...joined, send(packet), ...entered, ...echoes),
  })),
  ...["40/random", "40/random,", "40/random?a=1"].map((packet) =>
    case_(
      `${packet} is refused`,
      ...joined,
      send(packet),
      [recv(), '44/random,{"message":"Invalid namespace"}'],
      ...echoes,
    ),
  ),
  case_(
    "another namespace is left, the main one stays",
    ...joined,
    send("40/custom"),
    ...entered,
    send("41/custom"),
    ...echoes,
  ),
];

const messages = [
  ["an event", '42["message",1,"2",{"3":[true]}]', '42["message-back",1,"2",{"3":[true]}]'],
  ["an event without arguments", '42["message"]', '42["message-back"]'],
  ["an ack", '42456["message-with-ack",1,"2",{"3":[false]}]', '43456[1,"2",{"3":[false]}]'],
].map(([name, packet, back]) => case_(name, ...joined, send(packet), [recv(), back]));

const bad = [
  ["an unknown type", "4abc"],
  ["an object as event", "42{}"],
  ["an ack id that is none", '42abc["message"]'],
  ["JSON that ends early", '42["message"'],
  ["an event for a namespace not joined", '42/custom,["message"]'],
  ["a reserved event", '42["disconnect"]'],
].map(([name, packet]) => case_(`${name} closes`, ...joined, send(packet), [recv(), closed]));

const text = (...packets) => payload[3](...packets);
const polling = [
  case_("the main namespace is joined by itself", open(3), [get(), polled(text(...welcome))]),
  case_(
    "a message",
    open(3),
    [post(text('42["message","x"]')), ok],
    [get(), polled(text(...welcome, '42["message-back","x"]'))],
  ),
  case_("a bad packet ends the session", open(3), [post(text("42{}")), ok], [leaves(), gone]),
  case_(
    "binary as base64",
    open(3, { b64: 1 }),
    [post(text('451-["message",{"_placeholder":true,"num":0}]', "b4AQID")), ok],
    [
      get(),
      polled(text(...welcome, '451-["message-back",{"_placeholder":true,"num":0}]', "b4AQID")),
    ],
  ),
];

export const groups = {
  "Socket.IO 4, connect": connect,
  "Socket.IO 4, events": [...messages, ...bad],
  "Socket.IO 4, polling": polling,
};
