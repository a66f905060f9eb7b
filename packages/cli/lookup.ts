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

/** Ways to look something up, tried in order until one finds it. */
type Ways<T> = readonly (() => Promise<T>)[];

async function firstFound<T>(ways: Ways<T>, sentence: string): Promise<T> {
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      const missing =
        error instanceof LibvirtError &&
        (notFound.has(error.code) || error.code === invalidArgument);
      if (!missing) throw new CommandError(sentence, error);
    }
  }
  throw new CommandError(sentence);
}

/** A domain by id, UUID or name, in this order. */
export async function findDomain(connection: Connection, word: string): Promise<DomainReference> {
  const ways: (() => Promise<{ dom: DomainReference }>)[] = [
    async () => await connection.call("domainLookupByName", { name: word }),
  ];
  if (uuidForm.test(word))
    ways.unshift(async () => await connection.call("domainLookupByUuid", { uuid: word }));
  if (/^\d{1,9}$/.test(word))
    ways.unshift(async () => await connection.call("domainLookupById", { id: Number(word) }));
  return (await firstFound(ways, `failed to get domain '${word}'`)).dom;
}

/** A network by UUID or name. */
export async function findNetwork(connection: Connection, word: string): Promise<NetworkReference> {
  const ways: (() => Promise<{ net: NetworkReference }>)[] = [
    async () => await connection.call("networkLookupByName", { name: word }),
  ];
  if (uuidForm.test(word))
    ways.unshift(async () => await connection.call("networkLookupByUuid", { uuid: word }));
  return (await firstFound(ways, `failed to get network '${word}'`)).net;
}

/** A storage pool by UUID or name. */
export async function findPool(
  connection: Connection,
  word: string,
): Promise<StoragePoolReference> {
  const ways: (() => Promise<{ pool: StoragePoolReference }>)[] = [
    async () => await connection.call("storagePoolLookupByName", { name: word }),
  ];
  if (uuidForm.test(word))
    ways.unshift(async () => await connection.call("storagePoolLookupByUuid", { uuid: word }));
  return (await firstFound(ways, `failed to get pool '${word}'`)).pool;
}

/** A network filter by UUID or name. */
export async function findNwfilter(
  connection: Connection,
  word: string,
): Promise<NwfilterReference> {
  const ways: (() => Promise<{ nwfilter: NwfilterReference }>)[] = [
    async () => await connection.call("nwfilterLookupByName", { name: word }),
  ];
  if (uuidForm.test(word))
    ways.unshift(async () => await connection.call("nwfilterLookupByUuid", { uuid: word }));
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

/** An interface of the host by name or MAC address. */
export async function findInterface(
  connection: Connection,
  word: string,
): Promise<InterfaceReference> {
  const ways = [
    async () => await connection.call("interfaceLookupByName", { name: word }),
    async () => await connection.call("interfaceLookupByMacString", { mac: word }),
  ];
  return (await firstFound(ways, `failed to get interface '${word}'`)).iface;
}
