import assert from "node:assert/strict";

/** Registers a token of this user, as a back end does. @returns {{id, token}} */
export async function addToken(gateway, user) {
  const request = { method: "POST", body: JSON.stringify({ user }) };
  const { status, json, text } = await gateway.authorised("/api/v1/tokens", request);
  assert.ok(status === 200 || status === 201, text);
  return json;
}

export async function revokeToken(gateway, id) {
  const { status, text } = await gateway.authorised(`/api/v1/tokens/${id}`, { method: "DELETE" });
  assert.ok(status === 200 || status === 204, text);
}
