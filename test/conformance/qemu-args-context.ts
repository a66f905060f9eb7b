/** The mock environment of `_shared/env.json` as the facts a command line is written from. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type {
  CommandContext,
  DriverSettings,
  EncryptedSecret,
  HostCpu,
  HostFacts,
  SecretRequest,
  TlsSettings,
} from "@vireo/qemu/command/context";

/** What a manifest line changes of the environment. */
export interface MockCase {
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  readonly hostCpu?: string;
  readonly setenv?: Readonly<Record<string, string>>;
  /** Files that describe storage pools, by name. */
  readonly pools?: Readonly<Record<string, string>>;
  readonly fdGroups?: Readonly<Record<string, unknown>>;
  readonly flags?: readonly string[];
  readonly incoming?: { readonly uri: string; readonly fd: number };
}

const NAME_MAX = 20;

const RANGE_0_7 = [0, 1, 2, 3, 4, 5, 6, 7];

const host = (one: MockCase): HostFacts => ({
  isCdrom: (path) => path === "/dev/cdrom",
  renderNode: "/dev/dri/foo",
  numaNodes: RANGE_0_7,
  autoNodeset: [0, 1, 2, 3],
  pageSizeKiB: 4,
  environment: (name) => one.setenv?.[name] ?? (name === "PATH" ? "/bin" : undefined),
  scsiGeneric: () => "/dev/sg0",
  nowSeconds: 1_234_567_890,
  localTimeOffsetSeconds: -30 * 60,
});

const isOn = (value: unknown): boolean => value === true || value === 1;

type Config = NonNullable<MockCase["config"]>;

/** Texts of the configuration under our names, where the case has them. */
const texts = <K extends string>(
  config: Config,
  names: Readonly<Record<K, string>>,
): Partial<Record<K, string>> => {
  const found: Partial<Record<K, string>> = {};
  for (const key in names) {
    const value = config[names[key]];
    if (typeof value === "string") found[key] = value;
  }
  return found;
};

const tlsSettings = (config: Config): TlsSettings => ({
  vncDir: "/etc/pki/libvirt-vnc",
  spiceDir: "/etc/pki/libvirt-spice",
  chardevDir: "/etc/pki/libvirt-chardev",
  nbdDir: "/etc/pki/libvirt-nbd/dummy,path",
  vxhsDir: "/etc/pki/libvirt-vxhs/dummy,path",
  migrateDir: "/etc/pki/qemu",
  chardev: isOn(config["chardevTLS"]),
  chardevVerify: isOn(config["chardevTLSx509verify"]),
  nbd: isOn(config["nbdTLS"]),
  vxhs: isOn(config["vxhsTLS"]),
  ...texts(config, {
    chardevSecretUuid: "chardevTLSx509secretUUID",
    vncSecretUuid: "vncTLSx509secretUUID",
    nbdSecretUuid: "nbdTLSx509secretUUID",
    vxhsSecretUuid: "vxhsTLSx509secretUUID",
    vncDir: "vncTLSx509certdir",
  }),
});

const settings = ({ config = {} }: MockCase): DriverSettings => ({
  tls: tlsSettings(config),
  vncListen: "127.0.0.1",
  spiceListen: "127.0.0.1",
  spiceTls: config["spiceTLS"] === undefined || isOn(config["spiceTLS"]),
  spiceSasl: isOn(config["spiceSASL"]),
  spicePassword: "123456",
  spiceAutoUnixSocket: isOn(config["spiceAutoUnixSocket"]),
  vncSasl: isOn(config["vncSASL"]),
  vncTls: isOn(config["vncTLS"]),
  vncTlsVerify: isOn(config["vncTLSx509verify"]),
  vncAutoUnixSocket: isOn(config["vncAutoUnixSocket"]),
  dumpGuestCore: isOn(config["dumpGuestCore"]),
  setProcessName: isOn(config["setProcessName"]),
  glusterDebugLevel: 4,
  ...texts(config, {
    vncSaslDir: "vncSASLdir",
    spiceSaslDir: "spiceSASLdir",
    vncPassword: "vncPassword",
    deprecationBehavior: "deprecationBehavior",
  }),
});

const SECRET: EncryptedSecret = {
  data: "9eao5F8qtkGt+seB1HYivWIxbtwUu6MQtg1zpj/oDtUsPr1q8wBYM91uEHCn6j/1",
  iv: "AAECAwQFBgcICQoLDA0ODw==",
};
const USAGES = ["mycluster_myname", "client.admin secret"];

function secret({ usageType, uuid, usage, literal }: SecretRequest): EncryptedSecret | undefined {
  if (literal !== undefined || uuid !== undefined) return SECRET;
  const known =
    usageType === "volume"
      ? usage?.startsWith("/storage/guest_disks/") === true
      : USAGES.includes(usage ?? "");
  return known ? SECRET : undefined;
}

/** A migration over standard input comes in a descriptor. */
const incoming = ({ uri, fd }: NonNullable<MockCase["incoming"]>): string =>
  uri === "stdio" ? `fd:${fd}` : uri;

const HOST_CPUS: Readonly<Record<string, HostCpu>> = {
  Default: {
    model: "core2duo",
    features: "ds acpi ss ht tm pbe ds_cpl vmx est tm2 cx16 xtpr lahf_lm".split(" "),
  },
  Haswell: {
    model: "Haswell",
    features:
      "vme ds acpi ss ht tm pbe dtes64 monitor ds_cpl vmx smx est tm2 xtpr pdcm osxsave f16c rdrand cmt pdpe1gb abm invtsc lahf_lm".split(
        " ",
      ),
  },
};
const hostCpu = ({ hostCpu: name = "Default" }: MockCase): HostCpu =>
  HOST_CPUS[name] ?? { model: name, features: [] };

export function mockContext(domain: Pick<ResolvedDomain, "name">, one: MockCase): CommandContext {
  const shortName = `-1-${domain.name.slice(0, NAME_MAX)}`;
  return {
    hostArch: "x86_64",
    hostCpu: hostCpu(one),
    domainDir: `/tmp/lib/domain-${shortName}`,
    shortName,
    channelDir: `/tmp/channel/domain-${shortName}`,
    nvramDir: "/var/lib/libvirt/qemu/nvram",
    memoryBackingDir: "/var/lib/libvirt/qemu/ram",
    hugepageMounts: [
      { path: "/dev/hugepages2M", sizeKiB: 2048, default: true },
      { path: "/dev/hugepages1G", sizeKiB: 1_048_576 },
    ],
    passtDir: "/bad-test-used-env-xdg-runtime-dir/libvirt/qemu/run/passt",
    settings: settings(one),
    host: host(one),
    secret,
    tpmSocket: () => "/dev/test",
    ...(one.incoming === undefined ? {} : { incoming: incoming(one.incoming) }),
  };
}
