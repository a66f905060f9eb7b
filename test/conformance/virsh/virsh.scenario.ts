/**
 * The measurement that main.ts runs in a network of its own. Prints a table by command. Exit status 1 when fewer than 95 % of
 * the commands that can be asked here are the same or in the ledger, or when the ledger names what is the same by now.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { Libvirtd } from "../../harness/libvirtd.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";
import { run } from "../../harness/run.ts";
import { Vireod } from "../../harness/vireod.ts";
import { judge, readLedger, type Verdict } from "../ledger.ts";
import { messageOf } from "../result.ts";
import { compareScene, summarise, type CommandSummary } from "./judge-virsh.ts";
import { KNOWN_FORMS } from "./normalise.ts";
import { NOT_APPLICABLE } from "./not-applicable.ts";
import { SCENES } from "./scenes.ts";
import { Side } from "./side.ts";

refuseHostNetwork();

/** Groups of virsh that this measures, as `virsh help` names them. */
const GROUPS =
  "domain monitor events host checkpoint snapshot backup pool volume secret network interface filter".split(
    " ",
  );
const GOAL = 0.95;

const { values } = parseArgs({
  options: {
    scene: { type: "string" },
    command: { type: "string" },
    json: { type: "string" },
    failures: { type: "boolean", default: false },
  },
});

async function commandsOf(group: string): Promise<readonly string[]> {
  const { stdout } = await run("virsh", ["help", group]);
  return [...stdout.matchAll(/^ {4}([\w-]+) {2,}/gm)].map(([, name]) => name ?? "");
}

async function playAll(): Promise<readonly Verdict[]> {
  const [libvirtd, vireod] = await Promise.all([Libvirtd.started(), Vireod.started()]);
  const sides = [new Side(libvirtd), new Side(vireod)] as const;
  const verdicts: Verdict[] = [];
  try {
    await Promise.all(sides.map((side) => side.prepare()));
    for (const scene of SCENES) {
      if (!scene.title.includes(values.scene ?? "")) continue;
      const begin = performance.now();
      const [expected, actual] = await Promise.all([sides[0].play(scene), sides[1].play(scene)]);
      verdicts.push(...judge(compareScene(scene.title, expected, actual), readLedger()));
      console.error(`${scene.title}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    }
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 2;
  } finally {
    await Promise.all(sides.map((side) => side.cleanUp()));
  }
  return verdicts;
}

function print(summaries: readonly CommandSummary[]): void {
  for (const { command, outcome, asked, differing, why } of summaries)
    console.log(
      `${command.padEnd(26)} ${outcome.padEnd(15)} ${`${asked - differing}/${asked}`.padStart(7)}  ${why}`,
    );
}

const missing = Libvirtd.missing();
if (missing !== undefined) {
  console.error(`conformance:virsh: ${missing}`);
  process.exit(2);
}
const verdicts = await playAll();
const commands = (await Promise.all(GROUPS.map(commandsOf))).flat();
const summaries = commands
  .filter((command) => values.command === undefined || command === values.command)
  .map((command) => {
    const why = NOT_APPLICABLE[command];
    if (why === undefined) return summarise(command, verdicts);
    return { command, outcome: "not applicable" as const, asked: 0, differing: 0, why };
  });
print(summaries);
if (values.failures)
  for (const { verdict, tier, id, detail } of verdicts)
    if (verdict === "failed" && (values.command ?? tier) === tier)
      console.log(`\n${id}\n    ${detail.replaceAll("\n", "\n    ")}`);

const applicable = summaries.filter(({ outcome }) => outcome !== "not applicable");
const good = applicable.filter(({ outcome }) => outcome === "same" || outcome === "ledgered");
const share = good.length / Math.max(applicable.length, 1);
const answers = verdicts.filter(({ verdict }) => verdict !== "failed").length;
const stale = verdicts.filter(({ verdict }) => verdict === "listed but passes");
for (const { id } of stale) console.log(`listed but passes: ${id}`);
const formed = new Set(KNOWN_FORMS.map(({ why }) => why).filter((why) => why !== "as above"));
console.log(`\nleft out on both sides: ${[...formed].join("; ")}`);
console.log(
  `\n${good.length} of ${applicable.length} commands are the same or ledgered (${(100 * share).toFixed(1)} %); ` +
    `${answers} of ${verdicts.length} answers`,
);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(verdicts, null, 1)}\n`);
if (share < GOAL || stale.length > 0) process.exitCode ??= 1;
