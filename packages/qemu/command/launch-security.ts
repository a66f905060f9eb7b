/** `<launchSecurity>`: a guest whose memory the host cannot read. */
import { given, type JsonObject } from "../json.ts";
import { type CommandArg, jsonArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

/** Id of the object the machine refers to. */
export const SECURITY_OBJECT = "lsec0";

function sevObject({ domain, context }: CommandInput): JsonObject | undefined {
  const security = domain.launchSecurity;
  if (security?.type !== "sev") return undefined;
  const inDirectory = (blob: string | undefined, name: string): string | undefined =>
    blob === undefined ? undefined : `${context.domainDir}/${name}.base64`;
  return given({
    "qom-type": "sev-guest",
    id: SECURITY_OBJECT,
    cbitpos: security.cbitpos,
    "reduced-phys-bits": security.reducedPhysBits,
    policy: security.policy,
    "dh-cert-file": inDirectory(security.dhCert, "dh_cert"),
    "session-file": inDirectory(security.session, "session"),
    "kernel-hashes": security.kernelHashes,
  });
}

export function launchSecurityArgs(input: CommandInput): CommandArg[] {
  const { launchSecurity } = input.domain;
  if (launchSecurity === undefined) return [];
  const object: JsonObject = sevObject(input) ?? {
    "qom-type": "s390-pv-guest",
    id: SECURITY_OBJECT,
  };
  return [jsonArg("-object", object, "/domain/launchSecurity")];
}
