// Socket.IO 5 over Engine.IO 4: namespaces, events, acknowledgements and everything malformed.
import { alive, closed, gone, ok, polled } from "../lib/expect.js";
import {
  dial,
  get,
  leaves,
  leavesThoughPolled,
  lives,
  open,
  pause,
  post,
  recv,
  send,
  settle,
} from "../lib/steps.js";

const path = "/socket.io/";
const case_ = (name, ...steps) => ({ name, path, steps });
const opened = [dial({ v: 4 }), recv()];
const joined = [...opened, send("40"), [recv(), '40{"sid":"SID"}'], [recv(), '42["auth",{}]']];
const custom = [
  send("40/custom,"),
  [recv(), '40/custom,{"sid":"SID"}'],
  [recv(), '42/custom,["auth",{}]'],
];
const echoes = [send('42["message","x"]'), [recv(), '42["message-back","x"]']];
const joins = (packet, answer, auth) => [...opened, send(packet), [recv(), answer], [recv(), auth]];

const connect = [
  ["the main namespace", "40", '40{"sid":"SID"}', '42["auth",{}]'],
  ["the main namespace by name", "40/,", '40{"sid":"SID"}', '42["auth",{}]'],
  ["with a payload", '40{"token":"123"}', '40{"sid":"SID"}', '42["auth",{"token":"123"}]'],
  ["with an empty payload", "40{}", '40{"sid":"SID"}', '42["auth",{}]'],
  ["another namespace", "40/custom,", '40/custom,{"sid":"SID"}', '42/custom,["auth",{}]'],
  ["another namespace, no comma", "40/custom", '40/custom,{"sid":"SID"}', '42/custom,["auth",{}]'],
  [
    "another namespace with a payload",
    '40/custom,{"a":[1]}',
    '40/custom,{"sid":"SID"}',
    '42/custom,["auth",{"a":[1]}]',
  ],
].map(([name, ...packets]) => case_(name, ...joins(...packets)));

const unknown = '44/random,{"message":"Invalid namespace"}';
const connectMore = [
  case_("an unknown namespace is refused", ...opened, send("40/random"), [recv(), unknown]),
  case_("an unknown namespace with a payload is refused", ...opened, send('40/random,{"a":1}'), [
    recv(),
    unknown,
  ]),
  case_(
    "a refused namespace leaves the others alone",
    ...joined,
    send("40/random,"),
    [recv(), unknown],
    ...echoes,
  ),
  case_(
    "the main namespace after a refused one",
    ...opened,
    send("40/random,"),
    [recv(), unknown],
    ...joined.slice(2),
    ...echoes,
  ),
  case_("a namespace whose name begins like another", ...opened, send("40/customs,"), [
    recv(),
    unknown.replace("random", "customs"),
  ]),
  case_("both namespaces", ...joined, ...custom, ...echoes),
  case_("the other namespace without the main one", ...opened, ...custom),
  case_("nobody connects: closed", ...opened, [recv(), closed]),
  case_(
    "only a refused namespace: closed",
    ...opened,
    send("40/random"),
    [recv(), unknown],
    [recv(), closed],
  ),
  {
    name: "nobody connects: the polling session ends",
    path,
    steps: [open(4), [leavesThoughPolled(), gone]],
  },
  case_("a session that connected is kept", ...joined, pause(1200), ...echoes),
];

const disconnect = [
  {
    ...case_("the main namespace is left: the next frame is a ping"),
    steps: [
      dial({ v: 4, heartbeat: 0 }),
      recv(),
      send("40"),
      recv(),
      recv(),
      send("41"),
      [recv(), "2"],
      send("3"),
      [recv(), "2"],
    ],
  },
  case_(
    "another namespace is left, the main one stays",
    ...joined,
    ...custom,
    send("41/custom,"),
    ...echoes,
  ),
  case_(
    "the main namespace is left, the other stays",
    ...joined,
    ...custom,
    send("41"),
    settle(),
    send("40"),
    [recv(), '40{"sid":"SID"}'],
  ),
  case_(
    "a namespace is left and entered again",
    ...joined,
    ...custom,
    send("41/custom,"),
    ...echoes,
    ...custom,
    ...echoes,
  ),
  case_(
    "an event for a namespace that was left closes",
    ...joined,
    send("41"),
    settle(),
    send('42["message","x"]'),
    [recv(), closed],
  ),
];

const messages = [
  ["an event", '42["message",1,"2",{"3":[true]}]', '42["message-back",1,"2",{"3":[true]}]'],
  ["an event without arguments", '42["message"]', '42["message-back"]'],
  ["null, numbers, emoji", '42["message",null,-1.5,"é😀"]', '42["message-back",null,-1.5,"é😀"]'],
  ["an escaped record separator", '42["message","a\\u001eb"]', '42["message-back","a\\u001eb"]'],
  [
    "nested arrays",
    '42["message",[[[]]],{"a":{"b":{}}}]',
    '42["message-back",[[[]]],{"a":{"b":{}}}]',
  ],
  ["an event in the main namespace by name", '42/,["message","x"]', '42["message-back","x"]'],
  ["an ack", '42456["message-with-ack",1,"2",{"3":[false]}]', '43456[1,"2",{"3":[false]}]'],
  ["an ack with id 0", '420["message-with-ack"]', "430[]"],
  [
    "something that looks like a placeholder",
    '42["message",{"num":0}]',
    '42["message-back",{"num":0}]',
  ],
].map(([name, packet, back]) => case_(name, ...joined, send(packet), [recv(), back]));

const ignored = [
  ["an event nobody listens to", '42["nobody",1]'],
  ["one that asks for an ack", '4277["nobody",1]'],
  ["an event whose name is a number", '42[1,"x"]'],
  ["an ack nobody waits for", "4399[]"],
  ["an event without JSON", "42"],
].map(([name, packet]) => case_(`${name} is ignored`, ...joined, send(packet), ...echoes));

const bad = [
  ["an unknown type", "4abc"],
  ["type 7", "47"],
  ["an empty packet", "4"],
  ["an object as event", "42{}"],
  ["a string as event", '42"message"'],
  ["an empty event", "42[]"],
  ["an event whose name is an object", "42[{}]"],
  ["an event whose name is null", "42[null]"],
  ["JSON that ends early", '42["message"'],
  ["JSON with something behind", '42["message"]x'],
  ["an ack id that is none", '42abc["message"]'],
  ["an object as ack", "431{}"],
  ["a CONNECT_ERROR", '44{"message":"x"}'],
  ["a second CONNECT", "40"],
  ["an event for a namespace not joined", '42/custom,["message"]'],
  ["a DISCONNECT from a namespace not joined", "41/custom,"],
  ["a DISCONNECT with a payload", '41["x"]'],
  ...[
    "connect",
    "connect_error",
    "disconnect",
    "disconnecting",
    "newListener",
    "removeListener",
  ].map((name) => [`the reserved event ${name}`, `42["${name}"]`]),
].map(([name, packet]) => case_(`${name} closes`, ...joined, send(packet), [recv(), closed]));

const badConnect = [
  ["an array", "40[]"],
  ["a string", '40"token"'],
  ["null", "40null"],
  ["broken JSON", '40{"token"'],
].map(([name, packet]) =>
  case_(`CONNECT with ${name} closes`, ...opened, send(packet), [recv(), closed]),
);

const early = [
  ["an event", '42["message"]'],
  ["a DISCONNECT", "41"],
  ["an ack", "431[]"],
  ["an unknown type", "4abc"],
].map(([name, packet]) =>
  case_(`${name} before CONNECT closes`, ...opened, send(packet), [recv(), closed]),
);

const polling = [
  case_("connect", open(4), [post("40"), ok], [get(), polled('40{"sid":"SID"}|42["auth",{}]')]),
  case_(
    "a message",
    open(4),
    [post("40"), ok],
    get(),
    [post('42["message","x"]'), ok],
    [get(), polled('42["message-back","x"]')],
  ),
  case_(
    "a bad packet ends the session",
    open(4),
    [post("40"), ok],
    get(),
    [post("42{}"), ok],
    [leaves(), gone],
  ),
  case_(
    "a message for a namespace not joined ends it",
    open(4),
    [post('42["message"]'), ok],
    [leaves(), gone],
  ),
  case_(
    "leaving does not end it",
    open(4),
    [post("40"), ok],
    get(),
    [post("41"), ok],
    [lives(), alive],
  ),
];

export const groups = {
  "Socket.IO 5, connect": [...connect, ...connectMore, ...badConnect, ...early],
  "Socket.IO 5, disconnect": disconnect,
  "Socket.IO 5, events": [...messages, ...ignored],
  "Socket.IO 5, malformed": bad,
  "Socket.IO 5, polling": polling,
};
