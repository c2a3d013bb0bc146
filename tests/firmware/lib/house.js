// What a house does to a box, and what it expects of it afterwards.
import assert from "node:assert/strict";
import { Gateway } from "../../system/lib/gateway.js";
import { registerToken } from "../../system/lib/terminals.js";

export const readiness = (box) => box.request("/health/ready");

/** A box that has been started once, switched off and changed by `change(disk)`. */
export async function changed(t, change, options = {}) {
  const box = await Gateway.start(options);
  t.after(() => box.stop());
  const { id } = await registerToken(box, "1");
  await box.kill();
  change(box.disk);
  await box.launch();
  return { box, id };
}

export const tokensOf = async (box) =>
  (await box.authorised("/api/v1/tokens")).json.tokens.map(({ id }) => id);

/** It may not be whole, but it does what it is there for. */
export async function expectService(box) {
  assert.equal((await box.push(undefined, "test", "{}")).RETURN_CODE, "0000");
  assert.equal((await box.request("/terminal")).status, 200);
}
