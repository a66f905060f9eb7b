/**
 * The wire, written down: every procedure with its number, facts and the layout of its bodies. The
 * listing is checked in (`layout.txt`), so that no edit changes the wire without showing up.
 */
import { namedStructs, type Layout, printLayout } from "../xdr/layout.ts";
import { admin } from "./admin.ts";
import { keepalive } from "./keepalive.ts";
import { lxc } from "./lxc.ts";
import type { Procedure, Program, ReadOnlyPolicy } from "./procedure.ts";
import { qemu } from "./qemu.ts";
import { remote } from "./remote.ts";
import { remoteError } from "./remote/type.ts";
import { vireo } from "./vireo.ts";

/** Every program Vireo knows. */
export const PROGRAMS: readonly Program[] = [remote, qemu, lxc, admin, keepalive, vireo];

/** The listing: shared structs first, then the programs' procedures by number. */
export function layoutListing(): string {
  return `${[...structLines(), ...PROGRAMS.flatMap(programLines)].join("\n")}\n`;
}

function structLines(): readonly string[] {
  const layouts = PROGRAMS.flatMap((p) => Object.values(p.procedures)).flatMap(bodiesOf);
  const structs = [...layouts, remoteError.layout].flatMap(namedStructs);
  return [...new Set(structs.map((s) => `struct ${String(s.name)} ${printLayout(s)}`))].sort();
}

const bodiesOf = (procedure: Procedure): readonly Layout[] =>
  procedure.kind === "call"
    ? [procedure.args.layout, procedure.ret.layout]
    : [procedure.message.layout];

function programLines(program: Program): readonly string[] {
  const header = `\nprogram ${program.name} 0x${program.number.toString(16)} version ${program.version}`;
  const procedures = Object.entries(program.procedures);
  procedures.sort(([, a], [, b]) => a.number - b.number);
  return [header, ...procedures.flatMap(([name, p]) => procedureLines(name, p))];
}

function procedureLines(name: string, p: Procedure): readonly string[] {
  const head = [`${p.number} ${name}`, p.kind, ...factWords(p)].join(" ");
  if (p.kind === "event") return [head, `  message ${printLayout(p.message.layout)}`];
  return [head, `  args ${printLayout(p.args.layout)}`, `  ret ${printLayout(p.ret.layout)}`];
}

function factWords(p: Procedure): readonly string[] {
  return [
    ...(p.api === undefined ? [] : [`api=${p.api}`]),
    ...(p.acl ?? []).map((right) => `acl=${right}`),
    ...(p.aclFilter ?? []).map((right) => `filter=${right}`),
    ...(p.kind === "call" ? [`readOnly=${policyWord(p.readOnly ?? "denied")}`] : []),
    ...(p.priority === undefined ? [] : [`priority=${p.priority}`]),
    ...(p.stream === undefined ? [] : [`stream=${p.stream}`]),
    ...(p.descriptors === undefined ? [] : [`descriptors=${p.descriptors}`]),
    ...(p.beforeAuth === undefined ? [] : ["beforeAuth"]),
  ];
}

function policyWord(policy: ReadOnlyPolicy): string {
  if (typeof policy === "string") return policy;
  return "bits" in policy
    ? `unless(${policy.field}&${policy.bits})`
    : `unless(${policy.field}==${policy.equals})`;
}
