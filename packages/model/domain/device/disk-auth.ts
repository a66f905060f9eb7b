/** How a remote image is logged in to, and how an encrypted one is opened. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child, children, requiredAttr } from "../../schema/member.ts";
import { oneOf, string, uint } from "../../schema/scalar.ts";
import { uuid } from "../../uuid.ts";

const AuthSecret = element("secret", "The password, kept by the secret driver.", {
  type: attr(string, { doc: "Use of the secret: `ceph` or `iscsi`." }),
  uuid: attr(uuid, { doc: "UUID of the secret." }),
  usage: attr(string, { doc: "Usage of the secret, instead of the UUID." }),
});
export const Auth = element("auth", "Credentials for a remote image.", {
  username: requiredAttr(string, { doc: "User.", missing: "missing username for auth" }),
  secret: child(AuthSecret, { doc: "The password." }),
});
export type Auth = Infer<typeof Auth>;

const Cipher = element("cipher", "Cipher of the data.", {
  name: requiredAttr(string, { doc: "Algorithm, such as `aes`." }),
  size: attr(uint, { doc: "Key length in bits." }),
  mode: attr(string, { doc: "Block mode." }),
  hash: attr(string, { doc: "Hash." }),
});
const IvGenerator = element("ivgen", "Generator of initialisation vectors.", {
  name: requiredAttr(string, { doc: "Algorithm." }),
  hash: attr(string, { doc: "Hash." }),
});
const EncryptionSecret = element("secret", "A passphrase, kept by the secret driver.", {
  type: requiredAttr(oneOf("passphrase"), { doc: "Kind of secret." }),
  uuid: attr(uuid, { doc: "UUID of the secret." }),
  usage: attr(string, { doc: "Usage of the secret, instead of the UUID." }),
});
export const Encryption = element("encryption", "How the image is encrypted.", {
  format: requiredAttr(oneOf("default", "qcow", "luks", "luks2"), { doc: "Format." }),
  engine: attr(oneOf("qemu", "librbd"), { doc: "Who deciphers." }),
  secrets: children(EncryptionSecret, { doc: "Passphrases." }),
  cipher: child(Cipher, { doc: "Cipher; only when creating volumes." }),
  ivgen: child(IvGenerator, { doc: "Generator of initialisation vectors." }),
});
export type Encryption = Infer<typeof Encryption>;
