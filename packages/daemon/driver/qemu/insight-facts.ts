/** Resolving a definition again without drawing new lots: what was random comes from the known definition. */
import type { Domain } from "@vireo/model/domain/domain";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";

const macsOf = ({ devices }: Domain): readonly string[] =>
  (devices?.interfaces ?? []).flatMap(({ mac }) => mac?.address ?? []);

/** Takes one after the other, then asks. */
function queue(known: readonly (string | undefined)[], otherwise: () => string): () => string {
  const left = known.filter((one) => one !== undefined);
  return () => left.shift() ?? otherwise();
}

/** Facts with which `written` gets the UUIDs and MAC addresses that `known` has and `written` lacks. */
export function sameIdentity(facts: ResolveFacts, written: Domain, known: Domain): ResolveFacts {
  const said = new Set(macsOf(written));
  const uuids = [
    written.uuid === undefined ? known.uuid : undefined,
    written.genid?.uuid === undefined ? known.genid?.uuid : undefined,
  ];
  const macs = macsOf(known).filter((mac) => !said.has(mac));
  return {
    ...facts,
    newUuid: queue(uuids, facts.newUuid),
    newMac: queue(macs, facts.newMac),
  };
}
