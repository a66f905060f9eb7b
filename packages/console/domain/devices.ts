/** The devices of a domain, from its XML now and its XML at the next start. */

export interface ShownDevice {
  readonly key: string;
  readonly kind: string;
  /** What people know it by: its target, MAC address, model or alias. */
  readonly name: string;
  readonly xml: string;
  readonly live: boolean;
  readonly config: boolean;
}

/** First what is the same now and at the next start: a card's device on the host is not. */
const NAMES = ["mac[address]@address", "target[dev]@dev", "target[name]@name", "model[name]@name"];

function nameOf(device: Element): string {
  for (const rule of device.tagName === "controller" ? [] : NAMES) {
    const [selector = "", attribute = ""] = rule.split("@");
    const name = device.querySelector(`:scope > ${selector}`)?.getAttribute(attribute);
    if (name !== undefined && name !== null) return name;
  }
  const own = ["index", "type", "model"].flatMap((name) => device.getAttribute(name) ?? []);
  return own.join(" ") || device.tagName;
}

const serializer = new XMLSerializer();

function keyed(xml: string): ReadonlyMap<string, Element> {
  const found = new Map<string, Element>();
  if (xml === "") return found;
  const devices = new DOMParser()
    .parseFromString(xml, "application/xml")
    .querySelectorAll("domain > devices > *:not(emulator)");
  for (const device of devices) {
    const key = `${device.tagName} ${nameOf(device)}`;
    let numbered = key;
    for (let n = 2; found.has(numbered); n++) numbered = `${key} ${n}`;
    found.set(numbered, device);
  }
  return found;
}

export function devicesIn(now: string, later: string): readonly ShownDevice[] {
  const live = keyed(now);
  const config = keyed(later);
  return [...new Set([...live.keys(), ...config.keys()])].flatMap((key) => {
    const device = live.get(key) ?? config.get(key);
    return device === undefined
      ? []
      : [
          {
            key,
            kind: device.tagName,
            name: nameOf(device),
            xml: serializer.serializeToString(device),
            live: live.has(key),
            config: config.has(key),
          },
        ];
  });
}
