// Engine.IO: who pings, who answers, and what happens when nobody does. Intervals of 300 + 200 ms.
import { alive, closed, gone, ok, polled } from "../lib/expect.js";
import { dial, leaves, lives, open, pause, poll, post, recv, send } from "../lib/steps.js";

const thrice = (...rows) => [...rows, ...rows, ...rows];
const mute = { heartbeat: 0 };
const upgraded = (v) => [
  open(v),
  dial({ ...mute }),
  send("2probe"),
  [recv(), "3probe"],
  send("5"),
  send("4a"),
  [recv(), "4a"],
];

const revision4 = [
  {
    name: "polling: the server pings, the client answers",
    steps: [open(4), ...thrice([poll(), polled("2")], [post("3"), ok])],
  },
  {
    name: "websocket: the server pings, the client answers",
    steps: [dial({ v: 4, ...mute }), recv(), ...thrice([recv(), "2"], send("3"))],
  },
  {
    name: "pings go on over the websocket after an upgrade",
    steps: [...upgraded(4), ...thrice([recv(), "2"], send("3"))],
  },
  {
    name: "polling: no pong ends the session",
    steps: [open(4), [poll(), polled("2")], [leaves(), gone]],
  },
  { name: "polling: a session nobody polls ends", steps: [open(4), [leaves(), gone]] },
  {
    name: "websocket: no pong closes it",
    steps: [dial({ v: 4, ...mute }), recv(), [recv(), "2"], [recv(), closed]],
  },
  {
    name: "after an upgrade: no pong closes it",
    steps: [...upgraded(4), [recv(), "2"], [recv(), closed], [leaves(), gone]],
  },
  {
    name: "messages are no pong",
    steps: [
      dial({ v: 4, ...mute }),
      recv(),
      [recv(), "2"],
      send("4a"),
      [recv(), "4a"],
      [recv(), closed],
    ],
  },
  {
    name: "websocket: a ping from the client closes it",
    steps: [dial({ v: 4, ...mute }), recv(), send("2"), [recv(), closed]],
  },
];

const revision3 = [
  {
    name: "polling: the client pings, the server answers",
    steps: [open(3), ...thrice([post("1:2"), ok], [poll(), polled("1:3")])],
  },
  {
    name: "websocket: the client pings, the server answers",
    steps: [dial({ v: 3, ...mute }), recv(), ...thrice(send("2"), [recv(), "3"])],
  },
  {
    name: "the server keeps a session that pings, and sends none of its own",
    steps: [
      dial({ v: 3, ...mute }),
      recv(),
      ...thrice(pause(200), send("2"), [recv(), "3"]),
      send("4a"),
      [recv(), "4a"],
    ],
  },
  {
    name: "polling: no ping ends the session",
    steps: [open(3), [lives(), alive], [leaves(), gone]],
  },
  {
    name: "websocket: no ping closes it",
    steps: [dial({ v: 3, ...mute }), recv(), [recv(), closed]],
  },
  {
    name: "websocket: messages are no ping",
    steps: [dial({ v: 3, ...mute }), recv(), send("4a"), [recv(), "4a"], [recv(), closed]],
  },
  {
    id: "revision 3 silent after an upgrade",
    name: "after an upgrade: no ping closes it",
    steps: [...upgraded(3), [recv(), closed], [leaves(), gone]],
  },
  {
    name: "websocket: a pong from the client closes it",
    steps: [dial({ v: 3, ...mute }), recv(), send("3"), [recv(), closed]],
  },
];

export const groups = { "heartbeat, revision 4": revision4, "heartbeat, revision 3": revision3 };
