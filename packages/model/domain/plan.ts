/** What changing a domain's definition would do, and when. */
import { diff, type Change } from "../schema/diff.ts";
import { Domain } from "./domain.ts";
import { changedText, placeOfChange, type ChangedPlace } from "./plan-place.ts";
import { type ChangeKind, type Impact, type LiveAction, planRuleFor } from "./plan-rules.ts";

export interface PlannedChange {
  /** XPath; of the new definition, unless the place is gone. */
  readonly path: string;
  readonly kind: ChangeKind["kind"];
  /** As XML writes it; absent where there is none. */
  readonly old?: string;
  readonly new?: string;
  readonly impact: Impact;
  readonly why: string;
  /** How the driver does it in the running domain; only with impact `live` of a running domain. */
  readonly by?: LiveAction;
}

export interface PlanInput {
  /** The running configuration, in the form of a definition; absent while the domain is off. */
  readonly running?: Domain;
  readonly definition: Domain;
  readonly wanted: Domain;
  /** What the driver can change in a running domain. */
  readonly can: ReadonlySet<LiveAction>;
}

/** `a/@b` of the nearest element around the change that has `a`. */
function attributeAround({ around }: ChangedPlace, path: string): string | undefined {
  for (const { value } of around) {
    let at: unknown = value;
    for (const key of path.split(/\/?@|\//).filter((step) => step !== ""))
      at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
    if (at !== undefined && typeof at !== "object") return String(at);
  }
  return undefined;
}

const kindOf = ({ before, after }: Change): ChangeKind["kind"] =>
  before === undefined ? "added" : after === undefined ? "removed" : "changed";

type Timing = Pick<PlannedChange, "impact" | "why" | "by">;

function timing(kind: ChangeKind, { running, can }: PlanInput, isSame: boolean): Timing {
  const { impact, why, by } = planRuleFor(kind);
  if (impact !== "live" || by === undefined) return { impact, why };
  if (running === undefined)
    return by === "metadata" ? { impact, why } : { impact: "nextBoot", why: "The domain is off" };
  if (isSame) return { impact, why: "The running domain has it already" };
  if (can.has(by)) return { impact, why, by };
  return {
    impact: "nextBoot",
    why: `${why}, but this daemon cannot do that to a running domain yet`,
  };
}

function planned(change: Change, input: PlanInput, toDo: ReadonlySet<string>): PlannedChange[] {
  const { definition, wanted, running } = input;
  const kind = kindOf(change);
  const root = kind === "removed" ? definition : wanted;
  // a member that is gone is described by the element around it, which may still be there
  const place = placeOfChange(Domain, root, change);
  if (place === undefined) return [];
  const { path } = place;
  const plain = path.replaceAll(/\[\d+\]/g, "");
  const attribute = (asked: string): string | undefined => attributeAround(place, asked);
  const isSame = running !== undefined && !toDo.has(change.path);
  const [before, after] = [change.before, change.after].map((one) =>
    changedText(place.planned, one),
  );
  return [
    {
      path,
      kind,
      ...(before === undefined ? {} : { old: before }),
      ...(after === undefined ? {} : { new: after }),
      ...timing({ path: plain, kind, attribute }, input, isSame),
    },
  ];
}

/** The changes from `definition` to `wanted`, in print order, each with the time it takes effect. */
export function planDomain(input: PlanInput): readonly PlannedChange[] {
  const { running, definition, wanted } = input;
  const toDo = new Set(
    running === undefined ? [] : diff(Domain, running, wanted).map(({ path }) => path),
  );
  return diff(Domain, definition, wanted).flatMap((change) => planned(change, input, toDo));
}
