/** What the options of `domain-create` ask for, as a new domain is described to the SDK. Pure. */
import type { BootDevice, NewDomain } from "@vireo/sdk/new-domain";
import { CommandError } from "../../answer.ts";

/** `size=10,pool=fast` as its parts; a word without `=` is a part of its own. @throws CommandError */
export function keyValues(text: string, known: readonly string[]): ReadonlyMap<string, string> {
  const parts = text.split(",").map((part): [string, string] => {
    const [key = "", ...value] = part.split("=");
    return [key, value.join("=")];
  });
  const odd = parts.find(([key]) => !known.includes(key));
  if (odd !== undefined) throw new CommandError(`'${odd[0]}' in '${text}' is not known`);
  return new Map(parts);
}

/** `network=NAME`, `bridge=NAME`, `user` or `none`. @throws CommandError */
export function networkOf(text: string): NewDomain["network"] {
  if (text === "none" || text === "user") return { type: text };
  const wish = keyValues(text, ["network", "bridge"]);
  const bridge = wish.get("bridge");
  return bridge === undefined
    ? { type: "network", name: wish.get("network") ?? "" }
    : { type: "bridge", name: bridge };
}

/** @throws CommandError */
export function graphicsOf(text: string): NewDomain["graphics"] {
  if (text === "none" || text === "vnc" || text === "spice") return text;
  throw new CommandError(`graphics '${text}' is not known: none, vnc or spice`);
}

/** As virt-install calls them. */
const BOOT_WORDS: ReadonlyMap<string, BootDevice> = new Map([
  ["hd", "disk"],
  ["cdrom", "media"],
  ["network", "network"],
]);

/** `uefi`, `bios`, `menu=on|off` and devices in order; without a device as without the option. @throws CommandError */
export function bootOf(text = ""): Pick<NewDomain, "firmware" | "boot" | "bootMenu"> {
  const words = text.split(",").filter((word) => word !== "");
  const odd = words.find(
    (word) => !BOOT_WORDS.has(word) && !/^(uefi|bios|menu=(on|off))$/.test(word),
  );
  if (odd !== undefined) throw new CommandError(`cannot boot from '${odd}'`);
  const boot = words.flatMap((word) => BOOT_WORDS.get(word) ?? []);
  const menu = words.find((word) => word.startsWith("menu="));
  return {
    firmware: words.includes("uefi") ? "uefi" : "bios",
    boot: boot.length === 0 ? ["disk", "media"] : boot,
    ...(menu === undefined ? {} : { bootMenu: menu === "menu=on" }),
  };
}
