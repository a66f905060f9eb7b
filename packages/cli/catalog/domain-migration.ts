/** Commands of the group "Domain Management": migration. */
import { type Commands, alias, count, data, flag, number, text } from "./option.ts";
import { bandwidth, domain, verbose, xml } from "./shared.ts";

export const domainMigrationCommands = {
  migrate: {
    summary: "Move a domain to another host",
    options: {
      domain,
      desturi: data("address of the other host"),
      live: flag("keep the guest running meanwhile"),
      offline: flag("move the definition only"),
      p2p: flag("let the two daemons talk to each other"),
      direct: flag("let the hypervisor do it"),
      tunneled: alias("tunnelled"),
      tunnelled: flag("send the data through the daemons"),
      persistent: flag("define it there"),
      undefinesource: flag("undefine it here afterwards"),
      suspend: flag("leave it paused there"),
      "copy-storage-all": flag("copy the disks in full"),
      "copy-storage-inc": flag("copy what the disks have above their base"),
      "copy-storage-synchronous-writes": flag("let guest writes wait for the copy"),
      "change-protection": flag("refuse changes of the definition meanwhile"),
      unsafe: flag("go on where data may be lost"),
      verbose,
      compressed: flag("compress repeated pages"),
      "auto-converge": flag("slow the guest down until it fits"),
      "rdma-pin-all": flag("lock all memory for RDMA"),
      "abort-on-error": flag("stop on disk errors"),
      postcopy: flag("allow post-copy"),
      "postcopy-after-precopy": flag("switch to post-copy after the first round"),
      "postcopy-resume": flag("resume a broken post-copy"),
      zerocopy: flag("send without copying"),
      migrateuri: text("address for the data"),
      graphicsuri: text("address for the display"),
      "listen-address": text("address the other host listens on"),
      dname: text("name of the domain there"),
      timeout: number("int", "seconds after which the guest is suspended"),
      "timeout-suspend": flag("suspend the guest at the timeout"),
      "timeout-postcopy": flag("switch to post-copy at the timeout"),
      xml,
      "migrate-disks": text("disks to copy, separated by commas"),
      "disks-port": number("int", "port for the disks"),
      "disks-uri": text("address for the disks"),
      "comp-methods": text("compression methods, separated by commas"),
      "comp-mt-level": number("int", "compression level"),
      "comp-mt-threads": number("int", "threads that compress"),
      "comp-mt-dthreads": number("int", "threads that decompress"),
      "comp-xbzrle-cache": number("long", "page cache for xbzrle"),
      "auto-converge-initial": number("int", "first slow-down in percent"),
      "auto-converge-increment": number("int", "further slow-down in percent"),
      "persistent-xml": text("file with the definition to keep there"),
      tls: flag("encrypt the data"),
      "postcopy-bandwidth": number("long", "limit of the post-copy phase, MiB per second"),
      parallel: flag("use several connections"),
      "parallel-connections": number("int", "how many connections"),
      bandwidth,
      "tls-destination": text("name in the certificate of the other host"),
    },
  },
  "migrate-setmaxdowntime": {
    summary: "Set how long a guest may stand still in a migration",
    options: {
      domain,
      downtime: count("long", "milliseconds the guest may stand still"),
    },
  },
  "migrate-getmaxdowntime": {
    summary: "Print how long a guest may stand still in a migration",
    options: {
      domain,
    },
  },
  "migrate-compcache": {
    summary: "Show or set the page cache for compression",
    options: {
      domain,
      size: number("long", "size of the cache in bytes", { named: true }),
    },
  },
  "migrate-setspeed": {
    summary: "Limit the speed of a migration",
    options: {
      domain,
      bandwidth: count("long", "limit in MiB per second"),
      postcopy: flag("the limit of the post-copy phase"),
    },
  },
  "migrate-getspeed": {
    summary: "Print the speed limit of a migration",
    options: {
      domain,
      postcopy: flag("the limit of the post-copy phase"),
    },
  },
  "migrate-postcopy": {
    summary: "Switch a running migration to post-copy",
    options: {
      domain,
    },
  },
  domjobabort: {
    summary: "Stop the job that is running on a domain",
    options: {
      domain,
      postcopy: flag("stop a migration that is in its post-copy phase"),
    },
  },
  domjobinfo: {
    summary: "Show the job that is running on a domain",
    options: {
      domain,
      completed: flag("of the job that ended last"),
      "keep-completed": flag("keep the figures for another call"),
      anystats: flag("whatever fields there are"),
      rawstats: flag("the fields as the daemon names them"),
    },
  },
} as const satisfies Commands;
