import { parseXml } from "@vireo/model/xml/parse-xml";
import type { StorageVolReference } from "@vireo/sdk/libvirt/procedure";
import type { Connection } from "../../connection.ts";
import { childAt } from "../../domain-device.ts";

/** Format of what is in a volume, as a disk's driver has to be told. */
export async function formatOf(connection: Connection, vol: StorageVolReference): Promise<string> {
  const { xml } = await connection.call("storageVolGetXmlDesc", { vol, flags: 0 });
  const target = childAt(parseXml(xml), "target");
  const format = target && childAt(target, "format");
  const type = format?.attributes.get("type");
  return type === undefined || type === "iso" ? "raw" : type;
}
