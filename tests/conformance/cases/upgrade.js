// Engine.IO: from polling to websocket, the same for both revisions but for the payload's form.
import {
  alive,
  closed,
  error,
  gone,
  ok,
  openPacket,
  payload,
  polled,
  refused,
  shown,
} from "../lib/expect.js";
import {
  answer,
  bothOf,
  dial,
  get,
  hang,
  hangUp,
  leaves,
  lives,
  open,
  post,
  recv,
  send,
  staying,
} from "../lib/steps.js";

const probes = (name = "ws") => [dial({ name }), send("2probe", { name }), [recv(name), "3probe"]];
const echoesOn = (name = "ws") => [send("4still here", { name }), [recv(name), "4still here"]];
const probed = probes();
const echoes = echoesOn();

const both = (v) => {
  const say = (...packets) => payload[v](...packets);
  const heard = (...packets) => polled(shown(v, ...packets));
  const upgraded = [open(v), ...probed, send("5")];
  const pollingEchoes = [
    [post(say("4a")), ok],
    [get(), heard("4a")],
  ];
  return [
    {
      name: "probe, noop, upgrade, message",
      steps: [
        open(v),
        ...probed,
        [get(), heard("6")],
        send("5"),
        send("4hello"),
        [recv(), "4hello"],
      ],
    },
    {
      name: "the hanging GET ends with a noop once probed",
      steps: [
        open(v),
        hang(),
        ...probed,
        [answer(), heard("6")],
        send("5"),
        send("4hello"),
        [recv(), "4hello"],
      ],
    },
    {
      name: "polling again before the upgrade is a noop again",
      steps: [open(v), ...probed, [get(), heard("6")], [get(), heard("6")], send("5"), ...echoes],
    },
    {
      name: "what waits is sent after the upgrade, in order, and nothing before",
      steps: [
        open(v),
        [post(say("4a")), ok],
        ...probed,
        [post(say("4b", "4c")), ok],
        [post(say("4d")), ok],
        send("5"),
        ...["4a", "4b", "4c", "4d"].map((packet) => [recv(), packet]),
        ...echoes,
      ],
    },
    {
      name: "what waits may also leave by a GET while upgrading",
      steps: [
        open(v),
        ...probed,
        [post(say("4a")), ok],
        [get(), heard("4a")],
        send("5"),
        ...echoes,
      ],
    },
    {
      name: "binary after the upgrade",
      steps: [
        ...upgraded,
        send(Uint8Array.from(v === 3 ? [4, 1, 2] : [1, 2])),
        [recv(), v === 3 ? "<040102>" : "<0102>"],
      ],
    },
    {
      name: "an upgrade without a probe",
      steps: [open(v), dial(), send("5"), ...echoes, [get(), error(3)]],
    },
    {
      name: "GET and POST with the sid are refused afterwards",
      steps: [...upgraded, ...echoes, [get(), error(3)], [post(say("4x")), error(3)], ...echoes],
    },
    {
      name: "a GET right behind the upgrade is refused",
      steps: [
        open(v),
        dial(),
        bothOf(send("2probe"), send("5")),
        [recv(), "3probe"],
        [get(), error(3)],
        ...echoes,
      ],
    },
    {
      name: "a second websocket afterwards is accepted and closed",
      steps: [
        ...upgraded,
        ...echoes,
        [dial({ name: "second" }), "open"],
        [recv("second"), closed],
        ...echoes,
      ],
    },
    {
      name: "a second websocket while one is upgrading is accepted and closed",
      steps: [
        open(v),
        ...probed,
        [dial({ name: "second" }), "open"],
        [recv("second"), closed],
        send("5"),
        ...echoes,
      ],
    },
    ...["4hello", "2", "2foo", "6", "abc"].map((packet) => ({
      name: `"${packet}" as first frame closes the websocket, not the session`,
      steps: [
        open(v),
        dial({ heartbeat: 0 }),
        send(packet),
        [recv(), closed],
        [lives(), alive],
        ...pollingEchoes,
      ],
    })),
    {
      name: "a websocket that goes away before the upgrade leaves the session polling",
      steps: [open(v), ...probed, hangUp(), [lives(), alive], ...pollingEchoes],
    },
    {
      name: "and another may try",
      steps: [
        open(v),
        ...probed,
        hangUp(),
        ...probes("again"),
        send("5", { name: "again" }),
        ...echoesOn("again"),
      ],
    },
    {
      name: "the session ends with the upgraded websocket",
      steps: [...upgraded, ...echoes, hangUp(), [leaves(), gone]],
    },
    {
      id: "close packet over websocket",
      name: "the session ends with a close packet over the upgraded websocket",
      steps: [...upgraded, ...echoes, send("1"), [recv(), closed], [leaves(), gone]],
    },
  ];
};

const others = [
  {
    name: "a sid of revision 4 with EIO=3",
    steps: [open(4), [dial({ v: 3 }), refused("Bad request")]],
  },
  {
    name: "an upgrade without sid is a session of its own",
    steps: [dial({ v: 4 }), [recv(), openPacket([])]],
  },
  {
    slow: true,
    name: "no upgrade within 10 s closes the websocket only",
    steps: [open(4), ...probed, [staying(15000), closed], [lives(), alive]],
  },
];

export const groups = {
  "upgrade, revision 4": both(4),
  "upgrade, revision 3": both(3),
  upgrade: others,
};
