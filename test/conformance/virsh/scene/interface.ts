/** Interfaces of the host. Debian's libvirt only reads them: what it cannot do is in the ledger. */
import type { Scene } from "../scene.ts";

const link = (name: string, type: string, inner = ""): string =>
  `<interface type='${type}' name='${name}'><start mode='none'/>${inner}</interface>`;

export const INTERFACE_SCENES: readonly Scene[] = [
  {
    title: "interfaces of the host",
    guests: [],
    files: {
      bridge: link("br7", "bridge", "<bridge><interface type='ethernet' name='none7'/></bridge>"),
      bad: link("br7", "nosuch"),
      noName: "<interface type='ethernet'/>",
      notInterface: "<network/>",
    },
    commands: `
iface-list
iface-list --all
iface-list --inactive
iface-dumpxml lo
iface-dumpxml lo --inactive
iface-dumpxml lo --xpath //ip
iface-dumpxml nosuch
iface-mac lo
iface-mac nosuch
iface-name 00:00:00:00:00:00
iface-name 02:00:00:00:00:77
iface-name nonsense
iface-start nosuch
iface-destroy nosuch
iface-undefine nosuch
iface-begin
iface-begin
iface-commit
iface-commit
iface-rollback
iface-edit nosuch
iface-bridge nosuch br7
iface-unbridge nosuch
iface-define @bad
iface-define @noName
iface-define @notInterface
iface-define @nosuch
`,
  },
];
