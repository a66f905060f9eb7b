/** The driver's operations on snapshots. */
import { virError } from "@vireo/model/error";
import { formatSnapshot, parseSnapshot, type Snapshot } from "@vireo/model/moment/parse-snapshot";
import { parentOf } from "@vireo/model/moment/moment-tree";
import { selectSnapshots } from "@vireo/model/moment/snapshot-tree";
import type { DomainRef } from "@vireo/model/operation/domain-value";
import { schemaObjection } from "../../../host/xml-schema.ts";
import type { Role } from "../../contract.ts";
import type { Definitions } from "../definition.ts";
import { DeviceWork } from "../device-work.ts";
import { createSnapshot } from "./create-snapshot.ts";
import { deleteSnapshot } from "./delete-snapshot.ts";
import { snapshotsOf } from "./load-snapshots.ts";
import { redefineSnapshot } from "./redefine-snapshot.ts";
import { revertToSnapshot } from "./revert-snapshot.ts";
import { checkFlags, checkSnapshotName, type CreateInput } from "./snapshot-plan.ts";

async function readWish({ xml, validate, noMetadata, redefine }: CreateInput) {
  const { snapshot, issues } = parseSnapshot(xml);
  if (validate === true) {
    const objection = (await schemaObjection(xml, "domainsnapshot")) ?? issues[0]?.message;
    if (objection !== undefined) throw virError("xmlInvalidSchema", objection);
  }
  if (snapshot.name === "") throw virError("xmlError", "name is empty");
  if (noMetadata !== true && snapshot.name !== undefined) checkSnapshotName(snapshot.name);
  if (redefine === true || snapshot.disks.every(({ type }) => type !== "volume")) return snapshot;
  throw virError("configUnsupported", "a snapshot in a volume of a pool is not supported");
}

export const snapshotRole = (definitions: Definitions): Role<"domainSnapshot"> => {
  const { list } = definitions;
  const setOf = (domain: DomainRef) => snapshotsOf(list.find(domain));
  const find = ({
    domain,
    name,
  }: {
    readonly domain: DomainRef;
    readonly name: string;
  }): Snapshot => {
    const found = setOf(domain).all.get(name);
    if (found !== undefined) return found;
    throw virError("noDomainSnapshot", `no domain snapshot with matching name '${name}'`);
  };
  const workOn = (domain: DomainRef): DeviceWork => new DeviceWork(definitions, list.find(domain));
  return {
    create: async (input) => {
      checkFlags(input);
      const work = workOn(input.domain);
      const wish = await readWish(input);
      return input.redefine === true
        ? redefineSnapshot(work, wish, input)
        : createSnapshot(work, wish, input);
    },
    list: ({ domain, noMetadata, metadata, ...filter }) => {
      if (filter.below !== undefined) find({ domain, name: filter.below });
      // we know only those that we keep something of
      if (noMetadata === true && metadata !== true) return [];
      return selectSnapshots(setOf(domain), filter).map(({ name }) => name);
    },
    find: (input) => {
      const snapshot = find(input);
      const set = setOf(input.domain);
      const parent = parentOf(set.all, snapshot)?.name;
      return {
        name: snapshot.name,
        current: set.current === snapshot.name,
        ...(parent === undefined ? {} : { parent }),
      };
    },
    current: ({ domain }) => {
      const { current } = setOf(domain);
      return current === undefined ? {} : { name: current };
    },
    xml: ({ secure, ...input }) => formatSnapshot(find(input), { secure: secure === true }),
    revert: (input) => revertToSnapshot(workOn(input.domain), find(input), input),
    delete: (input) => deleteSnapshot(workOn(input.domain), find(input), input),
  };
};
