import { LibvirtError } from "@vireo/sdk/libvirt/libvirt-error";
import type {
  DomainReference,
  InterfaceReference,
  NetworkReference,
  NodeDeviceReference,
  NwfilterReference,
  SecretReference,
  StoragePoolReference,
} from "@vireo/sdk/libvirt/procedure";
import { CommandError } from "./answer.ts";
import type { Connection } from "./connection.ts";

/** libvirt's error codes for "no such thing". */
const notFound: ReadonlySet<number> = new Set([
  42, 43, 49, 50, 53, 57, 60, 62, 66, 72, 80, 96, 100,
]);
/** A look-up was asked for something that can be no name, id or UUID. */
const invalidArgument = 8;

const uuidForm = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

const macForm = /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i;

/** Ways to look something up, tried in order until one finds it. */
type Ways<T> = readonly (() => Promise<T>)[];

/** The error tells what the daemon said to the last way. */
export async function firstFound<T>(ways: Ways<T>, sentence: string): Promise<T> {
  let last: unknown;
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      last = error;
      if (!isMissing(error)) break;
    }
  }
  throw new CommandError(sentence, last);
}

const isMissing = (error: unknown): boolean =>
  error instanceof LibvirtError && (notFound.has(error.code) || error.code === invalidArgument);

/** What a word may be taken for. */
export type Key = "id" | "uuid" | "name";

const anyKey: readonly Key[] = ["id", "uuid", "name"];

const couldBe: { readonly [K in Key]: RegExp } = {
  id: /^\d{1,9}$/,
  uuid: uuidForm,
  name: /^/,
};

/** Ways for those keys a word could be, in the order id, UUID, name. */
const waysOf = <T>(
  word: string,
  keys: readonly Key[],
  ways: { readonly [K in Key]?: () => Promise<T> },
): Ways<T> =>
  anyKey
    .filter((key) => keys.includes(key) && couldBe[key].test(word))
    .map((key) => ways[key])
    .filter((way) => way !== undefined);

/** A domain by id, UUID or name, in this order. A missing one is told in one sentence, as virsh does. */
export async function findDomain(
  connection: Connection,
  word: string,
  keys: readonly Key[] = anyKey,
): Promise<DomainReference> {
  const ways = waysOf(word, keys, {
    id: async () => await connection.call("domainLookupById", { id: Number(word) }),
    uuid: async () => await connection.call("domainLookupByUuid", { uuid: word }),
    name: async () => await connection.call("domainLookupByName", { name: word }),
  });
  const sentence = `failed to get domain '${word}'`;
  try {
    return (await firstFound(ways, sentence)).dom;
  } catch (error) {
    if (error instanceof CommandError && isMissing(error.cause)) throw new CommandError(sentence);
    throw error;
  }
}

/** A network by UUID or name. */
export async function findNetwork(
  connection: Connection,
  word: string,
  keys: readonly Key[] = anyKey,
): Promise<NetworkReference> {
  const ways = waysOf(word, keys, {
    uuid: async () => await connection.call("networkLookupByUuid", { uuid: word }),
    name: async () => await connection.call("networkLookupByName", { name: word }),
  });
  return (await firstFound(ways, `failed to get network '${word}'`)).net;
}

/** A storage pool by UUID or name. */
export async function findPool(
  connection: Connection,
  word: string,
  keys: readonly Key[] = anyKey,
): Promise<StoragePoolReference> {
  const ways = waysOf(word, keys, {
    uuid: async () => await connection.call("storagePoolLookupByUuid", { uuid: word }),
    name: async () => await connection.call("storagePoolLookupByName", { name: word }),
  });
  return (await firstFound(ways, `failed to get pool '${word}'`)).pool;
}

/** A network filter by UUID or name. */
export async function findNwfilter(
  connection: Connection,
  word: string,
  keys: readonly Key[] = anyKey,
): Promise<NwfilterReference> {
  const ways = waysOf(word, keys, {
    uuid: async () => await connection.call("nwfilterLookupByUuid", { uuid: word }),
    name: async () => await connection.call("nwfilterLookupByName", { name: word }),
  });
  return (await firstFound(ways, `failed to get nwfilter '${word}'`)).nwfilter;
}

/** A secret by UUID. */
export async function findSecret(connection: Connection, word: string): Promise<SecretReference> {
  const ways = uuidForm.test(word)
    ? [async () => await connection.call("secretLookupByUuid", { uuid: word })]
    : [];
  return (await firstFound(ways, `failed to get secret '${word}'`)).secret;
}

/** A device of the host by name. */
export async function findNodeDevice(
  connection: Connection,
  word: string,
): Promise<NodeDeviceReference> {
  try {
    return (await connection.call("nodeDeviceLookupByName", { name: word })).dev;
  } catch (error) {
    throw new CommandError(`Could not find matching device '${word}'`, error);
  }
}

/** An interface of the host by its name only. */
export async function findInterfaceByName(
  connection: Connection,
  name: string,
): Promise<InterfaceReference> {
  const ways = [async () => await connection.call("interfaceLookupByName", { name })];
  return (await firstFound(ways, `failed to get interface '${name}'`)).iface;
}

/** An interface of the host by name or MAC address. */
export async function findInterface(
  connection: Connection,
  word: string,
): Promise<InterfaceReference> {
  const ways = macForm.test(word)
    ? [async () => await connection.call("interfaceLookupByMacString", { mac: word })]
    : [async () => await connection.call("interfaceLookupByName", { name: word })];
  return (await firstFound(ways, `failed to get interface '${word}'`)).iface;
}
