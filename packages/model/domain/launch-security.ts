/** `<launchSecurity>` and `<keywrap>`: guests whose memory the host cannot read. */
import { element, type Infer } from "../schema/element.ts";
import {
  attr,
  children,
  choice,
  discriminant,
  requiredAttr,
  requiredText,
  text,
} from "../schema/member.ts";
import { hex, oneOf, onOff, string, uint, yesNo } from "../schema/scalar.ts";

export const LaunchSecurity = element("launchSecurity", "Encrypted or protected guest.", {
  type: discriminant(["sev", "s390-pv"], { doc: "AMD SEV or IBM Secure Execution." }),
  kernelHashes: choice({ sev: attr(yesNo, { doc: "Measure kernel and initrd." }) }),
  cbitpos: choice({ sev: text(uint, { doc: "Position of the encryption bit." }) }),
  reducedPhysBits: choice({ sev: text(uint, { doc: "Address bits lost." }) }),
  policy: choice({
    sev: requiredText(hex(4), {
      doc: "Policy bits.",
      missing: "failed to get launch security policy",
    }),
  }),
  dhCert: choice({ sev: text(string, { doc: "Owner's certificate, base64." }) }),
  session: choice({ sev: text(string, { doc: "Owner's session blob, base64." }) }),
});
export const KeyWrap = element("keywrap", "Key wrapping of s390 guests.", {
  ciphers: children(
    element("cipher", "One cipher.", {
      name: requiredAttr(oneOf("aes", "dea"), { doc: "Cipher." }),
      state: requiredAttr(onOff, { doc: "On or off." }),
    }),
    { doc: "Ciphers." },
  ),
});
export type LaunchSecurity = Infer<typeof LaunchSecurity>;
export type KeyWrap = Infer<typeof KeyWrap>;
