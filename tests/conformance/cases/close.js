// Engine.IO: how sessions end, requests that overlap, and CORS.
import { alive, closed, empty, error, gone, ok, payload, polled, shown } from "../lib/expect.js";
import {
  answer,
  cut,
  get,
  goTo,
  hang,
  leaves,
  lives,
  open,
  openAt,
  post,
  postCut,
  startPost,
} from "../lib/steps.js";
import { dial, hangUp, headersOf, recv, send, takeSid } from "../lib/steps.js";

const closes = (v) => {
  const say = (...packets) => payload[v](...packets);
  const heard = (...packets) => polled(shown(v, ...packets));
  return [
    {
      name: "a close packet while a GET hangs: the GET ends with a noop",
      steps: [open(v), hang(), [post(say("1")), ok], [answer(), heard("6")], [leaves(), gone]],
    },
    { name: "a close packet and no GET", steps: [open(v), [post(say("1")), ok], [leaves(), gone]] },
    {
      id: "close packet over websocket",
      name: "a close packet over websocket",
      steps: [dial({ v }), recv(), send("1"), [recv(), closed]],
    },
    {
      name: "a closed websocket's sid is unknown",
      steps: [dial({ v }), takeSid(), hangUp(), [leaves(), gone]],
    },
    {
      name: "the hanging GET's connection ends",
      steps: [open(v), hang(), cut(), [leaves(), gone]],
    },
    {
      name: "a GET while a GET hangs: the first is told to close, the second refused",
      steps: [open(v), hang(), [get(), empty(400)], [answer(), heard("1")], [leaves(), gone]],
    },
    {
      name: "a POST while a POST is unread: refused, the first is cut",
      steps: [
        open(v),
        startPost("4a", 100),
        [post(say("4b")), empty(400)],
        [postCut(), "cut"],
        [leaves(), gone],
      ],
    },
    {
      name: "a message wakes the hanging GET",
      steps: [open(v), hang(), [post(say("4a")), ok], [answer(), heard("4a")], [lives(), alive]],
    },
  ];
};

const stale = [
  {
    name: "a closed session's sid is unknown while others open at the same path",
    steps: [
      ...[open(4), [post("1"), ok], [leaves(), gone]],
      ...[openAt("/engine.io/"), openAt("/engine.io/")],
      ...[
        [get(), error(1)],
        [post("4x"), error(1)],
      ],
    ],
  },
  {
    name: "a closed session's sid is unknown while others open at another path",
    steps: [
      ...[open(4), [post("1"), ok], [leaves(), gone]],
      ...[openAt("/socket.io/"), openAt("/socket.io/")],
      ...[
        [get(), error(1)],
        [post("4x"), error(1)],
      ],
    ],
  },
  {
    name: "a session's sid is unknown at another path",
    steps: [open(4), goTo("/socket.io/"), [get(), error(1)], [post("4x"), error(1)]],
  },
];

const origin = { headers: { origin: "http://ward.example" } };
const allow = ["access-control-allow-origin", "access-control-allow-credentials", "vary"];
const allowed = "http://ward.example true Origin";
const cors = [
  {
    name: "on a handshake",
    steps: [[headersOf(allow, "EIO=4&transport=polling", origin), `200 ${allowed}`]],
  },
  {
    name: "on an error",
    steps: [[headersOf(allow, "EIO=4&transport=abc", origin), `400 ${allowed}`]],
  },
  {
    name: "on an unknown sid",
    steps: [[headersOf(allow, "EIO=4&transport=polling&sid=a", origin), `400 ${allowed}`]],
  },
  {
    name: "a preflight",
    steps: [
      [
        headersOf([...allow, "access-control-allow-headers"], "EIO=4&transport=polling", {
          method: "OPTIONS",
          headers: {
            ...origin.headers,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type,x-token",
          },
        }),
        /^204 http:\/\/ward\.example true .*Origin.* content-type,x-token$/,
      ],
    ],
  },
  {
    id: "preflight",
    name: "a preflight names the methods",
    steps: [
      [
        headersOf(["access-control-allow-methods"], "EIO=4&transport=polling", {
          method: "OPTIONS",
          headers: { ...origin.headers, "access-control-request-method": "POST" },
        }),
        /^204 .*GET.*POST/,
      ],
    ],
  },
];

export const groups = {
  "close, revision 4": closes(4),
  "close, revision 3": closes(3),
  "sid of another session": stale,
  CORS: cors,
};
