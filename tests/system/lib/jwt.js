// Tokens as a back end would sign them, and files with the keys that the gateway checks them by.
import { createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "bellhop-keys-"));
process.once("exit", () => rmSync(folder, { recursive: true }));

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

export const newSecret = () => randomBytes(32).toString("hex");
export const newKeyPair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
export const pemOf = (key) => key.export({ type: "spki", format: "pem" });

/** A file that only its owner reads; removed with the process. */
export function keyFile(name, text) {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

export const SECRET = newSecret();
export const PAIR = newKeyPair();
/** The section of the configuration that makes the tokens below good. */
export const TOKEN_KEYS = {
  hs256_key_file: keyFile("hs256", `${SECRET}\n`),
  es256_key_file: keyFile("es256.pem", pemOf(PAIR.publicKey)),
};

/** `signature` gets the text to sign and returns bytes. */
export function signed(header, claims, signature) {
  const text = `${encode(header)}.${encode(claims)}`;
  return `${text}.${signature(text).toString("base64url")}`;
}

export const hmac = (secret) => (text) => createHmac("sha256", secret).update(text).digest();
export const ecdsa = (key) => (text) =>
  sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });

export const hs256 = (claims, secret = SECRET) =>
  signed({ alg: "HS256", typ: "JWT" }, claims, hmac(secret));
export const es256 = (claims, key = PAIR.privateKey) =>
  signed({ alg: "ES256", typ: "JWT" }, claims, ecdsa(key));

/** Seconds since 1970, as `exp` and `nbf` count. */
export const seconds = (offset) => Math.floor(Date.now() / 1000) + offset;

/** A good token for a user. */
export const tokenOf = (user, claims = {}) => hs256({ sub: user, ...claims });
