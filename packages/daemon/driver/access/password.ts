/** Passwords as they are kept: salted and stretched with scrypt, the parameters beside the hash. */
import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";

const N = 2 ** 15;
const R = 8;
const BYTES = 32;

const stretch = (password: string, salt: Buffer, cost: number): Promise<Buffer> => {
  const options: ScryptOptions = { N: cost, r: R, p: 1, maxmem: 256 * cost * R };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
};

/** `scrypt$N$salt$hash`, salt and hash in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await stretch(password, salt, N);
  return ["scrypt", N, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Takes as long for a wrong password as for the right one. */
export async function verifyPassword(password: string, kept: string): Promise<boolean> {
  const [scheme, cost = "", salt = "", hash = ""] = kept.split("$");
  if (scheme !== "scrypt" || !/^\d{1,7}$/.test(cost)) return false;
  const expected = Buffer.from(hash, "base64url");
  const key = await stretch(password, Buffer.from(salt, "base64url"), Number(cost));
  return expected.length === key.length && timingSafeEqual(expected, key);
}
