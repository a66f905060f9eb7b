/** The program of libvirt's container driver: clients of every driver may call it, so it has to be known. */
import { uint32 } from "../xdr/scalar.ts";
import { call } from "./procedure.ts";
import { domain } from "./remote/type.ts";

/** Program "lxc". Nobody serves its call here, and callers are told so in libvirt's words. */
export const lxc = {
  name: "lxc",
  number: 0x0006_8000,
  version: 1,
  procedures: {
    domainOpenNamespace: call(
      1,
      { api: "virDomainLxcOpenNamespace", acl: ["domain:open_namespace"], descriptors: "reply" },
      { args: { dom: domain, flags: uint32 } },
    ),
  },
} as const;
