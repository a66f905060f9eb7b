/** Which file runs which command, so that running one command reads one file. */
import type { Handler } from "../answer.ts";

interface HandlerFile {
  readonly names: readonly string[];
  load(): Promise<{ readonly handlers: { readonly [name: string]: Handler } }>;
}

const file = (names: string, load: HandlerFile["load"]): HandlerFile => ({
  names: names.split(" "),
  load,
});

const files: readonly HandlerFile[] = [
  file("cd pwd echo quit exit", () => import("./itself/terminal.ts")),
  file("help complete completion connect", () => import("./itself/guide.ts")),
  file("list", () => import("./monitor/list.ts")),
  file("dominfo domstate domcontrol", () => import("./monitor/info.ts")),
  file("domblklist domblkinfo domblkstat domblkerror", () => import("./monitor/disk.ts")),
  file("domiflist domifaddr domifstat domif-getlink", () => import("./monitor/network.ts")),
  file("domstats dommemstat", () => import("./monitor/stats.ts")),
  file(
    "start shutdown reboot reset destroy suspend resume inject-nmi",
    () => import("./domain/power.ts"),
  ),
  file("define create undefine autostart domrename", () => import("./domain/definition.ts")),
  file("console ttyconsole", () => import("./domain/console.ts")),
  file("domdisplay vncdisplay", () => import("./domain/display.ts")),
  file("domid domname domuuid", () => import("./domain/identity.ts")),
  file("dumpxml edit", () => import("./domain/xml.ts")),
  file("desc metadata", () => import("./domain/text.ts")),
  file("vcpucount vcpuinfo", () => import("./domain/cpu.ts")),
  file("event", () => import("./event/domain.ts")),
  file("uri hostname version capabilities domcapabilities sysinfo maxvcpus cpu-models", () =>
    import("./host/connection.ts"),
  ),
  file("nodeinfo nodecpustats nodememstats nodecpumap", () => import("./host/node.ts")),
  file("freecell", () => import("./host/memory.ts")),
];

/** Names of commands that can be run. */
export const handledNames: readonly string[] = files.flatMap(({ names }) => names);

/** What runs a command, or undefined when nothing does yet. */
export async function findHandler(name: string): Promise<Handler | undefined> {
  const found = files.find(({ names }) => names.includes(name));
  return (await found?.load())?.handlers[name];
}
