import { computed } from "vue";
import { language, locale } from "../ui/language.js";
import { texts } from "./texts.js";

/** What the page says in the language chosen. */
export const say = computed(() => texts[language.value]);

const format = computed(() => ({
  number: new Intl.NumberFormat(locale()),
  rate: new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }),
  time: new Intl.DateTimeFormat(locale(), { dateStyle: "short", timeStyle: "medium" }),
}));

export const number = (value) => format.value.number.format(value);
export const rate = (value) => format.value.rate.format(value);
/** A moment of the API; an absent one is a dash. */
export const moment = (text) => (text ? format.value.time.format(new Date(text)) : "–");
