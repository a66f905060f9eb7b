/** Aliases of a running domain's serial ports, the first first. */
export const serialsIn = (xml: string): readonly string[] =>
  xml === ""
    ? []
    : [
        ...new DOMParser()
          .parseFromString(xml, "application/xml")
          .querySelectorAll("domain > devices > serial > alias"),
      ].flatMap((alias) => alias.getAttribute("name") ?? []);
