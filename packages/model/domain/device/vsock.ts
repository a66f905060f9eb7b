/** `<vsock>`: sockets between guest and host. */
import { element, type Infer } from "../../schema/element.ts";
import { attr, child } from "../../schema/member.ts";
import { uint, yesNo } from "../../schema/scalar.ts";
import { info } from "./device-info.ts";
import { virtioDriver, virtioModel } from "./virtio-driver.ts";

export const Vsock = element(
  "vsock",
  "Sockets between guest and host.",
  {
    model: virtioModel,
    cid: child(
      element("cid", "Address of the guest.", {
        auto: attr(yesNo, { doc: "Any that is free." }),
        address: attr(uint, { doc: "Address; 3 or more.", omit: 0 }),
      }),
      { doc: "Address of the guest." },
    ),
    ...info,
    driver: virtioDriver,
  },
  { empty: true },
);
export type Vsock = Infer<typeof Vsock>;
