/** Storage pools of the mock environment: `pools/NAME.xml` of the case; volume `TYPE+NAME` has its type in its name. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { virError } from "@vireo/model/error";
import { parseXml } from "@vireo/model/xml/parse-xml";
import type { XmlElement } from "@vireo/model/xml/tree";
import type { VolumeFacts } from "@vireo/qemu/block/volume-disk";

const child = (element: XmlElement | undefined, ...path: string[]): XmlElement | undefined =>
  path.reduce(
    (at: XmlElement | undefined, name) => at?.children.find((one) => one.name === name),
    element,
  );

const TYPES = ["file", "block", "dir", "network", "netdir", "ploop"] as const;

function nameOf(volume: string): { type: VolumeFacts["volumeType"]; name: string } {
  const [first = "", ...rest] = volume.split("+");
  const type = TYPES.find((one) => one === first);
  return type === undefined || rest.length === 0
    ? { type: "block", name: volume }
    : { type, name: rest.join("+") };
}

function authOf(source: XmlElement | undefined): Pick<VolumeFacts, "auth"> {
  const auth = child(source, "auth");
  const uuid = child(auth, "secret")?.attributes.get("uuid");
  const usage = child(auth, "secret")?.attributes.get("usage");
  if (auth === undefined) return {};
  return {
    auth: {
      username: auth.attributes.get("username") ?? "",
      ...(uuid === undefined ? {} : { uuid }),
      ...(usage === undefined ? {} : { usage }),
    },
  };
}

/** Looks a volume up as libvirt's fake storage driver does. */
export function mockVolume(
  folder: string,
  pools: Readonly<Record<string, string>> | undefined,
): (pool: string, volume: string) => VolumeFacts {
  return (pool, volume) => {
    const file = join(folder, pools?.[pool] ?? `pools/${pool}.xml`);
    if (!existsSync(file))
      throw virError("noStoragePool", `no storage pool with matching name '${pool}'`);
    const xml = parseXml(readFileSync(file, "utf8"));
    const source = child(xml, "source");
    const { type, name } = nameOf(volume);
    const host = child(source, "host")?.attributes.get("name");
    const target = child(source, "device")?.attributes.get("path");
    return {
      poolType: xml.attributes.get("type") ?? "",
      poolActive: pool !== "inactive",
      volumeType: type,
      path: `/some/${type}/device/${name}`,
      ...(host === undefined ? {} : { host }),
      ...(target === undefined ? {} : { target }),
      ...authOf(source),
    };
  };
}
