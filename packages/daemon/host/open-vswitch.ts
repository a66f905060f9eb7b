/** Ports of Open vSwitch, by its own tool. */
import { existsSync } from "node:fs";
import { execProgram } from "./exec.ts";

const DATABASE = "/var/run/openvswitch/db.sock";

/** Seconds that the tool waits for the switch's database. */
const TIMEOUT = "--timeout=5";
const ask = (...words: readonly string[]): Promise<{ readonly stdout: string }> =>
  execProgram("ovs-vsctl", [TIMEOUT, ...words]);

export interface SwitchVlan {
  readonly trunk?: boolean | undefined;
  readonly tags?:
    | readonly { readonly id: number; readonly nativeMode?: string | undefined }[]
    | undefined;
}

export interface SwitchPort {
  readonly name: string;
  readonly bridge: string;
  readonly mac: string;
  /** UUID of the guest. */
  readonly owner: string;
  /** UUID of the port. */
  readonly interfaceId: string;
  readonly profileId?: string | undefined;
  readonly vlan?: SwitchVlan | undefined;
  /** Whose port it is: which daemon may sweep it. */
  readonly root: string;
}

/** Columns of a port for its VLANs: `tag`, `trunks`, `vlan_mode`. */
export function vlanColumns({ trunk, tags = [] }: SwitchVlan): readonly string[] {
  const native = tags.find(({ nativeMode }) => nativeMode !== undefined);
  const [first] = tags;
  if (native !== undefined)
    return [
      `vlan_mode=native-${native.nativeMode}`,
      `tag=${native.id}`,
      ...(trunk === true ? [`trunks=${tags.map(({ id }) => id).join(",")}`] : []),
    ];
  if (trunk === true) return [`trunks=${tags.map(({ id }) => id).join(",")}`];
  return first === undefined ? [] : [`tag=${first.id}`];
}

/** A value of a column, which may hold anything. */
const quoted = (value: string): string => JSON.stringify(value);

/**
 * Adds a link to a switch, instead of a port of that name which was left over: in one transaction.
 * @throws VireoError `internalError`, `systemError`
 */
export async function addSwitchPort(port: SwitchPort): Promise<void> {
  const { name, bridge, vlan = {} } = port;
  const facts = {
    "attached-mac": port.mac,
    "iface-id": port.interfaceId,
    "vm-id": port.owner,
    ...(port.profileId === undefined ? {} : { "port-profile": port.profileId }),
    "iface-status": "active",
    "vireo-root": port.root,
  };
  await ask(
    "--",
    "--if-exists",
    "del-port",
    name,
    "--",
    "add-port",
    bridge,
    name,
    ...vlanColumns(vlan),
    "--",
    "set",
    "Interface",
    name,
    ...Object.entries(facts).map(([key, value]) => `external-ids:${key}=${quoted(value)}`),
  );
}

/** Other VLANs for a port that is there. @throws VireoError `internalError` */
export async function setSwitchVlan(name: string, vlan: SwitchVlan): Promise<void> {
  const clear = ["--", "clear", "Port", name, "tag", "trunks", "vlan_mode"];
  const columns = vlanColumns(vlan);
  await ask(...clear, ...(columns.length > 0 ? ["--", "set", "Port", name, ...columns] : []));
}

/** One that is gone is no error. @throws VireoError `internalError` */
export async function removeSwitchPort(name: string): Promise<void> {
  await ask("--", "--if-exists", "del-port", name);
}

/** Names of the ports that the daemon of this root has made; none where no switch runs. */
export async function switchPortsOf(root: string): Promise<readonly string[]> {
  if (!existsSync(DATABASE)) return [];
  const wanted = `external-ids:vireo-root=${quoted(root)}`;
  const { stdout } = await ask("--bare", "--columns=name", "find", "Interface", wanted);
  return stdout.split("\n").filter((line) => line !== "");
}
