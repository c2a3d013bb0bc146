// What somebody has chosen in this browser: kept, where it keeps anything.
import { computed, ref } from "vue";

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a browser that keeps nothing
  }
}

/**
 * One of two values: what was chosen, before that what `preferred` returns.
 * @returns {{value, toggle}} a ref, and what chooses the other value
 */
export function choiceOf(name, values, preferred) {
  const key = `bellhop.${name}`;
  const chosen = ref(stored(key));
  const value = computed(() => (values.includes(chosen.value) ? chosen.value : preferred()));
  const toggle = () => {
    chosen.value = values.find((one) => one !== value.value);
    try {
      localStorage.setItem(key, chosen.value);
    } catch {
      // then only until the page is left
    }
  };
  return { value, toggle };
}
