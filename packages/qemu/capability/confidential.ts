/** What QEMU tells of the processor's ways to protect guests from the host. */
import { isMessage, type Message } from "../qmp/parse-message.ts";
import type { SevCapability, SgxCapability } from "./capabilities.ts";

const count = (answer: Message, name: string): number => {
  const value = answer[name];
  return typeof value === "number" ? value : 0;
};

/** `undefined` when QEMU refused the question: no SEV here. */
export const sevOf = (answer: unknown): SevCapability | undefined =>
  isMessage(answer)
    ? {
        cBitPosition: count(answer, "cbitpos"),
        reducedPhysBits: count(answer, "reduced-phys-bits"),
      }
    : undefined;

/** `undefined` when there is no SGX; QEMU before 7.0 tells one size instead of sections. */
export function sgxOf(answer: unknown): SgxCapability | undefined {
  if (!isMessage(answer) || answer["sgx"] !== true) return undefined;
  const sections: readonly unknown[] = Array.isArray(answer["sections"]) ? answer["sections"] : [];
  return {
    flexibleLaunchControl: answer["flc"] === true,
    sgx1: answer["sgx1"] === true,
    sgx2: answer["sgx2"] === true,
    sections: sections.filter(isMessage).map((one) => ({
      node: count(one, "node"),
      size: count(one, "size"),
    })),
  };
}
