// A clock that a test moves: setTimeout and clearTimeout of everything in the process.
export class Clock {
  now_ms = 0;
  #timers = new Map();
  #next = 1;

  static install(t) {
    const clock = new Clock();
    const { setTimeout, clearTimeout } = globalThis;
    globalThis.setTimeout = (action, ms = 0) => clock.#set(action, ms);
    globalThis.clearTimeout = (id) => clock.#timers.delete(id);
    t.after(() => Object.assign(globalThis, { setTimeout, clearTimeout }));
    return clock;
  }

  #set(action, ms) {
    const id = this.#next;
    this.#next += 1;
    this.#timers.set(id, { at: this.now_ms + ms, action });
    return id;
  }

  get pending() {
    return this.#timers.size;
  }

  /** Moves on, and runs what falls due in its order. */
  advance(ms) {
    const end = this.now_ms + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end);
      if (due.length === 0) break;
      const [id, { at, action }] = due.reduce((a, b) => (b[1].at < a[1].at ? b : a));
      this.#timers.delete(id);
      this.now_ms = at;
      action();
    }
    this.now_ms = end;
  }
}
