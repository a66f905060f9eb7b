/** Devices with a rule or two of their own. */
import { virError } from "../../error.ts";
import type { Domain } from "../domain.ts";
import { isPseriesArch, isS390 } from "../arch.ts";
import { isPseries } from "../machine.ts";
import { internal, unsupported, wrongXml } from "./refuse.ts";

/** A file system has two ends, and QEMU shows directories only. */
export function checkFilesystemEnds({ devices }: Domain): void {
  for (const filesystem of devices?.filesystems ?? []) {
    const { type, source, target } = filesystem;
    const dir =
      (type === "mount" || type === "bind") && source !== undefined ? source.dir : undefined;
    if (source === undefined) throw virError("noSource", target?.dir);
    if (target?.dir === undefined) throw virError("noTarget", dir);
  }
}

/** What virtiofs and 9p cannot do. */
export function checkFilesystems({ devices }: Domain): void {
  for (const { type, driver, readonly, accessMode } of devices?.filesystems ?? []) {
    if (type !== "mount") unsupported("only supports mount filesystem type");
    if (driver?.type !== "virtiofs") continue;
    if (readonly === true) unsupported("virtiofs does not yet support read-only mode");
    if (accessMode !== undefined && accessMode !== "passthrough")
      unsupported("virtiofs only supports passthrough accessmode");
  }
}

/** Devices that are nothing without their other half. */
export function checkBackends({ devices }: Domain): void {
  for (const { backend } of devices?.rngs ?? [])
    if (backend === undefined) wrongXml("only one RNG backend is supported");
  for (const { backend } of devices?.tpms ?? [])
    if (backend === undefined) wrongXml("missing TPM device backend");
  for (const smartcard of devices?.smartcards ?? [])
    if (smartcard.mode === "host-certificates" && smartcard.certificates?.length !== 3)
      wrongXml("host-certificates mode needs exactly three certificates");
  for (const { target } of devices?.leases ?? [])
    if (target === undefined) wrongXml("Missing 'target' element for lease");
}

/** Buses of keyboards and mice. */
export function checkInputs({ devices }: Domain): void {
  const noUsb = devices?.controllers?.some(
    ({ type, ...one }) => type === "usb" && "model" in one && one.model === "none",
  );
  for (const { type, bus, model } of devices?.inputs ?? []) {
    if (bus === "ps2" && type !== "keyboard" && type !== "mouse")
      internal(`ps2 bus does not support ${type} input device`);
    if (bus === "xen") internal("unsupported input bus xen");
    if (bus === "usb" && noUsb === true)
      unsupported("Can't add USB input device. USB bus is disabled");
    if (model !== undefined && model !== "virtio" && type !== "passthrough")
      unsupported(`virtio (non-)transitional models are not supported for input type=${type}`);
  }
}

/** Devices of other boards. */
export function checkBoardDevices(domain: Domain): void {
  const { devices, os } = domain;
  const arch = os?.type?.arch;
  if (devices?.nvram !== undefined && !isPseriesArch(arch))
    unsupported("nvram device is only supported for PPC64");
  for (const { model } of devices?.watchdogs ?? [])
    if (model === "diag288" && !isS390(arch))
      unsupported("diag288 model of watchdog is allowed for s390 and s390x only");
  for (const { model } of devices?.panics ?? [])
    if (model === "pseries" && !isPseries(domain))
      unsupported("only pSeries guests support panic device of model 'pseries'");
}

/** Smaller numbers mean the host itself. */
const LEAST_CID = 3;

/** Names and numbers. */
export function checkNames({ devices }: Domain): void {
  const address = devices?.vsock?.cid?.address;
  if (address !== undefined && address < LEAST_CID)
    unsupported(`guest CIDs must be >= ${LEAST_CID}`);
  for (const { name } of devices?.shmems ?? [])
    if (name.includes("/")) unsupported("shmem name cannot include '/' character");
  const audios = new Set((devices?.audios ?? []).map(({ id }) => id));
  for (const { audio } of devices?.sounds ?? [])
    if (audio !== undefined && !audios.has(audio.id))
      wrongXml(`no audio device with ID ${audio.id}`);
  const proxies = (devices?.tpms ?? []).filter(({ model }) => model === "spapr-tpm-proxy").length;
  if ((devices?.tpms ?? []).length - proxies > 1)
    unsupported("only a single TPM non-proxy device is supported");
}
