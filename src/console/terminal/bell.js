// How a terminal calls for attention: sound, notification, the page's title.
import { ref } from "vue";

const AGAIN_MS = 2000;
const BLINK_MS = 900;
const INCOMING = [
  [880, 0],
  [1174.7, 0.18],
  [880, 0.5],
  [1174.7, 0.68],
];
const OUTGOING = [[440, 0]];

/** Browsers let a page make a sound once it has been touched. */
export const silent = ref(true);
export const mayNotify = ref("Notification" in window ? Notification.permission : "denied");

let context = null;
let ringTimer = 0;
let blinkTimer = 0;
let calmTitle = "";
const notes = new Map();

function unlock() {
  const Context = window.AudioContext ?? window.webkitAudioContext;
  if (!Context || !silent.value) return;
  context ??= new Context();
  context.resume().then(() => (silent.value = false));
}

// Not as soon as the finger lifts: the hint would be gone, and the click land on what moved up.
for (const gesture of ["click", "keydown"]) addEventListener(gesture, unlock, true);

export async function askToNotify() {
  mayNotify.value = await Notification.requestPermission();
}

// --- Sound ---------------------------------------------------------------------------------------

function tone(frequency, delay, volume) {
  const start = context.currentTime + delay;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = "triangle";
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(volume, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.45);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.5);
}

/** `kind`: "incoming", "outgoing" or "" for silence. */
export function ring(kind) {
  clearInterval(ringTimer);
  if (!kind) return;
  const [tones, volume] = kind === "incoming" ? [INCOMING, 0.5] : [OUTGOING, 0.08];
  const play = () => {
    if (!silent.value) for (const [frequency, delay] of tones) tone(frequency, delay, volume);
  };
  play();
  ringTimer = setInterval(play, AGAIN_MS);
}

// --- Title ---------------------------------------------------------------------------------------

/** Shows `text` and `calm` in turns; no text: `calm` alone. */
export function title(calm, text = "") {
  calmTitle = calm;
  clearInterval(blinkTimer);
  document.title = text || calm;
  if (!text) return;
  blinkTimer = setInterval(() => {
    document.title = document.title === text ? calmTitle : text;
  }, BLINK_MS);
}

// --- Notifications -------------------------------------------------------------------------------

/** Shows exactly these: [{id, text}]. */
export function notify(wanted) {
  for (const [id, note] of notes) {
    if (wanted.some((one) => one.id === id)) continue;
    note.close();
    notes.delete(id);
  }
  if (mayNotify.value !== "granted") return;
  for (const { id, text } of wanted) if (!notes.has(id)) show(id, text);
}

function show(id, text) {
  try {
    const note = new Notification(text, { tag: id, requireInteraction: true });
    note.onclick = () => {
      window.focus();
      note.close();
    };
    notes.set(id, note);
  } catch {
    // Chrome on Android only takes them from a service worker
  }
}
