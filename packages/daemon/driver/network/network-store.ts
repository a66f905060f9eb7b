/** Networks on disk, in `etc/network` and `run/network`. */
import { formatNetwork, parseNetwork } from "@vireo/model/network/parse-network";
import type { Network } from "@vireo/model/network/network";
import type { Paths } from "../../host/paths.ts";
import { DefinitionStore } from "../../state/definition-store.ts";
import { newUuid } from "../../state/new-uuid.ts";

export type NetworkStore = DefinitionStore<Network>;

export const networkStore = (paths: Paths): NetworkStore =>
  new DefinitionStore(paths, {
    folder: "network",
    format: formatNetwork,
    parse: (text) => parseNetwork(text, newUuid).network,
  });
