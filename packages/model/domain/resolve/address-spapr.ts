/** Registers of devices on IBM's virtual I/O bus. */
import type { Address } from "../device/address.ts";
import type { Domain } from "../domain.ts";

const FIRST_CARD = 0x1000;
const FIRST_SCSI = 0x2000;
const STEP = 0x1000;

interface Addressed {
  readonly address?: Address;
}
const registerOf = ({ address }: Addressed): number | undefined =>
  address?.type === "spapr-vio" ? address.reg : undefined;

/** Gives network cards and SCSI controllers of that bus the first free register. */
export function addressSpapr(domain: Domain): Domain {
  const { controllers = [], interfaces = [] } = domain.devices ?? {};
  const taken = new Set([...controllers, ...interfaces].map(registerOf));
  const place = <D extends Addressed>(device: D, first: number): D => {
    if (device.address !== undefined) return device;
    let reg = first;
    while (taken.has(reg)) reg += STEP;
    taken.add(reg);
    return { ...device, address: { type: "spapr-vio", reg } };
  };
  return {
    ...domain,
    devices: {
      ...domain.devices,
      interfaces: interfaces.map((one) =>
        one.model?.type === "spapr-vlan" ? place(one, FIRST_CARD) : one,
      ),
      controllers: controllers.map((one) =>
        one.type === "scsi" && one.model === "ibmvscsi" ? place(one, FIRST_SCSI) : one,
      ),
    },
  };
}
