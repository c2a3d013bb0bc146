// Light or dark: what the device prefers, until somebody chooses, say for a ward at night.
import { ref, watchEffect } from "vue";
import { choiceOf } from "./choice.js";

const device = matchMedia("(prefers-color-scheme: dark)");
const dark = ref(device.matches);
device.addEventListener("change", () => (dark.value = device.matches));

/** "light" or "dark". */
export const { value: theme, toggle: switchTheme } = choiceOf("theme", ["light", "dark"], () =>
  dark.value ? "dark" : "light",
);

watchEffect(() => {
  document.documentElement.dataset.theme = theme.value;
});
