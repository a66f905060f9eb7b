/** Registers of devices on IBM's virtual I/O bus. */
import type { Controller } from "../device/controller.ts";
import type { Domain } from "../domain.ts";

const FIRST_SCSI = 0x2000;
const STEP = 0x1000;

/** Gives SCSI controllers of that bus the first free register. */
export function addressSpapr(domain: Domain): Domain {
  const { controllers = [] } = domain.devices ?? {};
  const taken = new Set(
    controllers.map(({ address }) => (address?.type === "spapr-vio" ? address.reg : undefined)),
  );
  const placed = controllers.map((one): Controller => {
    if (one.type !== "scsi" || one.model !== "ibmvscsi" || one.address !== undefined) return one;
    let reg = FIRST_SCSI;
    while (taken.has(reg)) reg += STEP;
    taken.add(reg);
    return { ...one, address: { type: "spapr-vio", reg } };
  });
  return { ...domain, devices: { ...domain.devices, controllers: placed } };
}
