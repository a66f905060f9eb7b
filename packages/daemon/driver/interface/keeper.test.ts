import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isError } from "@vireo/model/error";
import {
  formatHostInterface,
  type HostInterface,
  parseHostInterface,
} from "@vireo/model/node/host-interface";
import { IfupdownKeeper } from "./ifupdown-keeper.ts";
import { KEPT } from "./keeper-cases.ts";
import type { Files, InterfaceKeeper } from "./keeper.ts";
import { NetworkManagerKeeper } from "./network-manager-keeper.ts";
import { NetworkdKeeper } from "./networkd-keeper.ts";
import { OutdatedInterfaces } from "./outdated-interfaces.ts";

const NONE: Files = new Map();
const net = "/nowhere";

const outdated = new OutdatedInterfaces("/nowhere");
const ifupdown = new IfupdownKeeper({ interfaces: "/i", scripts: "/s", outdated });
const networkd = new NetworkdKeeper({ directories: ["/e", "/r", "/v"], net, outdated });
const manager = new NetworkManagerKeeper({ directories: ["/e", "/r", "/v"], net });
const KEEPERS: readonly InterfaceKeeper[] = [ifupdown, networkd, manager];

const textOf = (host: HostInterface | undefined): string =>
  host === undefined ? "nothing" : formatHostInterface(host);

for (const keeper of KEEPERS)
  for (const [what, xml] of Object.entries(KEPT)) {
    // networkd watches links by netif always, and has no word for it
    if (keeper === networkd && what === "bond by netif") continue;
    test(`${keeper.name}: ${what} reads back as it was written, and goes without a trace`, () => {
      const wanted = parseHostInterface(xml);
      const { name = "" } = wanted;
      // none of a VLAN's own names is another interface, so the one below it may be told too
      const files = keeper.define(NONE, wanted);
      assert.equal(textOf(keeper.read(files, name)), textOf(wanted));
      assert.ok(keeper.names(files).includes(name));
      assert.equal(textOf(keeper.read(keeper.define(files, wanted), name)), textOf(wanted));
      const left = [...keeper.undefine(files, name).values()].join("");
      assert.equal(left, "");
    });
  }

/** How each keeper has an interface with a name server. */
const WITH_SERVER: readonly (readonly [InterfaceKeeper, Files, readonly RegExp[]])[] = [
  [
    ifupdown,
    new Map([
      ["/i", "auto e\niface e inet static\n  address 10.0.0.2/24\n  dns-nameservers 10.0.0.53\n"],
    ]),
    [/iface b inet static\n {4}address 10\.0\.0\.2\/24\n.*dns-nameservers 10\.0\.0\.53/s],
  ],
  [
    networkd,
    new Map([
      [
        "/e/05-mine.network",
        "# mine\n[Match]\nName=e\n\n[Network]\nAddress=10.0.0.2/24\nDNS=10.0.0.53\n\n[Route]\nDestination=10.9.0.0/16\nGateway=10.0.0.9\n",
      ],
    ]),
    [/Name=b\n[^]*\nDNS=10\.0\.0\.53\n/, /\[Route\]\nDestination=10\.9\.0\.0\/16\n/],
  ],
  [
    manager,
    new Map([
      [
        "/e/mine.nmconnection",
        "[connection]\nid=mine\nuuid=u\ntype=ethernet\ninterface-name=e\n\n[ipv4]\nmethod=manual\naddress1=10.0.0.2/24\ndns=10.0.0.53;\nroute1=10.9.0.0/16,10.0.0.9\n",
      ],
    ]),
    [/interface-name=b\n/, /\ndns=10\.0\.0\.53;\nroute1=10\.9\.0\.0\/16,10\.0\.0\.9\n/],
  ],
];

for (const [keeper, before, expected] of WITH_SERVER)
  test(`${keeper.name}: an interface goes into a bridge with its addresses and name servers`, () => {
    const { protocols = [] } = keeper.read(before, "e") ?? {};
    const files = keeper.define(before, {
      type: "bridge",
      name: "b",
      start: { mode: "onboot" },
      protocols,
      bridge: { stp: false, interfaces: [{ type: "ethernet", name: "e" }] },
    });
    assert.deepEqual(keeper.names(files), ["b"]);
    assert.deepEqual(keeper.read(files, "b")?.protocols, protocols);
    const text = [...files].map(([path, one]) => `${path}\n${one}`).join("\n");
    for (const one of expected) assert.match(text, one);
    assert.equal(text.match(/10\.0\.0\.2\/24/g)?.length, 1, text);
  });

test("networkd: what a definition has no words for stays as it stands", () => {
  const [, before] = WITH_SERVER[1] ?? assert.fail();
  const wanted = parseHostInterface(KEPT.dhcp);
  const text = networkd.define(before, wanted).get("/e/05-mine.network") ?? "";
  assert.match(text, /^# mine\n\[Match\]\nName=e\n/);
  assert.match(text, /\nDNS=10\.0\.0\.53\n/);
  assert.match(text, /\[Route\]\nDestination=10\.9\.0\.0\/16\n/);
  assert.doesNotMatch(text, /10\.0\.0\.2/);
});

test("networkd: a file about several interfaces is left alone, and read", () => {
  const files: Files = new Map([
    ["/e/20-wired.network", "[Match]\nName=en* !eno*\n[Network]\nDHCP=yes\n"],
  ]);
  assert.deepEqual(networkd.read(files, "enp1s0")?.protocols?.[0], { family: "ipv4", dhcp: {} });
  assert.deepEqual(networkd.read(files, "enp1s0")?.protocols?.[1], {
    family: "ipv6",
    autoconf: true,
    dhcp: {},
  });
  assert.equal(networkd.read(files, "eno1"), undefined);
  assert.throws(() => networkd.undefine(files, "enp1s0"), /not about it alone/);
  const next = networkd.define(files, { type: "ethernet", name: "enp1s0" });
  assert.equal(next.size, 2);
  const first: Files = new Map([["/e/00-all.network", "[Match]\nName=*\n"]]);
  assert.throws(() => networkd.define(first, { type: "ethernet", name: "x" }), /comes before/);
});

test("networkd: an interface below several VLANs keeps the others", () => {
  const [five, seven] = [5, 7].map((tag) =>
    parseHostInterface(
      `<interface type='vlan' name='e.${tag}'><vlan tag='${tag}'><interface name='e'/></vlan></interface>`,
    ),
  );
  const both = networkd.define(
    networkd.define(NONE, five ?? assert.fail()),
    seven ?? assert.fail(),
  );
  const left = networkd.undefine(both, "e.5");
  assert.equal(networkd.read(left, "e.7")?.vlan?.interface?.name, "e");
  assert.equal(networkd.read(left, "e.5"), undefined);
  assert.equal(networkd.undefine(left, "e.7").size, 0);
});

test("netplan's own files are refused, with the way to change them", () => {
  const byNetworkd: Files = new Map([["/r/10-netplan-e.network", "[Match]\nName=e\n"]]);
  const byManager: Files = new Map([
    ["/r/netplan-e.nmconnection", "[connection]\ntype=ethernet\ninterface-name=e\n"],
  ]);
  const bridge = parseHostInterface(KEPT.bridge);
  for (const [keeper, files] of [
    [networkd, byNetworkd],
    [manager, byManager],
  ] as const)
    for (const work of [() => keeper.define(files, bridge), () => keeper.undefine(files, "e")])
      assert.throws(
        work,
        (error) => isError(error, "operationUnsupported") && /\/etc\/netplan/.test(error.message),
      );
});

test("NetworkManager: of several profiles the one that starts by itself is read, and all are replaced", () => {
  const profile = (id: string, more: string): string =>
    `[connection]\nid=${id}\nuuid=${id}\ntype=802-3-ethernet\ninterface-name=e\n${more}[ipv4]\nmethod=auto\n`;
  const files: Files = new Map([
    ["/e/a.nmconnection", profile("a", "autoconnect=false\n")],
    ["/e/b.nmconnection", profile("b", "")],
    [
      "/e/wifi.nmconnection",
      "[connection]\ntype=wifi\ninterface-name=w\n[wifi-security]\npsk=secret\n",
    ],
  ]);
  assert.equal(manager.read(files, "e")?.start?.mode, "onboot");
  assert.deepEqual(manager.names(files), ["e"]);
  const next = manager.define(files, parseHostInterface(KEPT.dhcp));
  assert.deepEqual([...next.keys()].toSorted(), ["/e/b.nmconnection", "/e/wifi.nmconnection"]);
  assert.match(next.get("/e/b.nmconnection") ?? "", /uuid=b\n/);
});

test("NetworkManager: what it has written down by itself defines a card, what others have set up does not", () => {
  const card = (name: string, meta: string): string =>
    `[connection]\nid=${name}\nuuid=u-${name}\ntype=ethernet\ninterface-name=${name}\n[ipv4]\nmethod=auto\n[.nmmeta]\n${meta}`;
  const files: Files = new Map([
    ["/r/Wired connection 1.nmconnection", card("e", "nm-generated=true\n")],
    ["/r/x.nmconnection", card("x", "nm-generated=true\nvolatile=true\nexternal=true\n")],
  ]);
  assert.deepEqual(manager.names(files), ["e"]);
  assert.deepEqual(manager.read(files, "e")?.protocols, [{ family: "ipv4", dhcp: {} }]);
  const next = manager.define(files, parseHostInterface(KEPT.bridge));
  assert.deepEqual([...next.keys()].toSorted().slice(0, 2), [
    "/e/b.nmconnection",
    "/e/e.nmconnection",
  ]);
  assert.doesNotMatch(next.get("/e/b.nmconnection") ?? "", /nmmeta/);
  // a profile for any card would be taken as well
  assert.match(next.get("/e/e.nmconnection") ?? "", /^autoconnect-priority=10$/m);
  assert.deepEqual(manager.names(manager.define(files, parseHostInterface(KEPT.dhcp))), ["e"]);
});

test("ifupdown: files that are sourced count, and lose what is defined anew", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "vireo-ifupdown-"));
  t.after(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, "interfaces.d"));
  const main = join(root, "interfaces");
  writeFileSync(main, `source ${root}/interfaces.d/*\niface lo inet loopback\n`);
  writeFileSync(join(root, "interfaces.d/50-cloud-init"), "auto e\niface e inet dhcp\n");
  const keeper = new IfupdownKeeper({ interfaces: main, scripts: "/s", outdated });
  const files = await keeper.files();
  assert.deepEqual(keeper.names(files), ["lo", "e"]);
  const next = keeper.define(files, parseHostInterface(KEPT.bridge));
  assert.equal(next.get(join(root, "interfaces.d/50-cloud-init")), "");
  assert.match(
    next.get(main) ?? "",
    /^source .*\niface lo inet loopback\n\nauto b\niface b inet static\n/,
  );
});
