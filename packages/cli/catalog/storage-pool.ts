/** Commands of the group "Storage Pool". */
import { type Commands, data, flag, text } from "./option.ts";
import {
  all,
  eventOption,
  file,
  inactive,
  list,
  loop,
  name,
  noOverwrite,
  overwrite,
  pool,
  printXml,
  timeout,
  timestamp,
  uuid,
  validate,
  wrap,
  xpath,
} from "./shared.ts";

/** What describes a pool. */
const poolOptions = {
  name: data("name of the pool"),
  type: data("type of the pool"),
  "print-xml": printXml,
  "source-host": text("host of the source"),
  "source-path": text("path of the source"),
  "source-dev": text("device of the source"),
  "source-name": text("name of the source"),
  target: text("where the pool appears on the host"),
  "source-format": text("format of the source"),
  "auth-type": text("kind of authentication"),
  "auth-username": text("user name"),
  "secret-usage": text("usage of the secret"),
  "secret-uuid": text("UUID of the secret"),
  "adapter-name": text("name of the SCSI adapter"),
  "adapter-wwnn": text("world wide node name of the adapter"),
  "adapter-wwpn": text("world wide port name of the adapter"),
  "adapter-parent": text("parent of the adapter"),
  "adapter-parent-wwnn": text("world wide node name of the parent"),
  "adapter-parent-wwpn": text("world wide port name of the parent"),
  "adapter-parent-fabric-wwn": text("fabric of the parent"),
  "source-protocol-ver": text("NFS version"),
  "source-initiator": text("iSCSI initiator name"),
} as const;

export const storagePoolCommands = {
  "find-storage-pool-sources-as": {
    summary: "Look for sources of storage pools, by options",
    options: {
      type: data("pool type to look for"),
      host: text("host to ask"),
      port: text("port to ask"),
      initiator: text("iSCSI initiator name"),
    },
  },
  "find-storage-pool-sources": {
    summary: "Look for sources of storage pools, by a file",
    options: {
      type: data("pool type to look for"),
      srcSpec: text("file with the source XML"),
    },
  },
  "pool-autostart": {
    summary: "Start a pool together with the host, or no longer",
    options: {
      pool,
      disable: flag("do not start it with the host"),
    },
  },
  "pool-build": {
    summary: "Build what a pool stands on",
    options: {
      pool,
      "no-overwrite": noOverwrite,
      overwrite,
    },
  },
  "pool-create-as": {
    summary: "Create a transient pool from options",
    options: {
      ...poolOptions,
      build: flag("build it first"),
      "no-overwrite": noOverwrite,
      overwrite,
    },
  },
  "pool-create": {
    summary: "Create a transient pool from a file",
    options: {
      file,
      build: flag("build it first"),
      "no-overwrite": noOverwrite,
      overwrite,
    },
  },
  "pool-define-as": {
    summary: "Define a pool from options",
    options: {
      ...poolOptions,
    },
  },
  "pool-define": {
    summary: "Define a pool, without starting it",
    options: {
      file,
      validate,
    },
  },
  "pool-delete": {
    summary: "Delete what a pool stands on",
    options: {
      pool,
    },
  },
  "pool-destroy": {
    summary: "Stop a pool",
    options: {
      pool,
    },
  },
  "pool-dumpxml": {
    summary: "Print the XML of a pool",
    options: {
      pool,
      inactive: flag("what the next start uses"),
      xpath,
      wrap,
    },
  },
  "pool-edit": {
    summary: "Change a pool in an editor",
    options: {
      pool,
    },
  },
  "pool-info": {
    summary: "Show the facts about a pool",
    options: {
      pool,
      bytes: flag("sizes in bytes"),
    },
  },
  "pool-list": {
    summary: "List pools",
    options: {
      inactive,
      all,
      transient: flag("only transient ones"),
      persistent: flag("only persistent ones"),
      autostart: flag("only those that start with the host"),
      "no-autostart": flag("only those that do not start with the host"),
      type: text("only pools of these types, separated by commas"),
      details: flag("more columns"),
      uuid,
      name,
    },
  },
  "pool-name": {
    summary: "Print the name of a pool",
    options: {
      pool,
    },
  },
  "pool-refresh": {
    summary: "Look again which volumes a pool has",
    options: {
      pool,
    },
  },
  "pool-start": {
    summary: "Start a pool",
    options: {
      pool,
      build: flag("build it first"),
      "no-overwrite": noOverwrite,
      overwrite,
    },
  },
  "pool-undefine": {
    summary: "Remove the definition of a pool",
    options: {
      pool,
    },
  },
  "pool-uuid": {
    summary: "Print the UUID of a pool",
    options: {
      pool,
    },
  },
  "pool-event": {
    summary: "Wait for events of pools",
    options: {
      pool: text("only events of this pool"),
      event: eventOption,
      loop,
      timeout,
      list,
      timestamp,
    },
  },
  "pool-capabilities": {
    summary: "Print what pools may be, as XML",
    options: {},
  },
} as const satisfies Commands;
