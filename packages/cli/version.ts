/** Version of vireo. `version.test.ts` compares it with package.json. */
export const version = "0.1.0";

/** What `-v` and `-V` print. */
export const versionText = (long: boolean): string =>
  long
    ? `Vireo command line tool ${version}
Speaks libvirt's protocol, so it reaches vireod as well as libvirtd.

Running on:
 Node ${process.versions.node}
`
    : `${version}\n`;
