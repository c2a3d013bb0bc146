// The push monitor: enters a room as any page would and shows what arrives.
// Parameters of the address: ?room=456&rule=loginWhenever
import { io } from "/socket.io/socket.io.esm.min.js";
import { addEvent, setCommand, setConnection, setRoom } from "./view.js";

const RULES = ["loginWhenever", "loginWhenFirst", "loginWhenLast"];
const TRY_AGAIN_MS = 3000;

const form = document.getElementById("room-form");
const idField = document.getElementById("room");
const ruleField = document.getElementById("rule");

const about = await fetch("/api/v1/about").then((answer) => answer.json());

/** The room this page wants to be in, also after a lost connection; null: none. */
let wanted = null;
let tryAgain;

const socket = io({
  path: about.paths.socketio,
  autoConnect: false,
  reconnectionDelay: 500,
  reconnectionDelayMax: 4000,
});

// --- The room ------------------------------------------------------------------------------------

function enter(id, rule) {
  clearTimeout(tryAgain);
  if (wanted && wanted.id !== id) socket.emit("logoutRoom", { id: wanted.id });
  wanted = { id, rule, held: false };
  setRoom("entering", id);
  showCommand(id);
  if (socket.connected) ask();
}

function leave() {
  clearTimeout(tryAgain);
  if (wanted && socket.connected) socket.emit("logoutRoom", { id: wanted.id });
  wanted = null;
  setRoom("out");
}

function ask() {
  const asked = wanted;
  socket.emit("loginRoom", { id: asked.id, type: asked.rule }, ({ code, msg }) => {
    if (asked === wanted) answered(asked, code, msg);
  });
}

function answered(asked, code, message) {
  if (code === "2002") {
    asked.held = true;
    setRoom("in", asked.id);
  } else if (code === "2004" && asked.held) {
    // Until the gateway finds its old connection dead, this page stands before its own room.
    setRoom("again", asked.id);
    tryAgain = setTimeout(ask, TRY_AGAIN_MS);
  } else {
    wanted = null;
    setRoom(code === "2004" ? "taken" : "failed", asked.id, message);
  }
}

/** 2005 names the room in its text only. */
function kicked(message) {
  if (!wanted || !message.endsWith(`(id${wanted.id})`)) return;
  setRoom("kicked", wanted.id);
  wanted = null;
}

// --- The connection ------------------------------------------------------------------------------

socket.on("connect", () => {
  const { engine } = socket.io;
  setConnection(engine.transport.name);
  engine.once("upgrade", (transport) => setConnection(transport.name));
  if (wanted) {
    setRoom("entering", wanted.id);
    ask();
  }
});

socket.on("disconnect", () => {
  clearTimeout(tryAgain);
  setConnection("lost");
});

socket.on("connect_error", (error) => {
  if (socket.active) setConnection("lost");
  else setConnection("refused", error.message);
});

socket.on("downmsg", (body) => {
  if (body?.code === "2005") kicked(String(body.msg));
});

// --- Messages ------------------------------------------------------------------------------------

/**
 * The name and the raw arguments of an event packet, `2["test",{...}]`. Raw, since JSON.parse
 * rounds large numbers, and a monitor is to show what was sent.
 */
function readEvent(packet) {
  const event = /^2\d*\[\s*("(?:[^"\\]|\\.)*")\s*,?(.*)\]$/s.exec(packet);
  return event && { name: JSON.parse(event[1]), data: event[2].trim() };
}

/** The code of a downmsg; back ends may push an event of that name with any data. */
function codeOf({ name, data }) {
  return name === "downmsg" && data !== "" ? JSON.parse(data)?.code : undefined;
}

socket.io.on("open", () => {
  socket.io.engine.on("message", (packet) => {
    const event = typeof packet === "string" && readEvent(packet);
    if (event) addEvent(event.name, event.data, codeOf(event));
  });
});

// --- The command ---------------------------------------------------------------------------------

const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function showCommand(id) {
  const body = { ROOT: { BODY: { roomId: id, eventName: "test", data: { text: "hello" } } } };
  setCommand(
    `curl -H 'Content-Type: application/json' -d ${quote(JSON.stringify(body))} ` +
      `${location.origin}${about.paths.push}`,
  );
  document.getElementById("certificate-hint").hidden = location.protocol !== "https:";
}

// --- Start ---------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  enter(idField.value, ruleField.value);
});
document.getElementById("leave").addEventListener("click", leave);

const parameters = new URLSearchParams(location.search);
idField.value = parameters.get("room") || "456";
if (RULES.includes(parameters.get("rule"))) ruleField.value = parameters.get("rule");
enter(idField.value, ruleField.value);
socket.connect();
