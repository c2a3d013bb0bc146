import { onUnmounted, shallowRef, toValue, watch } from "vue";
import { ask } from "./box.js";

/**
 * Asks the box for a document again and again while the component lives.
 * @param path may be a ref or a function; null: nothing to ask for
 * @returns {{answer, refresh}} the last answer (null before the first, and for another path)
 */
export function usePolled(path, interval_ms = 2000) {
  const answer = shallowRef(null);
  let asked = 0;
  let timer = 0;

  async function refresh() {
    clearTimeout(timer);
    const mine = ++asked;
    const wanted = toValue(path);
    const got = wanted === null ? null : await ask(wanted);
    if (mine !== asked) return;
    if (got === null || got.status !== 0) answer.value = got; // the old one stays through a cut
    timer = setTimeout(refresh, interval_ms);
  }

  watch(
    () => toValue(path),
    () => {
      answer.value = null;
      refresh();
    },
    { immediate: true },
  );
  onUnmounted(() => {
    asked = -1;
    clearTimeout(timer);
  });
  return { answer, refresh };
}
