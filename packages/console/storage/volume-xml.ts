/** What is asked of the daemon for a new volume. Pure. */

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("'", "&apos;");

export interface NewVolume {
  readonly name: string;
  /** Capacity. */
  readonly bytes: number;
  readonly format: string;
  /** Path of the image that it is a layer upon. */
  readonly backing?: { readonly path: string; readonly format: string };
}

export function volumeXml({ name, bytes, format, backing }: NewVolume): string {
  const below =
    backing === undefined
      ? ""
      : `<backingStore><path>${escaped(backing.path)}</path><format type='${escaped(backing.format)}'/></backingStore>`;
  return `<volume><name>${escaped(name)}</name><capacity unit='bytes'>${bytes}</capacity><allocation>0</allocation><target><format type='${escaped(format)}'/></target>${below}</volume>`;
}
