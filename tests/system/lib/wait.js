// Waiting for something to become true: bounded, and never a pause for its own sake.
// Of many connections at once to a box in QEMU some wait until TCP tries again.
export const PATIENCE_MS = process.env.BELLHOP_BOX ? 30000 : 10000;

const turn = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks again until `condition` gives something truthy, which it returns. */
export async function until(condition, what, patience_ms = PATIENCE_MS) {
  const end = Date.now() + patience_ms;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > end) throw new Error(`waited ${patience_ms} ms for ${what}`);
    await turn(10);
  }
}

/** `promise`, or an error after a while. */
export function within(promise, what, patience_ms = PATIENCE_MS) {
  let timer;
  const limit = new Promise((_, reject) => {
    const fail = () => reject(new Error(`waited ${patience_ms} ms for ${what}`));
    timer = setTimeout(fail, patience_ms);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

/** What came in, kept until it is asked for, in order. */
export class Inbox {
  items = [];
  #waiting = [];
  #name;

  constructor(name) {
    this.#name = name;
  }

  put(item) {
    const taker = this.#waiting.shift();
    if (taker) taker(item);
    else this.items.push(item);
  }

  next(patience_ms = PATIENCE_MS) {
    if (this.items.length > 0) return Promise.resolve(this.items.shift());
    return within(new Promise((resolve) => this.#waiting.push(resolve)), this.#name, patience_ms);
  }

  async take(count) {
    const taken = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }
}
