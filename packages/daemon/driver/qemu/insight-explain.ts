/** `domain.explain`: each line of the XML, where it comes from and what it becomes. */
import { Domain } from "@vireo/model/domain/domain";
import {
  domainPlaces,
  followed,
  tracedAs,
  type TracedDomain,
  tracedFrom,
  traceResolve,
} from "@vireo/model/domain/explain";
import { isWithin } from "@vireo/model/domain/explain-path";
import { linesOf, type Place } from "@vireo/model/domain/explain-places";
import { ruleOf } from "@vireo/model/domain/explain-rules";
import { formatDomain } from "@vireo/model/domain/format-domain";
import { virError } from "@vireo/model/error";
import type { OperationInput, OperationOutput } from "@vireo/model/operation/operations";
import type { CommandArg } from "@vireo/qemu/command/argument";
import { explainArg } from "@vireo/qemu/command/explain";
import { absenceOf, silenceOf } from "@vireo/qemu/command/explain-silence";
import type { Definitions } from "./definition.ts";
import type { DomainView, LiveDomain } from "./domain-view.ts";
import type { Emulator, QemuEnvironment } from "./environment.ts";
import { tracedCommand } from "./insight-command.ts";
import { sameIdentity } from "./insight-facts.ts";
import { PlaceIndex } from "./insight-places.ts";
import { readWritten } from "./insight-written.ts";

type Explained = OperationOutput<"domain", "explain">;
type Line = Explained["lines"][number];
type Arg = Explained["args"][number];
type Input = OperationInput<"domain", "explain">;

interface Subject {
  readonly traced: TracedDomain;
  readonly emulator: Emulator;
  readonly live?: LiveDomain;
}

async function subjectOfXml(env: QemuEnvironment, xml: string): Promise<Subject> {
  const written = tracedFrom(xml);
  const emulator = await env.emulatorFor(written.domain);
  return { traced: traceResolve(written, emulator.facts), emulator };
}

/** The definition with what is known of how it came about. */
async function tracedDefinition(
  env: QemuEnvironment,
  { uuid, definition }: DomainView,
  emulator: Emulator,
): Promise<TracedDomain> {
  const xml = await readWritten(env, uuid);
  if (xml === undefined) return tracedAs(definition, "definition");
  try {
    const written = tracedFrom(xml);
    const facts = sameIdentity(emulator.facts, written.domain, definition);
    return followed(traceResolve(written, facts), definition, "later");
  } catch {
    return tracedAs(definition, "definition"); // the host or its QEMU is no longer what it was
  }
}

async function subjectOfDomain(
  env: QemuEnvironment,
  view: DomainView,
  inactive: boolean,
): Promise<Subject> {
  const { live, definition } = view;
  const emulator = await env.emulatorFor(definition);
  const traced = await tracedDefinition(env, view, emulator);
  if (live === undefined || inactive) return { traced, emulator };
  return { traced: followed(traced, live.config, "running"), emulator, live };
}

function subjectOf({ env, list }: Definitions, { domain, xml, inactive }: Input): Promise<Subject> {
  if ((domain === undefined) === (xml === undefined))
    throw virError("invalidArg", "either a domain or its XML is needed");
  if (xml !== undefined) return subjectOfXml(env, xml);
  if (domain === undefined) throw virError("invalidArg", "a domain is needed");
  return subjectOfDomain(env, list.find(domain).view, inactive === true);
}

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value);

const sourceOf = ({ path, text, source }: Place): Line["sources"][number] => ({
  path,
  rule: source.rule,
  why: ruleOf(source.rule).doc,
  ...(text === undefined ? {} : { value: text }),
  ...(source.line === undefined ? {} : { line: source.line }),
  // a secret stays untold also in its older form
  ...(source.was === undefined || text === undefined ? {} : { was: textOf(source.was) }),
});

function argOf(arg: CommandArg, places: PlaceIndex): Arg {
  const anchor = places.anchor(arg.origin);
  const absent = anchor === arg.origin ? undefined : absenceOf(arg.origin);
  return { ...explainArg(arg), anchor, ...(absent === undefined ? {} : { absent }) };
}

/** `/domain/x` and `/domain/devices/x`: the parts that are expected to make arguments. */
const PART = /^\/domain\/(devices\/)?[^/]+$/;

function lineOf({ xml, path }: { xml: string; path?: string }, of: Parts): Line {
  if (path === undefined) return { xml, sources: [], args: [] };
  const args = of.argsAt.get(path) ?? [];
  const silent =
    args.length === 0 && PART.test(path)
      ? silenceOf(path, (below) => of.places.text(`${path}/${below}`))
      : undefined;
  return {
    xml,
    path,
    sources: of.places.at(path).map(sourceOf),
    args,
    ...(silent === undefined ? {} : { silent }),
  };
}

interface Parts {
  readonly places: PlaceIndex;
  /** Positions of arguments by the element they realise. */
  readonly argsAt: ReadonlyMap<string, readonly number[]>;
}

function byElement(args: readonly Arg[]): Parts["argsAt"] {
  const positions = new Map<string, number[]>();
  for (const [at, { anchor }] of args.entries()) {
    const element = elementOf(anchor);
    const known = positions.get(element);
    if (known === undefined) positions.set(element, [at]);
    else known.push(at);
  }
  return positions;
}

/** The element of an attribute or text. */
const elementOf = (path: string): string => path.replace(/\/(@[^/]*|text\(\))$/, "");

/** Only what was asked for; positions of arguments are those of the shorter list. */
function selected(
  { lines, args }: Pick<Explained, "lines" | "args">,
  { path, arg }: Input,
  places: PlaceIndex,
): Pick<Explained, "lines" | "args"> {
  if (path === undefined && arg === undefined) return { lines, args };
  const within = (place: string): boolean =>
    path === undefined || isWithin(place, path, (at) => places.text(at));
  const hit = ({ option, value = "" }: Arg): boolean =>
    arg === undefined || `${option} ${value}`.includes(arg);
  const kept = args.filter((one) => hit(one) && (within(one.anchor) || within(one.origin)));
  const anchors = kept.map(({ anchor }) => elementOf(anchor));
  const wanted = ({ path: at, sources }: Line): boolean => {
    if (at === undefined || !sources.some((source) => within(source.path))) return false;
    return (
      arg === undefined ||
      anchors.some(
        (anchor) => at === anchor || (anchor !== "/domain" && at.startsWith(`${anchor}/`)),
      )
    );
  };
  const before = new Map(args.map((one, at) => [one, at]));
  const position = new Map(kept.map((one, at) => [before.get(one), at]));
  return {
    args: kept,
    lines: lines.filter(wanted).map((line) => ({
      ...line,
      sources: line.sources.filter((source) => within(source.path)),
      args: line.args.flatMap((at) => position.get(at) ?? []),
    })),
  };
}

/** @throws VireoError `invalidArg` when nothing is at the asked place */
export async function explain(definitions: Definitions, input: Input): Promise<Explained> {
  const { traced, emulator, live } = await subjectOf(definitions, input);
  const command = await tracedCommand(definitions.env, { traced, emulator, live });
  const places = new PlaceIndex(domainPlaces(traced));
  const args = command.args.map((arg) => argOf(arg, places));
  const argsAt = byElement(args);
  const running = live !== undefined;
  const printed = running ? { ...live.config, id: live.id } : traced.domain;
  const lines = linesOf(Domain, formatDomain(printed, { live: running })).map((line) =>
    lineOf(line, { places, argsAt }),
  );
  const found = selected({ lines, args }, input, places);
  if (found.lines.length === 0 && found.args.length === 0)
    throw virError("invalidArg", `nothing of the domain is at '${input.path ?? input.arg ?? ""}'`);
  const { problem } = command;
  return {
    name: traced.domain.name,
    running,
    ...found,
    ...(problem === undefined ? {} : { problem }),
  };
}
