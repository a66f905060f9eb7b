/** What one may ask for to get a whole domain, with its volumes, in one step that is taken back when it fails. */
import { domainIdentity, domainRef } from "./domain-value.ts";
import { operation } from "./operation.ts";
import { volumeRef } from "./storage-value.ts";
import { doc, list, optional, record, text, truth } from "./value.ts";

const VOLUMES_LIMIT = 64;

const access = ["domain:write", "domain:save", "storage_vol:create"] as const;

const newVolume = record({
  pool: doc(text, "Name of the pool."),
  xml: doc(text, "The volume as XML."),
  from: doc(optional(volumeRef), "Copy from here."),
});

const seed = record({
  pool: doc(text, "Name of the pool of the image."),
  name: doc(text, "Name of the image, a volume of kind raw."),
  userData: doc(text, "What cloud-init reads at first boot."),
  networkConfig: optional(text),
});

const installer = record({
  kernel: doc(text, "Path on the host."),
  initrd: doc(text, "Path on the host."),
  args: doc(optional(text), "The kernel's."),
});

export const domainMakingOperations = {
  createWithVolumes: operation("domain.createWithVolumes", {
    lane: "long",
    job: "own",
    access: [...access, { permission: "domain:start", if: "start" }],
    doc: "Make volumes, and a domain that has them; what was made is removed again when a step fails.",
    input: {
      xml: doc(text, "The domain as XML; it names the volumes as `<disk type='volume'>`."),
      volumes: doc(optional(list(newVolume, VOLUMES_LIMIT)), "Made first, in order."),
      seed: doc(optional(seed), "An image for cloud-init, named by the domain."),
      start: doc(optional(truth), "Start it, too."),
      installer: doc(
        optional(installer),
        "Booted at this one start; the domain ends when it reboots.",
      ),
    },
    output: domainIdentity,
  }),
  clone: operation("domain.clone", {
    lane: "long",
    job: "own",
    access: ["domain:read_secure", ...access],
    doc: "Make a domain like one that is off, with copies of its disks; addresses of its own, and a UUID.",
    input: {
      domain: domainRef,
      name: doc(text, "Of the new domain."),
      linked: doc(
        optional(truth),
        "Copy nothing: both go on in new layers upon the images that are there.",
      ),
    },
    output: domainIdentity,
  }),
} as const;
