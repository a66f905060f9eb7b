/** `<capabilities>` of `<features>`: what processes of a container may do. */
import { element, type Infer } from "../schema/element.ts";
import { attr, child, requiredAttr } from "../schema/member.ts";
import { oneOf, onOff, unless } from "../schema/scalar.ts";

/** Linux capabilities without `CAP_`. */
const NAMES = [
  "audit_control",
  "audit_write",
  "block_suspend",
  "chown",
  "dac_override",
  "dac_read_search",
  "fowner",
  "fsetid",
  "ipc_lock",
  "ipc_owner",
  "kill",
  "lease",
  "linux_immutable",
  "mac_admin",
  "mac_override",
  "mknod",
  "net_admin",
  "net_bind_service",
  "net_broadcast",
  "net_raw",
  "setgid",
  "setfcap",
  "setpcap",
  "setuid",
  "sys_admin",
  "sys_boot",
  "sys_chroot",
  "sys_module",
  "sys_nice",
  "sys_pacct",
  "sys_ptrace",
  "sys_rawio",
  "sys_resource",
  "sys_time",
  "sys_tty_config",
  "syslog",
  "wake_alarm",
] as const;
type Name = (typeof NAMES)[number];

const one = (name: Name) =>
  child(
    element(name, `Capability \`${name}\`.`, { state: requiredAttr(onOff, { doc: "Has it." }) }),
    { doc: `Capability \`${name}\`.` },
  );
type CapabilityMembers = { readonly [N in Name]: ReturnType<typeof one> };
// fromEntries forgets which names it was given
const members = Object.fromEntries(NAMES.map((name) => [name, one(name)])) as CapabilityMembers;

export const ContainerCapabilities = element(
  "capabilities",
  "What processes of a container may do.",
  {
    policy: attr(unless("default", oneOf("allow", "deny")), {
      doc: "What holds for capabilities not named.",
    }),
    ...members,
  },
);
export type ContainerCapabilities = Infer<typeof ContainerCapabilities>;
