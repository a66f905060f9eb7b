/** `<nvram>` in `<devices>`: non-volatile memory of pSeries machines. */
import { element, type Infer } from "../../schema/element.ts";
import { alias, address } from "./device-info.ts";

export const Nvram = element(
  "nvram",
  "Non-volatile memory of pSeries machines.",
  { alias, address },
  { empty: true },
);
export type Nvram = Infer<typeof Nvram>;
