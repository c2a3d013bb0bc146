// Who is signed in here, and the connection.
import { reactive } from "vue";
import * as socket from "../sdk/socket.js";
import * as calls from "./calls.js";
import { keep, recall } from "../ui/keep.js";
import { setOnline, setPeople } from "./people.js";

const RETRY_MS = 4000;
const PEOPLE_AGAIN_MS = 60000; // a new token may bring somebody a new name

/** phase: "out", "checking" or "in"; fault: a key of the texts signIn.faults, or empty. */
export const session = reactive({ phase: "out", fault: "", connection: "closed" });

let token = null;
let retryTimer = 0;

/** The token of `?token=`, which then is no longer in the address bar nor in the history. */
function takeFromAddress() {
  const address = new URL(location.href);
  const given = address.searchParams.get("token");
  if (given === null) return null;
  address.searchParams.delete("token");
  history.replaceState(null, "", address);
  return given;
}

/** What the box tells of people: "known", "refused", "unreachable", or "old" after a sign-out. */
async function askForPeople() {
  const mine = token;
  const asked = calls.underWay();
  const headers = { Authorization: `Bearer ${mine}` };
  const answer = await fetch("/api/v1/people", { headers }).catch(() => null);
  const people = answer?.ok ? await answer.json().catch(() => null) : null;
  if (mine !== token) return "old";
  if (answer?.status === 401) return "refused";
  if (!people) return "unreachable";
  setPeople(people);
  calls.settle(people.calls, asked);
  return "known";
}

async function socketAddress() {
  const answer = await fetch("/api/v1/about");
  const { paths } = await answer.json();
  return `${location.origin.replace(/^http/, "ws")}${paths.terminals}`;
}

async function connect() {
  const mine = token;
  const address = await socketAddress().catch(() => null);
  if (mine !== token) return;
  if (!address) return retry();
  session.phase = "in";
  session.fault = "";
  socket.createSocket(address, { token: mine });
}

function retry() {
  session.fault = "unreachable";
  retryTimer = setTimeout(enter, RETRY_MS);
}

async function enter() {
  session.phase = "checking";
  const found = await askForPeople();
  if (found === "known") await connect();
  else if (found === "refused") signOut("refused");
  else if (found === "unreachable") retry();
}

export function signIn(text) {
  const given = text.trim();
  // Others do not even fit a header.
  const fault = given === "" ? "empty" : /^[\x21-\x7e]+$/.test(given) ? "" : "refused";
  if (fault) return signOut(fault);
  clearTimeout(retryTimer);
  if (recall("terminal.token") !== given) calls.forget(); // they were another user's
  token = given;
  keep("terminal.token", token);
  session.fault = "";
  return enter();
}

export function signOut(fault = "") {
  clearTimeout(retryTimer);
  token = null;
  keep("terminal.token", null);
  socket.closeSocket();
  calls.forget();
  Object.assign(session, { phase: "out", fault });
}

async function connectionChanged({ state }) {
  session.connection = state;
  if (state !== "open" && state !== "waiting") return;
  // A browser does not say why a connection is refused; HTTP does.
  if (token && (await askForPeople()) === "refused") signOut("revoked");
}

/** Once, when the page is there. */
export function begin() {
  calls.restore(askForPeople);
  socket.onOnline((ids) => {
    if (setOnline(ids) && token) askForPeople();
  });
  socket.onEvent(calls.received);
  socket.onMissed(calls.receivedMissed);
  socket.onState(connectionChanged);
  setInterval(() => session.connection === "open" && askForPeople(), PEOPLE_AGAIN_MS);
  const given = takeFromAddress() ?? recall("terminal.token");
  if (given !== null) signIn(given);
}
