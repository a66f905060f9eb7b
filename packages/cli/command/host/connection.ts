import { type Answer, attempt, type HandlersOf, line } from "../../answer.ts";
import type { hostCommands } from "../../catalog/host.ts";
import type { Connection } from "../../connection.ts";
import { version } from "../../version.ts";
import { formatVersion } from "../../version-number.ts";

interface Versions {
  readonly type: string;
  readonly library: string;
  readonly hypervisor: string;
}

async function readVersions(connection: Connection): Promise<Versions> {
  const { type } = await connection.call("connectGetType");
  const { lib_ver: library } = await connection.call("connectGetLibVersion");
  const { hv_ver: hypervisor } = await connection.call("connectGetVersion");
  return { type, library: formatVersion(library), hypervisor: formatVersion(hypervisor) };
}

/** virsh tells of the library it was built with and the one it runs with; vireo has its own version there. */
function formatVersions({ type, library, hypervisor }: Versions, daemon: boolean): string {
  const running =
    hypervisor === "0.0.0"
      ? `Cannot extract running ${type} hypervisor version\n`
      : `Running hypervisor: ${type} ${hypervisor}\n`;
  return `Compiled against library: vireo ${version}
Using library: vireo ${version}
Using API: ${type} ${library}
${running}${daemon ? `Running against daemon: ${library}\n` : ""}`;
}

const capabilities = async (connection: Connection, args: DomainCapabilities): Promise<string> =>
  (
    await attempt(
      "failed to get emulator capabilities",
      connection.call("connectGetDomainCapabilities", {
        emulatorbin: args.emulatorbin ?? null,
        arch: args.arch ?? null,
        machine: args.machine ?? null,
        virttype: args.virttype ?? null,
        flags: 0,
      }),
    )
  ).capabilities;

/** The number the capabilities of domains name; not every daemon has them. */
async function maximumOfCapabilities(
  connection: Connection,
  type: string | undefined,
): Promise<number | undefined> {
  const wanted = { emulatorbin: null, arch: null, machine: null, virttype: type ?? null, flags: 0 };
  const found = await connection
    .call("connectGetDomainCapabilities", wanted)
    .catch(() => undefined);
  const max = /<vcpu max='(\d+)'/.exec(found?.capabilities ?? "")?.[1];
  return max === undefined ? undefined : Number(max);
}

interface DomainCapabilities {
  readonly emulatorbin: string | undefined;
  readonly arch: string | undefined;
  readonly machine: string | undefined;
  readonly virttype: string | undefined;
}

export const handlers: HandlersOf<typeof hostCommands> = {
  async uri(_, context): Promise<Answer> {
    const connection = await context.connection();
    // the address as it was given; the daemon knows only its own end
    const uri = connection.uri || (await connection.call("connectGetUri")).uri;
    return line(uri, { uri });
  },

  async hostname(_, context) {
    const connection = await context.connection();
    const { hostname } = await attempt(
      "failed to get hostname",
      connection.call("connectGetHostname"),
    );
    return line(hostname, { hostname });
  },

  async version({ daemon }, context) {
    const versions = await readVersions(await context.connection());
    return { data: { vireo: version, ...versions }, text: formatVersions(versions, daemon) };
  },

  async capabilities(_, context) {
    const connection = await context.connection();
    const { capabilities: xml } = await attempt(
      "failed to get capabilities",
      connection.call("connectGetCapabilities"),
    );
    return { data: { xml }, text: `${xml}\n` };
  },

  async domcapabilities(args, context) {
    const xml = await capabilities(await context.connection(), args);
    return { data: { xml }, text: `${xml}\n` };
  },

  async sysinfo(_, context) {
    const connection = await context.connection();
    const { sysinfo } = await attempt(
      "failed to get sysinfo",
      connection.call("connectGetSysinfo", { flags: 0 }),
    );
    return { data: { xml: sysinfo }, text: sysinfo };
  },

  async maxvcpus({ type }, context) {
    const connection = await context.connection();
    const count =
      (await maximumOfCapabilities(connection, type)) ??
      (await connection.call("connectGetMaxVcpus", { type: type ?? null })).max_vcpus;
    return line(count, { maxVcpus: count });
  },

  async "cpu-models"({ arch }, context) {
    const connection = await context.connection();
    const { models } = await attempt(
      "failed to get CPU model names",
      connection.call("connectGetCpuModelNames", { arch, need_results: 1, flags: 0 }),
    );
    const text = models.map((model) => `${model}\n`).join("");
    return { data: models, text: models.length === 0 ? "all CPU models are accepted\n" : text };
  },
};
