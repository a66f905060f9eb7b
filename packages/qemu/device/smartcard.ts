/** `<smartcard>`: a smart card of the host, from certificates, or of the client. */
import type { Smartcard } from "@vireo/model/domain/device/smartcard";
import { given, type JsonObject } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { aliasOf } from "./alias.ts";
import { chardevSteps } from "./chardev.ts";
import { controllerAlias } from "./controller-alias.ts";
import type { DeviceScope } from "./scope.ts";
import { deviceStep } from "./step.ts";

/** NSS database QEMU reads certificates from when none is named. */
const DEFAULT_DATABASE = "/etc/pki/nssdb";

function cardProps(card: Smartcard): JsonObject {
  switch (card.mode) {
    case "host":
      return { driver: "ccid-card-emulated", backend: "nss-emulated" };
    case "host-certificates": {
      const [cert1, cert2, cert3] = card.certificates ?? [];
      return {
        driver: "ccid-card-emulated",
        backend: "certificates",
        cert1,
        cert2,
        cert3,
        db: card.database ?? DEFAULT_DATABASE,
      };
    }
    case "passthrough":
      return { driver: "ccid-card-passthru", chardev: `char${aliasOf(card)}` };
  }
}

export function smartcardSteps(card: Smartcard, scope: DeviceScope): PlugStep[] {
  const controller = card.address?.type === "ccid" ? (card.address.controller ?? 0) : 0;
  return [
    ...(card.mode === "passthrough" && card.type !== "none"
      ? chardevSteps(`char${aliasOf(card)}`, card, scope)
      : []),
    deviceStep(
      given({
        ...cardProps(card),
        id: aliasOf(card),
        bus: `${controllerAlias(scope.domain, "ccid", controller)}.0`,
      }),
      scope.origin,
    ),
  ];
}
