// What a page would show in its console, and whether it broke a promise.
/** The lines logged from now to the end of the test. */
export function recordConsole(t) {
  const lines = [];
  t.mock.method(console, "log", (...words) => lines.push(words.join(" ")));
  return lines;
}

/** Rejections that nobody handles, from now to the end of the test. */
export function recordUnhandled(t) {
  const unhandled = [];
  const record = (error) => unhandled.push(error);
  process.on("unhandledRejection", record);
  t.after(() => process.off("unhandledRejection", record));
  return unhandled;
}

/** Lets everything run that was queued until now, rejections included. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));
