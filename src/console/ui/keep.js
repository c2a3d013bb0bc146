// What this tab keeps across a refresh.
const KEY = "bellhop.";

export function recall(name) {
  try {
    return JSON.parse(sessionStorage.getItem(KEY + name));
  } catch {
    return null; // a browser that keeps nothing, or something else under our name
  }
}

export function keep(name, value) {
  try {
    if (value === null) sessionStorage.removeItem(KEY + name);
    else sessionStorage.setItem(KEY + name, JSON.stringify(value));
  } catch {
    // then only until the page is left
  }
}
