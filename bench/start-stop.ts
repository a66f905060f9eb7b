/**
 * How long start and destroy take: bare QEMU, vireod and the real libvirtd, the same domain, the same client, in turns
 * within one run, so that the machine's mood hits all alike. Fails when a promised ratio is not kept.
 * `npm run bench [ROUNDS]`
 */
import { connect } from "@vireo/sdk/libvirt/connect";
import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";
import { emptyXml } from "../test/harness/domain-xml.ts";
import { Libvirtd } from "../test/harness/libvirtd.ts";
import { Vireod } from "../test/harness/vireod.ts";
import { runBareQemu } from "./bare-qemu.ts";
import { median, table } from "./statistics.ts";

const ROUNDS = Number(process.argv[2] ?? 10);
const NAME = "bench";

/** What issue 2 promises. */
const START_TO_BARE = 1.8;
const START_TO_LIBVIRTD = 0.5;
const DESTROY_TO_LIBVIRTD = 0.1;

interface Times {
  readonly start: number[];
  readonly destroy: number[];
}

async function round(connection: LibvirtConnection, { start, destroy }: Times): Promise<void> {
  const { dom } = await connection.call("domainLookupByName", { name: NAME });
  const begin = performance.now();
  const started = await connection.call("domainCreateWithFlags", { dom, flags: 0 });
  const running = performance.now();
  await connection.call("domainDestroy", { dom: started.dom });
  start.push(running - begin);
  destroy.push(performance.now() - running);
}

/** The bare machine: what QEMU of the domain above is given, as far as it shapes the machine. */
const BARE_BINARY = "/usr/bin/qemu-system-x86_64";
const BARE_ARGS =
  "-name bench -machine pc-i440fx-7.2,usb=off,dump-guest-core=off -accel tcg -m 16 -smp 1 -display none " +
  "-no-user-config -nodefaults -rtc base=utc -no-shutdown -boot strict=on " +
  "-device piix3-usb-uhci,id=usb,bus=pci.0,addr=0x1.0x2 -chardev pty,id=charserial0 " +
  "-device isa-serial,chardev=charserial0,id=serial0";

const times = { bare: newTimes(), vireod: newTimes(), libvirtd: newTimes() };

function newTimes(): Times {
  return { start: [], destroy: [] };
}

function report(): boolean {
  const of = ({ start, destroy }: Times): readonly [number, number] => [
    median(start),
    median(destroy),
  ];
  const [bare, vireod, libvirtd] = [of(times.bare), of(times.vireod), of(times.libvirtd)];
  const row = (name: string, [start, destroy]: readonly [number, number]): readonly string[] => [
    name,
    start.toFixed(1),
    (start / bare[0]).toFixed(2),
    destroy.toFixed(1),
  ];
  console.log(`Median of ${ROUNDS}, milliseconds, one client, same domain`);
  console.log(
    table([
      ["", "start", "x bare", "destroy"],
      row("bare QEMU", bare),
      row("vireod", vireod),
      row("libvirtd", libvirtd),
    ]),
  );
  return [
    kept("start / bare QEMU", vireod[0] / bare[0], START_TO_BARE),
    kept("start / libvirtd", vireod[0] / libvirtd[0], START_TO_LIBVIRTD),
    kept("destroy / libvirtd", vireod[1] / libvirtd[1], DESTROY_TO_LIBVIRTD),
  ].every(Boolean);
}

function kept(name: string, ratio: number, limit: number): boolean {
  const isKept = ratio <= limit;
  console.log(
    `${isKept ? "kept  " : "BROKEN"}  ${name} = ${ratio.toFixed(2)}, promised <= ${limit}`,
  );
  return isKept;
}

const missing = Libvirtd.missing();
if (missing !== undefined) throw new Error(`Nothing to compare with: ${missing}`);
const daemons = await Promise.all([Vireod.started(), Libvirtd.started()]);
try {
  const [vireod, libvirtd] = await Promise.all(daemons.map(({ uri }) => connect(uri)));
  if (vireod === undefined || libvirtd === undefined) throw new Error("No connection");
  for (const connection of [vireod, libvirtd]) {
    await connection.call("domainDefineXml", { xml: emptyXml(NAME) });
    await round(connection, newTimes()); // warms caches; not counted
  }
  await runBareQemu(BARE_BINARY, BARE_ARGS.split(" "));
  for (let index = 0; index < ROUNDS; index++) {
    const bare = await runBareQemu(BARE_BINARY, BARE_ARGS.split(" "));
    times.bare.start.push(bare.startMs);
    times.bare.destroy.push(bare.destroyMs);
    await round(vireod, times.vireod);
    await round(libvirtd, times.libvirtd);
  }
  await Promise.all([vireod.close(), libvirtd.close()]);
} finally {
  await Promise.all(daemons.map((daemon) => daemon.cleanUp()));
}
process.exitCode = report() ? 0 : 1;
