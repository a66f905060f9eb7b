/** `<rom>`: the option ROM of a PCI device. */
import { given, type JsonObject } from "../json.ts";

interface Rom {
  readonly enabled?: boolean | undefined;
  readonly bar?: boolean | undefined;
  readonly file?: string | undefined;
}

/** A disabled ROM is an empty file. */
export function romProps(rom: Rom | undefined): JsonObject {
  if (rom === undefined) return {};
  if (rom.enabled === false) return { romfile: "" };
  return given({ rombar: rom.bar === undefined ? undefined : rom.bar ? 1 : 0, romfile: rom.file });
}
