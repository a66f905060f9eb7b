/** Devices with a rule or two of their own. */
import { virError } from "../../error.ts";
import { isPseriesArch, isS390 } from "../arch.ts";
import type { Filesystem } from "../device/filesystem.ts";
import type { Input } from "../device/input.ts";
import type { Domain } from "../domain.ts";
import { isPseries } from "../machine.ts";
import { eachDevice, inTurn } from "./each-device.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

type Check = (domain: Domain) => void;

function hasEnds({ type, source, target }: Filesystem): void {
  if (source === undefined) throw virError("noSource", target?.dir);
  const dir = type === "mount" || type === "bind" ? source.dir : undefined;
  if (target?.dir === undefined) throw virError("noTarget", dir);
}
/** A file system has two ends. */
export const checkFilesystemEnds: Check = eachDevice(({ filesystems }) => filesystems, hasEnds);

function servable({ type, driver, readonly, accessMode }: Filesystem): void {
  if (type !== "mount") unsupported("only supports mount filesystem type");
  if (driver?.type !== "virtiofs") return;
  if (readonly === true) unsupported("virtiofs does not yet support read-only mode");
  if (accessMode !== undefined && accessMode !== "passthrough")
    unsupported("virtiofs only supports passthrough accessmode");
}
/** What virtiofs and 9p cannot do. */
export const checkFilesystems: Check = eachDevice(({ filesystems }) => filesystems, servable);

/** Devices that are nothing without their other half. */
export const checkBackends: Check = inTurn(
  eachDevice(
    ({ rngs }) => rngs,
    ({ backend }) => {
      if (backend === undefined) wrongXml("only one RNG backend is supported");
    },
  ),
  eachDevice(
    ({ tpms }) => tpms,
    ({ backend }) => {
      if (backend === undefined) wrongXml("missing TPM device backend");
    },
  ),
  eachDevice(
    ({ smartcards }) => smartcards,
    ({ mode, certificates = [] }) => {
      if (mode === "host-certificates" && certificates.length !== 3)
        wrongXml("host-certificates mode needs exactly three certificates");
    },
  ),
  eachDevice(
    ({ leases }) => leases,
    ({ target }) => {
      if (target === undefined) wrongXml("Missing 'target' element for lease");
    },
  ),
);

function onItsBus({ type, bus, model }: Input): void {
  if (bus === "ps2" && type !== "keyboard" && type !== "mouse")
    internal(`ps2 bus does not support ${type} input device`);
  if (bus === "xen" || bus === "parallels") internal(`unsupported input bus ${bus}`);
  if (model !== undefined && model !== "virtio" && type !== "passthrough")
    unsupported(`virtio (non-)transitional models are not supported for input type=${type}`);
}
/** Buses of keyboards and mice. */
export const checkInputs: Check = eachDevice(({ inputs }) => inputs, onItsBus);

/** Devices of other boards. */
export const checkBoardDevices: Check = inTurn(
  ({ devices, os }) => {
    if (devices?.nvram !== undefined && !isPseriesArch(os?.type?.arch))
      unsupported("nvram device is only supported for PPC64");
  },
  eachDevice(
    ({ watchdogs }) => watchdogs,
    ({ model }, { os }) => {
      if (model === "diag288" && !isS390(os?.type?.arch))
        unsupported("diag288 model of watchdog is allowed for s390 and s390x only");
    },
  ),
  eachDevice(
    ({ panics }) => panics,
    ({ model }, domain) => {
      if (model === "pseries" && !isPseries(domain))
        unsupported("only pSeries guests support panic device of model 'pseries'");
    },
  ),
);

/** Smaller numbers mean the host itself. */
const LEAST_CID = 3;

function checkVsock({ devices }: Domain): void {
  const address = devices?.vsock?.cid?.address ?? LEAST_CID;
  if (address < LEAST_CID) unsupported(`guest CIDs must be >= ${LEAST_CID}`);
}
function checkTpms({ devices }: Domain): void {
  const plain = (devices?.tpms ?? []).filter(({ model }) => model !== "spapr-tpm-proxy");
  if (plain.length > 1) unsupported("only a single TPM non-proxy device is supported");
}

/** Names and numbers. */
export const checkNames: Check = inTurn(
  checkVsock,
  eachDevice(
    ({ shmems }) => shmems,
    ({ name }) => {
      if (name.includes("/")) unsupported("shmem name cannot include '/' character");
    },
  ),
  eachDevice(
    ({ sounds }) => sounds,
    ({ audio }, { devices }) => {
      if (audio !== undefined && devices?.audios?.some(({ id }) => id === audio.id) !== true)
        wrongXml(`no audio device with ID ${audio.id}`);
    },
  ),
  checkTpms,
);
