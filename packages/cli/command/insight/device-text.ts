/** What `device-why` prints: each device of the host, and what speaks against giving it away. */
import type { OperationOutput } from "@vireo/model/operation/operations";

type Devices = OperationOutput<"domain", "hostDevices">;

const deviceText = ({ device, held, objections }: Devices[number]): string =>
  [
    `${device}${held ? " (the domain has it)" : ""}`,
    ...objections.map((text) => `! ${text}`),
    ...(objections.length === 0 ? ["  Nothing speaks against it"] : []),
  ].join("\n");

export const devicesText = (devices: Devices): string =>
  devices.length === 0
    ? "The domain has no devices of the host\n"
    : `${devices.map(deviceText).join("\n\n")}\n`;
