/** Domains for tests, made from as little as each test needs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../guest/build-guest.ts";

const HELLO = join(import.meta.dirname, "../../examples/hello.xml");

export interface HelloOptions {
  readonly name?: string;
  readonly uuid?: string;
}

/** `examples/hello.xml` with the guest's files filled in. */
export function helloXml({ name = "hello", uuid }: HelloOptions = {}): string {
  const guest = buildGuest();
  return readFileSync(HELLO, "utf8")
    .replaceAll("@GUEST@", guest.directory)
    .replaceAll("@CMDLINE@", guest.cmdline)
    .replace("<name>hello</name>", `<name>${name}</name>${uuid ? `<uuid>${uuid}</uuid>` : ""}`);
}

/** A domain without disk or kernel: the firmware finds nothing to boot and waits. QEMU itself is real. */
export const emptyXml = (name: string): string => `<domain type='qemu'>
  <name>${name}</name>
  <memory unit='MiB'>16</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <serial type='pty'/>
    <memballoon model='none'/>
  </devices>
</domain>
`;
