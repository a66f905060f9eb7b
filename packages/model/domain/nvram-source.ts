/** Where a UEFI variable store lives when it is not a plain file path. */
import { element, type Infer } from "../schema/element.ts";
import { attr, child, children, requiredAttr } from "../schema/member.ts";
import { oneOf, string, uint } from "../schema/scalar.ts";
import { uuid } from "../uuid.ts";

const Secret = element("secret", "Secret that holds the password.", {
  type: requiredAttr(oneOf("ceph", "iscsi", "volume"), { doc: "Use of the secret." }),
  uuid: attr(uuid, { doc: "Its UUID." }),
  usage: attr(string, { doc: "Its usage name." }),
});
export const NvramSource = element("source", "Where the variable store lives.", {
  file: attr(string, { doc: "Absolute path of an image." }),
  dev: attr(string, { doc: "Absolute path of a device." }),
  pool: attr(string, { doc: "Storage pool." }),
  volume: attr(string, { doc: "Volume of the pool." }),
  protocol: attr(
    oneOf("nbd", "rbd", "iscsi", "gluster", "http", "https", "ftp", "ftps", "tftp", "ssh", "nfs"),
    {
      doc: "Storage protocol.",
    },
  ),
  name: attr(string, { doc: "Export, image or path name." }),
  hosts: children(
    element("host", "A server.", {
      name: attr(string, { doc: "Host name or address." }),
      port: attr(uint, { doc: "TCP port." }),
      transport: attr(oneOf("tcp", "rdma", "unix"), { doc: "Transport." }),
      socket: attr(string, { doc: "Path of the UNIX socket." }),
    }),
    { doc: "Servers." },
  ),
  auth: child(
    element("auth", "Credentials.", {
      username: requiredAttr(string, { doc: "User." }),
      secret: child(Secret, { doc: "Secret that holds the password." }),
    }),
    { doc: "Credentials." },
  ),
});
export type NvramSource = Infer<typeof NvramSource>;
