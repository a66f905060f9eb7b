/** Addresses that devices of a kind cannot have. */
import type { Panic } from "../device/panic.ts";
import type { Domain } from "../domain.ts";
import { unsupported, wrongXml } from "./refuse.ts";

const WITHOUT_ADDRESS: readonly Panic["model"][] = ["hyperv", "pseries", "s390"];

/** Panic notifiers: at most of one kind each, on ISA or nowhere. */
export function checkPanics({ devices }: Domain): void {
  const panics = devices?.panics ?? [];
  const models = panics.map(({ model }) => model);
  const twice = models.find((model, at) => models.indexOf(model) !== at);
  if (twice !== undefined) wrongXml(`Multiple panic devices with model '${twice}'`);
  for (const { model, address } of panics) {
    if (address === undefined) continue;
    if (WITHOUT_ADDRESS.includes(model))
      unsupported(`setting the panic device address is not supported for model '${model ?? ""}'`);
    if (model === "isa" && address.type !== "isa")
      unsupported("panic is supported only with ISA address type");
  }
}

/** USB keyboards and mice are on USB. */
export function checkInputAddresses({ devices }: Domain): void {
  for (const { bus, address } of devices?.inputs ?? [])
    if (bus === "usb" && address !== undefined && address.type !== "usb")
      wrongXml("Invalid address for a USB device");
}
