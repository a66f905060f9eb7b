/** Secrets reach QEMU encrypted with a key it reads from a file only it may read. */
import { virError } from "@vireo/model/error";
import { type JsonObject } from "../json.ts";
import { type CommandArg, jsonArg } from "./argument.ts";
import type { CommandContext, SecretRequest } from "./context.ts";
import type { CommandInput } from "./input.ts";

/** Id of the object that holds the domain's master key. */
export const MASTER_KEY = "masterKey0";

/** The master key itself: 32 random bytes in the domain's directory. */
export const masterKeyArgs = ({ context }: CommandInput): CommandArg[] => [
  jsonArg(
    "-object",
    {
      "qom-type": "secret",
      id: MASTER_KEY,
      format: "raw",
      file: `${context.domainDir}/master-key.aes`,
    },
    "/domain",
  ),
];

/** A secret QEMU decrypts with the master key. */
export function secretObject(
  id: string,
  request: SecretRequest,
  context: CommandContext,
): JsonObject & { readonly "qom-type": "secret"; readonly id: string } {
  const value = context.secret(request);
  if (value === undefined)
    throw virError(
      "noSecret",
      `no secret with matching ${request.uuid === undefined ? `usage '${request.usage ?? ""}'` : `uuid '${request.uuid}'`}`,
    );
  return {
    "qom-type": "secret",
    id,
    data: value.data,
    keyid: MASTER_KEY,
    iv: value.iv,
    format: "base64",
  };
}
