import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isError } from "../error.ts";
import { checkDomain } from "./check/check.ts";
import type { Domain } from "./domain.ts";
import { formatDomain } from "./format-domain.ts";
import { parseDomain } from "./parse-domain.ts";
import type { ResolveFacts } from "./resolve/facts.ts";
import { resolveDomain } from "./resolve/resolve.ts";
import type { ResolvedDomain } from "./resolve/resolved-domain.ts";

const FACTS: ResolveFacts = {
  hostArch: "x86_64",
  arch: "x86_64",
  emulator: "/usr/bin/qemu-system-x86_64",
  kvm: true,
  machines: [
    {
      name: "pc-i440fx-7.2",
      alias: "pc",
      isDefault: true,
      maxCpus: 255,
      defaultCpu: "qemu64-x86_64-cpu",
    },
    {
      name: "pc-q35-7.2",
      alias: "q35",
      maxCpus: 288,
      defaultCpu: "qemu64-x86_64-cpu",
      defaultRamId: "pc.ram",
    },
  ],
  capabilities: new Set([
    "piix3-usb-uhci",
    "qemu-xhci",
    "pcie-root-port",
    "cpu.migratable",
    "ich9-ahci",
  ]),
  settings: {
    vncListen: "127.0.0.1",
    spiceListen: "127.0.0.1",
    nvramDir: "/nvram",
    channelTargetDir: "/channel",
  },
  newUuid: () => "c7a5fdbd-edaf-4455-926a-d65c16db1809",
  newMac: () => "52:54:00:01:02:03",
};

const xml = (body: string, os = "<type>hvm</type>"): string =>
  `<domain type='kvm'><name>a</name><memory unit='MiB'>64</memory>${body}<os>${os}</os></domain>`;
const resolved = (body: string, os?: string): ResolvedDomain =>
  resolveDomain(parseDomain(xml(body, os)).domain, FACTS);
const refusal = (body: string, os?: string): string => {
  try {
    const domain = resolved(body, os);
    checkDomain(domain, FACTS);
  } catch (error) {
    if (isError(error)) return error.message;
    throw error;
  }
  return "";
};

test("resolveDomain: what libvirt 9.0.0 fills into a minimal guest", () => {
  const {
    uuid,
    memory,
    currentMemoryKiB,
    vcpu,
    os,
    cpu,
    clock,
    onPoweroff,
    onReboot,
    onCrash,
    devices,
  } = resolved("");
  assert.equal(uuid, "c7a5fdbd-edaf-4455-926a-d65c16db1809");
  assert.deepEqual(
    [memory.sizeKiB, currentMemoryKiB, vcpu],
    [65536, 65536, { placement: "static", count: 1 }],
  );
  assert.deepEqual(os, {
    type: { name: "hvm", arch: "x86_64", machine: "pc-i440fx-7.2" },
    boots: [{ dev: "hd" }],
  });
  assert.deepEqual(cpu, {
    mode: "custom",
    match: "exact",
    check: "none",
    model: { fallback: "forbid", name: "qemu64" },
  });
  assert.deepEqual(
    [clock, onPoweroff, onReboot, onCrash],
    [{ offset: "utc" }, "destroy", "restart", "destroy"],
  );
  assert.equal(devices.emulator, FACTS.emulator);
});

test("resolveDomain: doing it twice changes nothing, and print reads back", () => {
  for (const os of ["<type machine='q35'>hvm</type>", "<type machine='pc'>hvm</type>"]) {
    const once = resolved(
      "<vcpu>4</vcpu><cpu mode='host-passthrough'><numa><cell cpus='0-1' memory='32' unit='MiB'/><cell cpus='2' memory='32' unit='MiB'/></numa></cpu>",
      os,
    );
    const printed = formatDomain(once, { secure: true });
    const again = resolveDomain(parseDomain(printed).domain, FACTS, { abiUpdate: false });
    assert.equal(formatDomain(again, { secure: true }), printed);
  }
});

test("resolveDomain: machine aliases become machines; unknown ones are refused", () => {
  assert.equal(resolved("", "<type machine='q35'>hvm</type>").os.type.machine, "pc-q35-7.2");
  assert.equal(
    refusal("", "<type machine='q36'>hvm</type>"),
    "unsupported configuration: Emulator '/usr/bin/qemu-system-x86_64' does not support machine type 'q36'",
  );
  assert.equal(
    refusal("", "<type arch='aarch64'>hvm</type>"),
    "unsupported configuration: Emulator '/usr/bin/qemu-system-x86_64' does not support arch 'aarch64'",
  );
});

test("resolveDomain: a UEFI guest gets a variable store", () => {
  const loader = "<loader readonly='yes' type='pflash'>/code.fd</loader>";
  assert.deepEqual(
    resolved("<features><acpi/></features>", `<type machine='q35'>hvm</type>${loader}`).os.nvram,
    {
      type: "file",
      path: "/nvram/a_VARS.fd",
    },
  );
});

test("resolveDomain: clock, boot menu, I/O threads, NUMA distances", () => {
  const domain = resolved(
    "<iothreads>2</iothreads><iothreadids><iothread id='5'/></iothreadids><clock offset='localtime' adjustment='60'/>" +
      "<vcpu>2</vcpu><cpu><numa><cell id='0' cpus='0' memory='32768'><distances><sibling id='1' value='20'/></distances></cell><cell id='1' cpus='1' memory='32768'/></numa></cpu>",
    "<type>hvm</type><bootmenu enable='no' timeout='3'/>",
  );
  assert.deepEqual(domain.clock, { offset: "variable", adjustment: "60", basis: "localtime" });
  assert.deepEqual(domain.os.bootmenu, { enable: false });
  assert.deepEqual(domain.iothreadids?.iothreads, [{ id: 5 }, { id: 1 }]);
  assert.deepEqual(
    domain.cpu?.numa?.cells?.map(({ distances }) => distances?.siblings?.map(({ value }) => value)),
    [
      [10, 20],
      [20, 10],
    ],
  );
});

/** libvirt 9.0.0's words for what breaks a rule. */
const REFUSED: readonly (readonly [message: string, body: string, os?: string])[] = [
  [
    "unsupported configuration: maximum vCPU count must not be less than current vCPU count",
    "<vcpu current='2'>1</vcpu>",
  ],
  [
    "unsupported configuration: CPU topology doesn't match maximum vcpu count",
    "<vcpu>4</vcpu><cpu><topology sockets='1' cores='2' threads='1'/></cpu>",
  ],
  [
    "XML error: CPU feature 'vmx' specified more than once",
    "<cpu mode='host-model'><feature name='vmx'/><feature name='vmx'/></cpu>",
  ],
  [
    "unsupported configuration: SMM TSEG is only supported with q35 machine type",
    "<features><smm><tseg>16</tseg></smm></features>",
  ],
  [
    "no loader path specified and firmware auto selection disabled",
    "",
    "<type>hvm</type><loader readonly='yes'/>",
  ],
  [
    "XML error: Element 'memnode' is invalid without any guest NUMA cells",
    "<numatune><memnode cellid='0' nodeset='0'/></numatune>",
  ],
  ["seclabel for model dac is already provided", "<seclabel model='dac'/><seclabel model='dac'/>"],
  [
    "UUID mismatch between <uuid> and <sysinfo>",
    "<uuid>c7a5fdbd-edaf-4455-926a-d65c16db1809</uuid><sysinfo type='smbios'><system><entry name='uuid'>c7a5fdbd-edaf-4455-926a-d65c16db1800</entry></system></sysinfo>",
  ],
  ["unsupported configuration: invalid domain type qemmu", ""],
];
for (const [message, body, os] of REFUSED)
  test(`checkDomain: ${message}`, () => {
    if (message.includes("qemmu"))
      assert.throws(() => parseDomain(xml("").replace("'kvm'", "'qemmu'")), { message, code: 67 });
    else assert.equal(refusal(body, os), message);
  });

test("parseDomain: broken XML and wrong values carry their place", () => {
  const said = (text: string): unknown => {
    try {
      return parseDomain(text);
    } catch (error) {
      return isError(error) ? [error.code, error.int1, error.int2, error.message] : error;
    }
  };
  assert.deepEqual(said("<domain>\n <a>\n</domain>"), [
    35,
    3,
    10,
    "(domain_definition):3: Opening and ending tag mismatch: a line 2 and domain\n</domain>\n---------^",
  ]);
  assert.deepEqual(said("<domain type='kvm'>\n<name>a</name>\n  <cpu mode='x'/>\n</domain>"), [
    1,
    3,
    8,
    "internal error: Invalid mode attribute 'x'",
  ]);
  assert.deepEqual(said("<network/>"), [
    27,
    -1,
    -1,
    "XML error: expecting root element of 'domain', not 'network'",
  ]);
  assert.deepEqual(said("<domain type='kvm'/>"), [21, 1, 1, "missing name information"]);
});

test("parseDomain: what it does not know is an issue with a place, not an error", () => {
  const { issues } = parseDomain(
    "<domain type='kvm'>\n<name>a</name>\n<memory unti='MiB'>1</memory>\n<os><type>hvm</type></os></domain>",
  );
  assert.deepEqual(issues, [
    {
      path: "/domain/memory@unti",
      line: 3,
      column: 9,
      message: "Unknown attribute 'unti' in element 'memory'",
      severity: "ignored",
    },
  ]);
});

test("format and parse: any plain definition survives", () => {
  const name = fc.string({ minLength: 1 }).map((raw) => raw.replace(/[^ -~]/g, "x"));
  const domain: fc.Arbitrary<Domain> = fc.record({
    type: fc.constantFrom("qemu" as const, "kvm" as const),
    name,
    title: name,
    memory: fc.record({ sizeKiB: fc.nat() }),
    vcpu: fc.record({
      placement: fc.constant("static" as const),
      count: fc.integer({ min: 1, max: 512 }),
    }),
    onCrash: fc.constantFrom("destroy" as const, "restart" as const),
    clock: fc.record({ offset: fc.constantFrom("utc" as const, "localtime" as const) }),
    os: fc.constant({ type: { name: "hvm" } }),
    cputune: fc.record({ shares: fc.nat(), quota: fc.integer() }),
  });
  fc.assert(
    fc.property(domain, (value) => {
      const { domain: again } = parseDomain(formatDomain(value));
      assert.deepEqual(again, JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 200 },
  );
});

test("qemu namespace: declared on the root, kept in order", () => {
  const text = [
    "<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>",
    "  <name>a</name>",
    "  <os>",
    "    <type>hvm</type>",
    "  </os>",
    "  <qemu:commandline>",
    "    <qemu:arg value='-foo'/>",
    "    <qemu:env name='A' value='b'/>",
    "  </qemu:commandline>",
    "</domain>",
    "",
  ].join("\n");
  assert.equal(formatDomain(parseDomain(text).domain), text);
  assert.deepEqual(
    parseDomain(text.replaceAll("qemu:", "q:").replace("xmlns:qemu", "xmlns:q")).issues,
    [],
  );
});

test("the whole way: any change of a value or an element gives a domain or a refusal", () => {
  const sample =
    "<domain type='qemu'><name>a</name><memory unit='MiB'>64</memory><vcpu cpuset='0-3'>2</vcpu>" +
    "<cputune><vcpupin vcpu='0' cpuset='1'/></cputune><os><type arch='x86_64' machine='q35'>hvm</type><boot dev='hd'/></os>" +
    "<features><acpi/><hyperv><relaxed state='on'/></hyperv></features><cpu mode='custom'><model>qemu64</model>" +
    "<numa><cell id='0' cpus='0-1' memory='65536'/></numa></cpu><clock offset='utc'><timer name='rtc'/></clock><devices>" +
    "<disk type='file'><driver name='qemu' type='qcow2'/><source file='/a'/><target dev='vda' bus='virtio'/></disk>" +
    "<interface type='network'><source network='default'/></interface><serial type='pty'/>" +
    "<graphics type='vnc' port='-1'/><controller type='pci' index='1' model='pcie-root-port'/></devices></domain>";
  const pieces = [...sample.matchAll(/='([^']*)'|>([^<>]+)<|<(\w+)[^<>]*\/>/g)];
  const junk = fc.constantFrom(
    "",
    "0",
    "-1",
    "99999999999999999999",
    "x",
    "yes",
    "default",
    "0-",
    "é",
  );
  fc.assert(
    fc.property(fc.nat({ max: pieces.length - 1 }), junk, (at, value) => {
      const piece = pieces[at];
      assert.ok(piece);
      const [all] = piece;
      const put =
        piece[3] !== undefined ? "" : piece[1] !== undefined ? `='${value}'` : `>${value}<`;
      const changed = sample.slice(0, piece.index) + put + sample.slice(piece.index + all.length);
      try {
        const domain = resolveDomain(parseDomain(changed).domain, FACTS);
        checkDomain(domain, FACTS);
        parseDomain(formatDomain(domain));
      } catch (error) {
        assert.ok(isError(error), changed);
      }
    }),
    { numRuns: 500 },
  );
});
