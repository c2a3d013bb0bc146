// Socket.IO: events with attachments, for both revisions. Revision 3 has the type 4 in front of
// each binary frame.
import { bytes, closed, gone, ok, payload, polled } from "../lib/expect.js";
import { dial, get, leaves, open, post, recv, send } from "../lib/steps.js";

const path = "/socket.io/";
const hole = (num) => `{"_placeholder":true,"num":${num}}`;
const holes = (count) => Array.from({ length: count }, (_, i) => hole(i)).join(",");

const both = (v) => {
  const head = v === 3 ? [4] : [];
  const joined =
    v === 3
      ? [dial({ v }), recv(), [recv(), "40"], recv()]
      : [dial({ v }), recv(), send("40"), recv(), recv()];
  const blob = (...values) => send(bytes(...head, ...values));
  const blobs = (count) => Array.from({ length: count }, (_, i) => blob(i, 255));
  const got = (...values) => [recv(), `<${Buffer.from([...head, ...values]).toString("hex")}>`];
  const gotAll = (count) => Array.from({ length: count }, (_, i) => got(i, 255));
  const echoes = [send('42["message","x"]'), [recv(), '42["message-back","x"]']];
  const case_ = (name, ...steps) => ({ name, path, steps: [...joined, ...steps] });

  const good = [
    ...[1, 2, 10].map((count) =>
      case_(
        `${count} attachments come back`,
        send(`45${count}-["message",${holes(count)}]`),
        ...blobs(count),
        [recv(), `45${count}-["message-back",${holes(count)}]`],
        ...gotAll(count),
        ...echoes,
      ),
    ),
    case_(
      "an empty attachment",
      send(`451-["message",${hole(0)}]`),
      blob(),
      [recv(), `451-["message-back",${hole(0)}]`],
      got(),
    ),
    case_(
      "attachments deep inside, among other values",
      send(`452-["message",{"a":[${hole(0)},1],"b":{"c":${hole(1)}}},"x"]`),
      ...blobs(2),
      [recv(), `452-["message-back",{"a":[${hole(0)},1],"b":{"c":${hole(1)}}},"x"]`],
      ...gotAll(2),
    ),
    case_(
      "an ack with attachments",
      send(`452-789["message-with-ack",${holes(2)}]`),
      ...blobs(2),
      [recv(), `462-789[${holes(2)}]`],
      ...gotAll(2),
    ),
    case_("for an event nobody listens to", send(`451-["nobody",${hole(0)}]`), blob(1), ...echoes),
    case_("an ack nobody waits for", send(`461-99[${hole(0)}]`), blob(1), ...echoes),
  ];

  const bad = [
    ["eleven attachments", send(`4511-["message",${holes(11)}]`)],
    ["no number of attachments", send('45-["message"]')],
    ["a number of attachments that is none", send('45x-["message"]')],
    ["no dash", send('451["message"]')],
    [
      "text among the attachments",
      send(`452-["message",${holes(2)}]`),
      blob(1),
      send('42["message","x"]'),
    ],
    ["a placeholder beyond the attachments", send(`451-["message",${hole(1)}]`), blob(1)],
    ["a placeholder below zero", send(`451-["message",${hole(-1)}]`), blob(1)],
    ["a placeholder that is no number", send(`451-["message",${hole('"0"')}]`), blob(1)],
    ["a stray binary frame", blob(1)],
    [
      "one attachment too many",
      send(`451-["message",${hole(0)}]`),
      blob(1),
      recv(),
      recv(),
      blob(2),
    ],
    ["a namespace not joined", send(`451-/custom,["message",${hole(0)}]`), blob(1)],
  ].map(([name, ...steps]) => case_(`${name}: closed`, ...steps, [recv(), closed]));

  return [...good, ...bad];
};

const polling = [
  {
    name: "attachments by polling",
    path,
    steps: [
      open(4),
      [post("40"), ok],
      get(),
      [post(payload[4](`452-["message",${holes(2)}]`, "bAQID", "bBAUG")), ok],
      [get(), polled(`452-["message-back",${holes(2)}]|bAQID|bBAUG`)],
    ],
  },
  {
    name: "attachments in the next POST",
    path,
    steps: [
      open(4),
      [post("40"), ok],
      get(),
      [post(`451-["message",${hole(0)}]`), ok],
      [post("bAQID"), ok],
      [get(), polled(`451-["message-back",${hole(0)}]|bAQID`)],
    ],
  },
  {
    name: "a stray attachment ends the session",
    path,
    steps: [open(4), [post("40"), ok], get(), [post("bAQID"), ok], [leaves(), gone]],
  },
];

export const groups = {
  "Socket.IO 5, attachments": both(4),
  "Socket.IO 4, attachments": both(3),
  "Socket.IO 5, attachments by polling": polling,
};
