// Where we mean to differ from the stock server, and why. `ours`: what a line of ours may be in the
// place of a different one of the stock server; any other difference fails the comparison.
// `failsOnStock`: the case states our behaviour, so the stock server does not pass it.
import * as is from "./expect.js";

const NOTHING_LOST = "we pass on what was posted, byte for byte; stock parses and prints it again";
const anyScript = /^200 text\/javascript; charset=UTF-8 ___eio\[\d+\]\(".*"\);$/s;

export const deviations = {
  "unsupported revision": {
    reason: "stock takes every other EIO for revision 3; the protocol's suites want 400",
    failsOnStock: true,
    ours: [is.error(5), is.refusedWith(5)],
  },
  "query: lower-case eio": {
    reason: "stock takes every other EIO for revision 3; the protocol's suites want 400",
    ours: [is.error(5)],
  },
  "at most 16 packets a poll": {
    reason: "python-engineio drops a connection whose answer has more than 16 packets",
    failsOnStock: true,
    ours: [/^200 text\/plain; charset=UTF-8 \S+$/],
  },
  "close packet over websocket": {
    reason: "stock ignores `1` on a websocket until the ping timeout; we close at once",
    failsOnStock: true,
    ours: [is.closed, is.gone],
  },
  "revision 3 silent after an upgrade": {
    reason: "stock stops the ping timeout at the upgrade and never closes a silent client",
    failsOnStock: true,
    ours: [is.closed, is.gone],
  },
  "bad POST": {
    reason: "stock says ok to a payload it closes the session for; the suites allow 400",
    ours: [is.empty(400)],
  },
  "chunked POST": {
    reason: "a body without a length cannot be refused before it is read; no client sends one",
    ours: [/^411 /],
  },
  JSONP: {
    reason: "a script is called one; j is that of the request, which clients never change",
    ours: [anyScript],
  },
  preflight: {
    reason: "we name the methods that we serve",
    ours: ["204 GET,POST,OPTIONS"],
  },
  headers: {
    reason: "errors are not for caches either; without an Origin there is nothing to allow",
    ours: [/^\d+ \S+(; charset=UTF-8)? no-store (- - -|http:\/\/ward\.example true Origin)$/],
  },
  "query: a broken escape": {
    reason: "the HTTP library refuses the request before we see it",
    ours: [/^403 text\/html /],
  },
  "POST: letters cut in half": {
    reason: "text is UTF-8; stock puts replacement characters in, we end the session",
    ours: [is.empty(400), is.gone, is.error(1)],
  },
  "POST: an empty payload of revision 3": {
    reason: "an empty packet is malformed; no client sends one",
    ours: [is.empty(400), is.gone, is.error(1)],
  },
  "POST: base64 of another alphabet": {
    reason: "base64 is taken strictly; clients send the standard alphabet",
    ours: [is.empty(400), is.gone, is.error(1)],
  },
  "POST: a separator in front": { reason: "as any bad POST", ours: [is.empty(400)] },
  "POST: a separator behind": { reason: "as any bad POST", ours: [is.empty(400)] },
  "POST: a length below zero": { reason: "as any bad POST", ours: [is.empty(400)] },
  "POST: a line end behind": { reason: "as any bad POST", ours: [is.empty(400)] },
  "query of a namespace, revision 3": {
    reason: "the query is not a payload: `auth` shows what CONNECT carried",
    ours: ['42/custom,["auth",{}]'],
  },
  "packet: another namespace with a query": {
    reason: "a query behind a namespace is dropped whatever the revision",
    ours: ['40/custom,{"sid":"SID"}', '42/custom,["auth",{}]'],
  },
  "packet: numbers written otherwise": {
    reason: NOTHING_LOST,
    ours: ['42["message-back",1e2,-0,1.50]'],
  },
  "packet: escapes written otherwise": {
    reason: NOTHING_LOST,
    ours: ['42["message-back","\\u0041\\/"]'],
  },
  "packet: a key twice": {
    reason: NOTHING_LOST,
    ours: ['42["message-back",{"a":1,"a":2}]'],
  },
  "packet: spaces before JSON": {
    reason: "stock reads the space as the ack id 0",
    ours: ['42["message-back",1]'],
  },
  "attachments: an attachment used twice": {
    reason: NOTHING_LOST,
    ours: [/^451-\["message-back",\{"_placeholder":true,"num":0\},\{.*"num":0\}\]$/],
  },
  "attachments: an attachment not used": {
    reason: NOTHING_LOST,
    ours: ['451-["message-back"]'],
  },
};
