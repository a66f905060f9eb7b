/** `<tpm>`: a trusted platform module. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, choice, discriminant, flag, requiredAttr } from "../../schema/member.ts";
import { oneOf, string, unless, yesNo } from "../../schema/scalar.ts";
import { uuid } from "../../uuid.ts";
import { info } from "./device-info.ts";

const PcrBanks = element("active_pcr_banks", "Hashes of the platform registers.", {
  sha1: flag({ doc: "SHA-1." }),
  sha256: flag({ doc: "SHA-256." }),
  sha384: flag({ doc: "SHA-384." }),
  sha512: flag({ doc: "SHA-512." }),
});
const Backend = element("backend", "The module behind it.", {
  type: discriminant(["passthrough", "emulator", "external"], {
    doc: "The host's module, one swtpm for the guest, or one run by somebody else.",
    missing: "missing TPM device backend type",
  }),
  version: choice({
    emulator: attr(unless("default", oneOf("1.2", "2.0")), { doc: "Version of the TPM standard." }),
  }),
  persistentState: choice({
    emulator: attr(yesNo, {
      name: "persistent_state",
      doc: "Keep its state when the domain stops.",
      omit: false,
    }),
  }),
  device: choice({
    passthrough: child(
      element("device", "The host's module.", { path: attr(string, { doc: "Path." }) }),
      { doc: "The host's module." },
    ),
  }),
  encryption: choice({
    emulator: child(
      element("encryption", "Encryption of its state.", {
        secret: requiredAttr(uuid, { doc: "UUID of the secret with the passphrase." }),
      }),
      { doc: "Encryption of its state." },
    ),
  }),
  activePcrBanks: choice({
    emulator: child(PcrBanks, { doc: "Hashes of the platform registers." }),
  }),
  source: choice({
    external: child(
      element("source", "Where it is reached.", {
        type: requiredAttr(oneOf("unix"), { doc: "Kind of socket." }),
        mode: attr(oneOf("connect", "bind"), { doc: "QEMU connects." }),
        path: attr(string, { doc: "Path." }),
      }),
      { doc: "Where it is reached." },
    ),
  }),
});

export const Tpm = element("tpm", "A trusted platform module.", {
  model: attr(unless("default", oneOf("tpm-tis", "tpm-crb", "tpm-spapr", "spapr-tpm-proxy")), {
    doc: "Kind of device.",
  }),
  backend: child(Backend, { doc: "The module behind it." }),
  ...info,
});
export type Tpm = Infer<typeof Tpm>;
