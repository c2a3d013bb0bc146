// The language of all pages: the browser's, until somebody chooses.
import { ref, watchEffect } from "vue";

const KEY = "bellhop.language";

function stored() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // a browser that keeps nothing
  }
}

const preferred = () => (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

/** "en" or "zh". */
export const language = ref(["en", "zh"].includes(stored()) ? stored() : preferred());

/** What Intl wants: as the browser's region writes it, when that speaks the language chosen. */
export const locale = () =>
  navigator.languages.find((one) => one.toLowerCase().startsWith(language.value)) ?? language.value;

export function switchLanguage() {
  language.value = language.value === "zh" ? "en" : "zh";
  try {
    localStorage.setItem(KEY, language.value);
  } catch {
    // then only until the page is left
  }
}

watchEffect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
