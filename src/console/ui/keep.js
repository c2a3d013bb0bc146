// What this tab keeps across a refresh, or this browser (`where`: "localStorage") for all its tabs.
const KEY = "bellhop.";

export function recall(name, where = "sessionStorage") {
  try {
    return JSON.parse(globalThis[where].getItem(KEY + name));
  } catch {
    return null; // a browser that keeps nothing, or something else under our name
  }
}

export function keep(name, value, where = "sessionStorage") {
  try {
    if (value === null) globalThis[where].removeItem(KEY + name);
    else globalThis[where].setItem(KEY + name, JSON.stringify(value));
  } catch {
    // then only until the page is left
  }
}
