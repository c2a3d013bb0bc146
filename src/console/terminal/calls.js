// The calls of this terminal: those that ring here, the one it is in, and those it missed.
import { reactive, watch } from "vue";
import * as socket from "../sdk/socket.js";
import { keep, recall } from "../ui/keep.js";
import { known, nameOf } from "./people.js";

const MOST_MISSED = 50;

/**
 * current: {id, peer, state: "dialling" | "unsure" | "ringing" | "talking", since}, since in ms of
 * this machine's clock, unsure: the receipt was lost with the connection; rings: [{id, peer}]; outcome: {kind, peer, seconds, why}, how the last call went;
 * missed: [{id, peer, at}], the newest first; told: ids that have been in that list.
 */
export const calls = reactive({ current: null, rings: [], outcome: null, missed: [], told: [] });

let askWhatIsLive;

const about = ({ id, peer }) => ({ Id: id, Sender: peer });
const removeRing = (id) => (calls.rings = calls.rings.filter((ring) => ring.id !== id));

function finish(kind, peer, more = {}) {
  calls.outcome = { kind, peer, ...more };
}

/** The call this terminal is in is over. */
function end(kind, more) {
  const { peer } = calls.current;
  calls.current = null;
  finish(kind, peer, more);
}

function endTalk() {
  end("ended", { seconds: Math.floor((Date.now() - calls.current.since) / 1000) });
}

function addMissed(id, peer, at) {
  if (calls.told.includes(id)) return;
  calls.told = [id, ...calls.told].slice(0, 2 * MOST_MISSED);
  calls.missed = [{ id, peer, at: at || new Date().toISOString() }, ...calls.missed]
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, MOST_MISSED);
}

// --- What the people here do ---------------------------------------------------------------------

/** Rings at `peer`. */
export async function place(peer) {
  if (calls.current) return;
  calls.outcome = null;
  calls.current = { id: null, peer, state: "dialling", since: Date.now() };
  const mine = calls.current; // the reactive one; it is replaced when the user gives up meanwhile
  const data = { sender: known.me.name, type: "呼叫", receiver: nameOf(peer) };
  const unanswered = ({ code }) => ({ Status: code, Receiver: peer });
  const receipt = await socket.call(peer, data).catch(unanswered);
  const { Status } = receipt;
  if (calls.current !== mine) {
    if (["delivered", "lost"].includes(Status)) socket.cancel(receipt);
  } else if (Status === "delivered") Object.assign(mine, { id: receipt.Id, state: "ringing" });
  else if (Status === "lost") mine.state = "unsure"; // settle() finds out
  else if (Status === "offline") end("offline");
  else if (Status === "refused") end("refused", { why: receipt.Reason });
  else end("failed");
}

/** Ends the call this terminal is in, whatever its state. */
export function leave() {
  const { id, peer, state } = calls.current;
  if (state === "talking") {
    socket.hangup(about({ id, peer }));
    return endTalk();
  }
  if (id || state === "unsure") socket.cancel(about({ id, peer }));
  return end("cancelled");
}

export async function accept(ring) {
  if (calls.current) leave();
  removeRing(ring.id);
  calls.outcome = null;
  calls.current = { id: ring.id, peer: ring.peer, state: "talking", since: Date.now() };
  const mine = calls.current;
  const receipt = await socket.accept(about(ring)).catch(() => null); // settle() finds out
  if (receipt?.Status !== "refused" || calls.current !== mine) return;
  mine.refused = true; // it is over, or the caller is away for a moment
  askWhatIsLive();
}

export function decline(ring) {
  socket.decline(about(ring));
  removeRing(ring.id);
}

export function clearMissed() {
  calls.missed = [];
}

// --- What comes from the gateway -----------------------------------------------------------------

function onRing({ Id: id, Sender: peer }) {
  if (id === calls.current?.id) return;
  if (!calls.rings.some((ring) => ring.id === id)) calls.rings.push({ id, peer });
}

function onCancelledRing(ring, reason, at) {
  removeRing(ring.id);
  if (String(reason).endsWith("_elsewhere")) finish("elsewhere", ring.peer);
  else addMissed(ring.id, ring.peer, at);
}

const OWN_CALL = {
  __proto__: null, // any other word is no method of an object
  Accept: () => Object.assign(calls.current, { state: "talking", since: Date.now() }),
  Decline: () => end("declined"),
  Cancel: (reason) => end(reason === "offline" ? "left" : "unanswered"),
  Hangup: (reason) => (reason === "offline" ? end("left") : endTalk()),
};

/** A frame of Type Event. */
export function received(frame) {
  const { Id: id, SendTime: at, Message } = frame;
  if (Message.Event === "Call") return onRing(frame);
  const ring = calls.rings.find((one) => one.id === id);
  if (ring && Message.Event === "Cancel") return onCancelledRing(ring, Message.Data?.reason, at);
  if (calls.current?.id === id) OWN_CALL[Message.Event]?.(Message.Data?.reason);
}

/** A frame of Type Missed. */
export function receivedMissed(list) {
  for (const { Id, Sender, SendTime } of list) {
    removeRing(Id);
    addMissed(Id, Sender, SendTime);
  }
}

/** What this page thinks of as under way now; for settle(). */
export const underWay = () => [
  calls.current?.id ?? calls.current?.state,
  ...calls.rings.map(({ id }) => id),
];

/** The call whose receipt was lost: has it reached the gateway? */
function settleUnsure(live, asked) {
  const { current } = calls;
  const own = ({ caller, callee }) => caller === known.me.id && callee === current.peer;
  const call = live.find(own);
  if (call) Object.assign(current, { id: call.id, state: "ringing" });
  else if (asked.includes("unsure")) return end("failed");
  if (call?.state === "accepted") OWN_CALL.Accept();
}

/**
 * After a refresh or a cut: `live` are the user's calls by the gateway, asked when `asked` was
 * underWay(). What the gateway does not know of is over.
 */
export function settle(live, asked) {
  const state = (id) => live.find((call) => call.id === id)?.state;
  calls.rings = calls.rings.filter(({ id }) => !asked.includes(id) || state(id) === "ringing");
  const { current } = calls;
  if (current?.state === "unsure") return settleUnsure(live, asked);
  if (!current?.id || !asked.includes(current.id)) return;
  if (!state(current.id)) end(current.refused ? "over" : "lost");
  else if (current.state === "ringing" && state(current.id) === "accepted") OWN_CALL.Accept();
  else if (current.state === "talking" && state(current.id) === "ringing") {
    calls.current = null; // the answer was lost on its way, or came while the caller was away
    calls.rings.push({ id: current.id, peer: current.peer });
  }
}

// --- Across a refresh ----------------------------------------------------------------------------

export function forget() {
  Object.assign(calls, { current: null, rings: [], outcome: null, missed: [], told: [] });
}

/** Takes up what this tab kept, and keeps it from now on. `ask`: leads to settle(). */
export function restore(ask) {
  askWhatIsLive = ask;
  const { current = null, missed = [], told = [] } = recall("terminal.calls") ?? {};
  if (current && !current.id) current.state = "unsure";
  Object.assign(calls, { current, missed, told });
  watch(
    () => ({ current: calls.current, missed: calls.missed, told: calls.told }),
    (value) => keep("terminal.calls", value),
    { deep: true, flush: "sync" },
  );
}
