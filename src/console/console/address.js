// What the address says behind '#', which stays in the browser: #/VIEW?room=456&key=...
import { ref } from "vue";

export const VIEWS = ["overview", "rooms", "users", "calls", "push", "tokens", "log"];

function read() {
  const [path, parameters] = location.hash.startsWith("#/")
    ? location.hash.slice(2).split(/\?(.*)/s)
    : ["", location.hash.slice(1)];
  return {
    view: VIEWS.includes(path) ? path : VIEWS[0],
    parameters: new URLSearchParams(parameters ?? ""),
  };
}

export const address = ref(read());
addEventListener("hashchange", () => (address.value = read()));

/** The key of the address, which then is no longer in the address bar nor in the history. */
export function takeKey() {
  const { view, parameters } = address.value;
  const key = parameters.get("key");
  if (key === null) return null;
  parameters.delete("key");
  const rest = parameters.toString();
  history.replaceState(null, "", `${location.pathname}#/${view}${rest && `?${rest}`}`);
  return key;
}
