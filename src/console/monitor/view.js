// What the page shows. Whatever came from outside becomes text through textContent, never markup.
import { texts } from "./texts.js";

const MOST_ENTRIES = 200;
const find = (id) => document.getElementById(id);

const stored = (() => {
  try {
    return localStorage.getItem("bellhop.language");
  } catch {
    return null; // a browser that keeps nothing
  }
})();
let language = stored ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
if (!Object.hasOwn(texts, language)) language = "en";

const connection = { state: "waiting", detail: "" };
const room = { state: "out", id: "", detail: "" };

const say = () => texts[language];

function showConnection() {
  const text = say().connection[connection.state];
  find("connection").dataset.state = connection.state;
  find("connection").textContent = typeof text === "function" ? text(connection.detail) : text;
}

function showRoom() {
  find("room-state").dataset.state = room.state;
  find("room-state").textContent = say().roomState[room.state](room.id, room.detail);
  find("leave").disabled = !["entering", "in", "again"].includes(room.state);
}

function showTexts() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `Bellhop · ${say().title}`;
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = say()[element.dataset.text];
  }
  for (const element of document.querySelectorAll("[data-code]")) {
    element.textContent = say().codes[element.dataset.code];
  }
  const other = language === "zh" ? "en" : "zh";
  find("language").textContent = say().otherLanguage;
  find("language").lang = other;
  showConnection();
  showRoom();
}

find("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  try {
    localStorage.setItem("bellhop.language", language);
  } catch {
    // then only until the page is left
  }
  showTexts();
});

/** `state`: a key of texts.connection. */
export function setConnection(state, detail = "") {
  Object.assign(connection, { state, detail });
  showConnection();
}

/** `state`: a key of texts.roomState. */
export function setRoom(state, id = "", detail = "") {
  Object.assign(room, { state, id, detail });
  showRoom();
}

export function setCommand(text) {
  find("command").firstElementChild.textContent = text;
}

// --- Messages ------------------------------------------------------------------------------------

const entries = find("entries");

function element(tag, text, more = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  Object.assign(made.dataset, more.dataset ?? {});
  if (more.class) made.className = more.class;
  return made;
}

function clock(now) {
  const two = (number) => String(number).padStart(2, "0");
  const milliseconds = String(now.getMilliseconds()).padStart(3, "0");
  return `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}.${milliseconds}`;
}

function showCount() {
  const count = entries.childElementCount;
  find("count").textContent = String(count);
  find("empty").hidden = count > 0;
  find("clear").disabled = count === 0;
}

/** One event, newest on top. `code`: that of a downmsg, said in words. */
export function addEvent(name, data, code) {
  const now = new Date();
  const entry = document.createElement("li");
  const time = element("time", clock(now));
  time.dateTime = now.toISOString();
  const known = typeof code === "string" && Object.hasOwn(say().codes, code);
  entry.append(time, element("span", name, { class: "name" }));
  if (known) entry.append(element("span", say().codes[code], { class: "words", dataset: { code } }));
  const json = element("code", data || say().noData, { class: "data" });
  if (!data) json.dataset.text = "noData";
  entry.append(json);
  if (known) entry.dataset.kind = code === "2001" || code === "2002" ? "good" : "bad";
  entries.prepend(entry);
  while (entries.childElementCount > MOST_ENTRIES) entries.lastElementChild.remove();
  showCount();
}

find("clear").addEventListener("click", () => {
  entries.replaceChildren();
  showCount();
});

// --- Copy ----------------------------------------------------------------------------------------

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

/** Over plain HTTP, as on a LAN, browsers offer no clipboard: then the old command, or the user. */
async function copy(node) {
  if (navigator.clipboard) return navigator.clipboard.writeText(node.textContent);
  select(node);
  if (!document.execCommand("copy")) throw new Error("refused");
}

find("copy").addEventListener("click", async () => {
  const command = find("command").firstElementChild;
  const done = await copy(command).then(
    () => true,
    () => (select(command), false),
  );
  find("copied").textContent = say()[done ? "copied" : "notCopied"];
  find("copy").textContent = done ? say().copied : say().copy;
  setTimeout(() => {
    find("copy").textContent = say().copy;
    find("copied").textContent = "";
  }, 2000);
});

showTexts();
showCount();
