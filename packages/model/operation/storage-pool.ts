/** What one may do with a storage pool. */
import { operation } from "./operation.ts";
import { poolIdentity, poolInfo, poolRef, poolSummary, volumeIdentity } from "./storage-value.ts";
import { doc, list, nothing, optional, text, truth } from "./value.ts";

const pool = poolRef;
const yes = (about: string) => doc(optional(truth), about);
const xml = doc(text, "The pool as XML.");
const read = { access: ["storage_pool:read"], lane: "read" } as const;
const modify = { lane: "modify" } as const;

const building = {
  overwrite: yes("Build, whatever is there already."),
  noOverwrite: yes("Build, unless something is there already."),
};
const starting = { build: yes("Build the pool first."), ...building };

export const storagePoolOperations = {
  list: operation("storagePool.list", {
    access: ["connect:search_storage_pools"],
    lane: "read",
    doc: "All pools that the caller may see.",
    input: {},
    output: list(poolSummary),
  }),
  lookup: operation("storagePool.lookup", {
    access: ["storage_pool:getattr"],
    lane: "read",
    doc: "Find a pool by name or UUID.",
    input: { pool },
    output: poolSummary,
  }),
  lookupByTargetPath: operation("storagePool.lookupByTargetPath", {
    access: ["storage_pool:getattr"],
    lane: "read",
    doc: "Find the pool whose volumes appear below a path.",
    input: { path: text },
    output: poolIdentity,
  }),
  define: operation("storagePool.define", {
    ...modify,
    access: ["storage_pool:write", "storage_pool:save"],
    doc: "Make a pool known for good, or replace its persistent definition.",
    input: { xml, validate: yes("Refuse what the schema does not know.") },
    output: poolIdentity,
  }),
  create: operation("storagePool.create", {
    ...modify,
    access: ["storage_pool:start", "storage_pool:write"],
    doc: "Start a transient pool from XML.",
    input: { xml, validate: yes("Refuse what the schema does not know."), ...starting },
    output: poolIdentity,
  }),
  start: operation("storagePool.start", {
    ...modify,
    access: ["storage_pool:start"],
    doc: "Start a defined, inactive pool.",
    input: { pool, ...starting },
    output: nothing,
  }),
  build: operation("storagePool.build", {
    lane: "long",
    access: ["storage_pool:format"],
    doc: "Make the pool's directory, file system or partition table.",
    input: { pool, ...building },
    output: nothing,
  }),
  destroy: operation("storagePool.destroy", {
    ...modify,
    access: ["storage_pool:stop"],
    doc: "Stop a pool; its volumes stay on disk.",
    input: { pool },
    output: nothing,
  }),
  delete: operation("storagePool.delete", {
    ...modify,
    access: ["storage_pool:format"],
    doc: "Remove an inactive pool's storage.",
    input: { pool, zeroed: yes("Overwrite it with zeroes.") },
    output: nothing,
  }),
  undefine: operation("storagePool.undefine", {
    ...modify,
    access: ["storage_pool:delete"],
    doc: "Forget the persistent definition of an inactive pool.",
    input: { pool },
    output: nothing,
  }),
  refresh: operation("storagePool.refresh", {
    ...modify,
    access: ["storage_pool:refresh"],
    doc: "Look at the storage anew.",
    input: { pool },
    output: nothing,
  }),
  info: operation("storagePool.info", {
    ...read,
    doc: "State and sizes, as last seen.",
    input: { pool },
    output: poolInfo,
  }),
  xml: operation("storagePool.xml", {
    ...read,
    doc: "The pool as XML.",
    input: { pool, inactive: yes("The persistent definition, also while the pool is active.") },
    output: text,
  }),
  setAutostart: operation("storagePool.setAutostart", {
    ...modify,
    access: ["storage_pool:write"],
    doc: "Say whether the pool starts with the daemon.",
    input: { pool, autostart: truth },
    output: nothing,
  }),
  volumes: operation("storagePool.volumes", {
    access: ["storage_pool:search_storage_vols"],
    lane: "read",
    doc: "The volumes of an active pool, as last seen.",
    input: { pool },
    output: list(volumeIdentity),
  }),
  findSources: operation("storagePool.findSources", {
    access: ["connect:detect_storage_pools"],
    lane: "read",
    doc: "Look for storage of which pools could be made, as XML.",
    input: {
      type: doc(text, "Kind of pool."),
      source: doc(optional(text), "What is known of it, such as the server, as XML."),
    },
    output: text,
  }),
  capabilities: operation("storagePool.capabilities", {
    access: ["connect:read"],
    lane: "read",
    doc: "The kinds of pools there can be, as XML.",
    input: {},
    output: text,
  }),
} as const;
