// The box, as the administrator reaches it: who is signed in, and every call of the API.
import { reactive } from "vue";
import { takeKey } from "./address.js";
import { keep, recall } from "../ui/keep.js";

const STORED = "console.key";
const RETRY_MS = 2000;

/**
 * phase: "out", "checking" or "in"; fault: a key of the texts signIn.faults, or empty; about: the
 * answer of /api/v1/about.
 */
export const box = reactive({ phase: "out", fault: "", reachable: true, about: null });

let key = null;
let retryTimer = 0;

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @returns {{status, text, json}} status 0: the box does not answer. */
export async function ask(path, { method = "GET", body } = {}) {
  const mine = key;
  const headers = mine === null ? {} : { Authorization: `Bearer ${mine}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    const answer = await fetch(path, { method, headers, body, cache: "no-store" });
    const text = await answer.text();
    box.reachable = true;
    // The key may have been changed on the box while the page was open.
    if (answer.status === 401 && box.phase === "in" && mine === key) signOut("revoked");
    return { status: answer.status, text, json: parse(text) };
  } catch {
    box.reachable = false;
    return { status: 0, text: "", json: null };
  }
}

/** What went wrong, in the box's own words. */
export const reasonOf = ({ json, status }) =>
  json?.error?.message ?? json?.ROOT?.BODY?.RETURN_MSG ?? `HTTP ${status}`;

// --- Signing in ----------------------------------------------------------------------------------

async function enter() {
  const mine = key;
  box.phase = "checking";
  const [access, about] = await Promise.all([ask("/api/v1/access"), ask("/api/v1/about")]);
  if (mine !== key) return;
  if (access.status === 401) return signOut("refused");
  if (!access.json || !about.json) {
    box.fault = "unreachable";
    retryTimer = setTimeout(enter, RETRY_MS);
    return;
  }
  if (!access.json.admin) return signOut("notAdmin");
  keep(STORED, key);
  Object.assign(box, { phase: "in", fault: "", about: about.json });
}

export function signIn(text) {
  const given = text.trim();
  // Others do not even fit a header.
  const fault = given === "" ? "empty" : /^[\x21-\x7e]+$/.test(given) ? "" : "refused";
  if (fault) return signOut(fault);
  clearTimeout(retryTimer);
  key = given;
  box.fault = "";
  return enter();
}

export function signOut(fault = "") {
  clearTimeout(retryTimer);
  key = null;
  keep(STORED, null);
  Object.assign(box, { phase: "out", fault });
}

/** Once, when the page is there. */
export function begin() {
  const given = takeKey() ?? recall(STORED);
  if (given !== null) signIn(given);
}
