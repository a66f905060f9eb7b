/** Where a domain's disks lie, from its XML. */
export function diskPaths(xml: string): readonly string[] {
  const sources = new DOMParser()
    .parseFromString(xml, "application/xml")
    .querySelectorAll("disk > source");
  return [...sources].flatMap((source) => {
    const path = source.getAttribute("file") ?? source.getAttribute("dev");
    const volume = source.getAttribute("volume");
    if (path !== null) return [path];
    return volume === null ? [] : [`${source.getAttribute("pool")}/${volume}`];
  });
}
