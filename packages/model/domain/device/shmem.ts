/** `<shmem>`: memory shared with other domains. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, requiredAttr, scaledText } from "../../schema/member.ts";
import { oneOf, onOff, string, uint } from "../../schema/scalar.ts";
import { BYTES, MIB } from "../../schema/unit.ts";
import { info } from "./device-info.ts";

export const Shmem = element("shmem", "Memory shared with other domains.", {
  name: requiredAttr(string, {
    doc: "Name of the memory.",
    missing: "shmem element must contain 'name' attribute",
  }),
  role: attr(oneOf("master", "peer"), { doc: "Whether the memory goes along in a migration." }),
  model: child(
    element("model", "Kind of device.", {
      type: attr(oneOf("ivshmem", "ivshmem-plain", "ivshmem-doorbell"), { doc: "Kind." }),
    }),
    { doc: "Kind of device.", default: { type: "ivshmem" } },
  ),
  sizeMiB: scaledText({
    name: "size",
    unit: { ...MIB, name: "M", exact: true },
    assumed: BYTES,
    doc: "Size.",
  }),
  server: child(
    element(
      "server",
      "Server that hands out the memory.",
      {
        path: attr(string, { doc: "Path of its socket." }),
      },
      { empty: true },
    ),
    { doc: "Server that hands out the memory." },
  ),
  msi: child(
    element(
      "msi",
      "Interrupts.",
      {
        vectors: attr(uint, { doc: "Number of vectors.", omit: 0 }),
        ioeventfd: attr(onOff, { doc: "Take the guest's notifications outside the vCPU thread." }),
      },
      { empty: true },
    ),
    { doc: "Interrupts." },
  ),
  ...info,
});
export type Shmem = Infer<typeof Shmem>;
