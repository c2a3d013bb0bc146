import { computed } from "vue";
import { language } from "../ui/language.js";
import { texts } from "./texts.js";

/** What the page says in the language chosen. */
export const say = computed(() => texts[language.value]);
