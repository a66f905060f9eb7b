/** Values at rest: AES-256-GCM, bound to the secret they belong to. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { virError } from "@vireo/model/error";

export const KEY_BYTES = 32;
const ALGORITHM = "aes-256-gcm";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The sealed value in base64. */
export function seal(key: Buffer, uuid: string, value: Buffer): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(uuid));
  const sealed = Buffer.concat([cipher.update(value), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64");
}

/** @throws VireoError `internalError` when it was changed, or sealed for another secret or by another key */
export function unseal(key: Buffer, uuid: string, text: string): Buffer {
  const bytes = Buffer.from(text, "base64");
  const iv = bytes.subarray(0, IV_BYTES);
  const tag = bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(uuid));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw virError("internalError", `value of secret '${uuid}' cannot be decrypted`, { cause });
  }
}
