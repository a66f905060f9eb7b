/** Marks that tell why nobody supports a guest any more, in libvirt's words. */
import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { DomainView } from "./domain-view.ts";

/** libvirt's description of each mark. */
const MEANING = {
  "custom-argv": "custom configuration parameters specified",
  "custom-monitor": "custom monitor control commands issued",
  "high-privileges": "running with undesirable elevated privileges",
  "host-cpu": "potentially unsafe use of host CPU passthrough",
  "hook-script": "configuration potentially modified by hook script",
  "custom-ga-command": "custom guest agent control commands issued",
} as const;
export type TaintMark = keyof typeof MEANING;

/** What a client is told of the marks. */
export const taintMessages = (marks: readonly string[]): readonly string[] =>
  Object.entries(MEANING).flatMap(([mark, text]) =>
    marks.includes(mark) ? [`tainted: ${text}`] : [],
  );

/** The marks that a guest bears from its start on. */
export function startTaints(config: ResolvedDomain): readonly TaintMark[] {
  const { cpu, qemuCommandLine } = config;
  return [
    ...(process.getuid?.() === 0 ? (["high-privileges"] as const) : []),
    ...(qemuCommandLine === undefined ? [] : (["custom-argv"] as const)),
    ...(cpu?.mode === "host-passthrough" ? (["host-cpu"] as const) : []),
  ];
}

/** The actor, as far as this needs it. */
interface Tainted {
  readonly view: DomainView;
  readonly update: (change: Partial<DomainView>) => void;
}

/** Remembers that the domain's behaviour is not ours alone any more. */
export function taint(actor: Tainted, mark: TaintMark): void {
  const { live } = actor.view;
  if (live === undefined || live.taints.includes(mark)) return;
  actor.update({ live: { ...live, taints: [...live.taints, mark] } });
}
