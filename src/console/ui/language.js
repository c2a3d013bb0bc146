// The language of all pages: the browser's, until somebody chooses.
import { watchEffect } from "vue";
import { choiceOf } from "./choice.js";

const preferred = () => (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");

/** "en" or "zh". */
export const { value: language, toggle: switchLanguage } = choiceOf(
  "language",
  ["en", "zh"],
  preferred,
);

/** What Intl wants: as the browser's region writes it, when that speaks the language chosen. */
export const locale = () =>
  navigator.languages.find((one) => one.toLowerCase().startsWith(language.value)) ?? language.value;

watchEffect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
