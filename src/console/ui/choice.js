// What somebody has chosen in this browser.
import { computed, ref } from "vue";
import { keep, recall } from "./keep.js";

/**
 * One of two values: what was chosen, before that what `preferred` returns.
 * @returns {{value, toggle}} a ref, and what chooses the other value
 */
export function choiceOf(name, values, preferred) {
  const chosen = ref(recall(name, "localStorage"));
  const value = computed(() => (values.includes(chosen.value) ? chosen.value : preferred()));
  const toggle = () => {
    chosen.value = values.find((one) => one !== value.value);
    keep(name, chosen.value, "localStorage");
  };
  return { value, toggle };
}
