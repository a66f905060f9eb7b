import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "../../error.ts";
import type { Devices } from "../device/devices.ts";
import { pciAddressOf } from "./address-pci-devices.ts";
import { pciName, placeOf } from "./address-pci-set.ts";
import { resolvedDevices } from "./resolve-devices.fixture.ts";

const at = (device: Parameters<typeof pciAddressOf>[0] | undefined): string | undefined => {
  const address = device === undefined ? undefined : pciAddressOf(device);
  return address === undefined ? undefined : pciName(placeOf(address), address.domain);
};
const controllers = ({ controllers: all = [] }: Devices): readonly string[] =>
  all.map(
    (one) =>
      `${one.type}${one.index ?? ""} ${("model" in one && one.model) || "-"} ${at(one) ?? "-"}`,
  );
const refusal = (machine: string, body: string): string => {
  try {
    resolvedDevices(machine, body);
  } catch (error) {
    if (isError(error)) return error.message;
    throw error;
  }
  return "";
};
const CARD = "<interface type='user'><model type='virtio'/></interface>";
const OLD_CARD = "<interface type='user'><model type='rtl8139'/></interface>";

test("pc: the board's own functions are in slot 1, the first card in slot 2, others follow", () => {
  const devices = resolvedDevices("pc", `${CARD}<graphics type='vnc'/>`);
  assert.deepEqual(controllers(devices), ["usb0 piix3-uhci 0000:00:01.2", "pci0 pci-root -"]);
  assert.equal(at(devices.videos?.[0]), "0000:00:02.0");
  assert.equal(at(devices.interfaces?.[0]), "0000:00:03.0");
  assert.equal(at(devices.memballoon), "0000:00:04.0");
});

test("pc: when the slots are used up a bridge is added and used", () => {
  const devices = resolvedDevices("pc", CARD.repeat(31));
  assert.ok(controllers(devices).includes("pci1 pci-bridge 0000:00:02.0"));
  assert.equal(at(devices.interfaces?.at(-1)), "0000:01:02.0");
});

test("q35: each virtio device gets a port, ports share slots, and one port is left over", () => {
  const devices = resolvedDevices("q35", CARD);
  assert.deepEqual(controllers(devices), [
    "usb0 qemu-xhci 0000:02:00.0",
    "sata0 - 0000:00:1f.2",
    "pci0 pcie-root -",
    "pci1 pcie-root-port 0000:00:01.0",
    "pci2 pcie-root-port 0000:00:01.1",
    "pci3 pcie-root-port 0000:00:01.2",
    "pci4 pcie-root-port 0000:00:01.3",
  ]);
  assert.equal(at(devices.interfaces?.[0]), "0000:01:00.0");
  assert.equal(at(devices.memballoon), "0000:03:00.0");
  const port = devices.controllers?.find((one) => one.type === "pci" && one.index === 2);
  assert.deepEqual(port?.type === "pci" ? port.target : undefined, { chassis: 2, port: 9 });
});

test("q35: a conventional device goes behind a bridge", () => {
  const devices = resolvedDevices("q35", OLD_CARD);
  assert.ok(controllers(devices).includes("pci2 pcie-to-pci-bridge 0000:01:00.0"));
  assert.equal(at(devices.interfaces?.[0]), "0000:02:01.0");
});

test("q35: function 0 of a shared slot says so", () => {
  const { controllers: all = [] } = resolvedDevices("q35", CARD);
  const [first, second] = all
    .filter((one) => one.type === "pci" && one.index !== 0)
    .map(({ address }) => (address?.type === "pci" ? address.multifunction : undefined));
  assert.equal(first, true);
  assert.equal(second, undefined);
});

test("addresses of the definition are kept, twice the same is refused", () => {
  const placed = (slot: number): string =>
    CARD.replace("</interface>", `<address type='pci' slot='${slot}'/></interface>`);
  assert.equal(at(resolvedDevices("pc", placed(9)).interfaces?.[0]), "0000:00:09.0");
  assert.equal(
    refusal("pc", placed(9) + placed(9)),
    "XML error: Attempted double use of PCI Address 0000:00:09.0",
  );
  assert.match(refusal("pc", placed(32)), /slot/);
});

test("a root of the other kind of board is refused", () => {
  assert.equal(
    refusal("q35", "<controller type='pci' index='0' model='pci-root'/>"),
    "XML error: The PCI controller with index='0' must be model='pcie-root' for this machine type, but model='pci-root' was found instead",
  );
});
