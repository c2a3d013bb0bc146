import { Client } from "./steps.js";

/** Plays one case; yields each step with what came back. A row is `step` or `[step, expected]`. */
export async function* play(base, { path, steps }) {
  const client = new Client(base, path);
  try {
    for (const row of steps) {
      const [step, expected] = Array.isArray(row) ? row : [row];
      const line = await step.run(client).catch((error) => `failed: ${error.message}`);
      yield { step, expected, line };
    }
  } finally {
    client.end();
  }
}

/** @param expected a line, a pattern, a predicate, or several that are all right */
export function matches(line, expected) {
  if (Array.isArray(expected)) return expected.some((one) => matches(line, one));
  if (typeof expected === "function") return expected(line);
  return expected instanceof RegExp ? expected.test(line) : line === expected;
}
