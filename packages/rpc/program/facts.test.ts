/** The declarations against the protocol facts, and against every frame that was captured. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Layout } from "../xdr/layout.ts";
import { decode, encode, type XdrType } from "../xdr/xdr-type.ts";
import { PROGRAMS } from "./layout.ts";
import { HEADER_BYTES, PacketStatus, PacketType, readHeader } from "../packet.ts";
import type { Procedure } from "./procedure.ts";
import { remoteError } from "./remote/type.ts";

const FACTS = fileURLToPath(new URL("../../../../shared/facts/", import.meta.url));
const skip = existsSync(FACTS) ? false : `no facts at ${FACTS}`;
const LIMIT = { limit: 33_554_408 };

interface FactType {
  readonly kind: string;
  readonly name?: string;
  readonly refKind?: string;
  readonly fixed?: boolean;
  readonly size?: number;
  readonly max?: number;
  readonly element?: FactType;
}
interface FactField {
  readonly name: string;
  readonly type: FactType;
}
interface FactProcedure {
  readonly program: string;
  readonly programNumber: number;
  readonly number: number;
  readonly name: string;
  readonly args: string | null;
  readonly ret: string | null;
  readonly msg: string | null;
  readonly kind: "call" | "event";
  readonly priority: "low" | "high";
  readonly readstream: number | null;
  readonly writestream: number | null;
  readonly acl: readonly { readonly raw: string }[];
  readonly aclfilter: readonly { readonly raw: string }[];
  readonly api: string | null;
  readonly readonly?: { readonly policy: string };
  readonly needAuth?: boolean;
}
interface Facts {
  readonly procedures: readonly FactProcedure[];
  readonly structs: Readonly<Record<string, { readonly fields: readonly FactField[] }>>;
  readonly typedefs: Readonly<Record<string, { readonly type: FactType }>>;
  readonly unions: Readonly<
    Record<
      string,
      { readonly cases: readonly { readonly value: number; readonly type: FactType }[] }
    >
  >;
}

const SCALARS: Readonly<Record<string, Layout["kind"]>> = {
  int: "int",
  "unsigned int": "uint",
  hyper: "hyper",
  "unsigned hyper": "uhyper",
  double: "double",
  char: "char",
  "unsigned char": "uchar",
  "unsigned short": "ushort",
};

/** A fact's type in the form of our layouts, names left out. */
function expected(facts: Facts, type: FactType): unknown {
  const extent = type.fixed === true ? { size: type.size } : { max: type.max };
  switch (type.kind) {
    case "string":
      return { kind: "string", max: type.max };
    case "opaque":
      return { kind: "opaque", ...extent };
    case "array":
      return { kind: "array", element: expected(facts, defined(type.element)), ...extent };
    case "optional":
      return { kind: "optional", element: expected(facts, defined(type.element)) };
    case "ref":
      return expectedRef(facts, type);
    default:
      return { kind: defined(SCALARS[type.kind]) };
  }
}

function expectedRef(facts: Facts, { name, refKind }: FactType): unknown {
  const key = defined(name);
  if (refKind === "enum") return { kind: "enum" };
  if (refKind === "typedef") return expected(facts, defined(facts.typedefs[key]).type);
  if (refKind === "struct") return expectedStruct(facts, key);
  const { cases } = defined(facts.unions[key]);
  return {
    kind: "union",
    arms: cases.map((c) => ({ tag: c.value, layout: expected(facts, c.type) })),
  };
}

function expectedStruct(facts: Facts, name: string | null): unknown {
  if (name === null) return { kind: "void" };
  const { fields } = defined(facts.structs[name]);
  return {
    kind: "struct",
    fields: fields.map((f) => ({ name: f.name, layout: expected(facts, f.type) })),
  };
}

function defined<T>(value: T | undefined): T {
  assert.notEqual(value, undefined);
  return value as T;
}

/** Our layout without the names of structs (those of fields stay). */
function anonymous(layout: Layout): unknown {
  switch (layout.kind) {
    case "array":
    case "optional":
      return { ...layout, element: anonymous(layout.element) };
    case "struct":
      return {
        kind: "struct",
        fields: layout.fields.map((f) => ({ name: f.name, layout: anonymous(f.layout) })),
      };
    case "union":
      return {
        kind: "union",
        arms: layout.arms.map((a) => ({ tag: a.tag, layout: anonymous(a.layout) })),
      };
    default:
      return layout;
  }
}

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/gu, (_, letter: string) => letter.toUpperCase());

function declared(program: string, name: string): Procedure {
  const found = PROGRAMS.find((p) => p.name === program)?.procedures[name];
  assert.ok(found, `${program} ${name} is not declared`);
  return found;
}

/** What the declaration says of direction, in the words of the facts. */
const streams = (p: Procedure): object => ({
  read: p.stream === "download" || p.stream === "both",
  write: p.stream === "upload",
});

function checkProcedure(facts: Facts, fact: FactProcedure): void {
  const p = declared(fact.program, camel(fact.name));
  assert.equal(p.number, fact.number);
  assert.equal(p.kind, fact.kind);
  assert.equal(p.priority ?? "low", fact.priority);
  assert.equal(p.api ?? null, fact.api);
  assert.deepEqual(
    p.acl ?? [],
    fact.acl.map((a) => a.raw),
  );
  assert.deepEqual(
    p.aclFilter ?? [],
    fact.aclfilter.map((a) => a.raw),
  );
  assert.deepEqual(streams(p), {
    read: fact.readstream !== null,
    write: fact.writestream !== null,
  });
  if (fact.readonly !== undefined) {
    const policy = typeof p.readOnly === "object" ? "conditional" : (p.readOnly ?? "denied");
    assert.equal(policy, fact.readonly.policy);
  }
  if (p.kind === "event") {
    const message =
      fact.msg === null ? { kind: "struct", fields: [] } : expectedStruct(facts, fact.msg);
    assert.deepEqual(anonymous(p.message.layout), message);
    return;
  }
  assert.deepEqual(anonymous(p.args.layout), expectedStruct(facts, fact.args));
  assert.deepEqual(anonymous(p.ret.layout), expectedStruct(facts, fact.ret));
}

test("program: declarations equal the protocol facts", { skip }, () => {
  const facts = JSON.parse(readFileSync(`${FACTS}protocol.json`, "utf8")) as Facts;
  for (const fact of facts.procedures) {
    assert.doesNotThrow(() => {
      checkProcedure(facts, fact);
    }, `${fact.program} ${fact.name}`);
  }
  const own = ["vireo", "lxc"]; // the facts are of what libvirtd serves for QEMU
  const ours = PROGRAMS.filter((p) => !own.includes(p.name)).flatMap((p) =>
    Object.keys(p.procedures),
  );
  assert.equal(ours.length, facts.procedures.length);
  assert.deepEqual(anonymous(remoteError.layout), expectedStruct(facts, "remote_error"));
});

interface Frame {
  readonly hex?: string;
  readonly hexTruncated?: boolean;
  readonly header?: object;
}

/** The declared type of a frame's body; undefined for raw stream data and unknown procedures. */
function bodyType(packet: Buffer): XdrType<unknown> | undefined {
  const { program, procedure, type, status } = readHeader(packet);
  const procedures = PROGRAMS.find((p) => p.number === program)?.procedures ?? {};
  const found = Object.values(procedures).find((p) => p.number === procedure);
  if (found === undefined) return undefined;
  const hasBody = packet.length > HEADER_BYTES;
  if (status === PacketStatus.error) return hasBody ? remoteError : undefined;
  if (found.kind === "event") return type === PacketType.message ? found.message : undefined;
  return bodyOfCall(found, type);
}

function bodyOfCall(
  { args, ret }: Procedure & { readonly kind: "call" },
  type: number,
): XdrType<unknown> | undefined {
  switch (type) {
    case PacketType.call:
    case PacketType.callWithFds:
      return args;
    case PacketType.reply:
    case PacketType.replyWithFds:
      return ret;
    default:
      return undefined;
  }
}

/** Decode and encode one frame; true when it had a typed body. */
function roundTrip(bytes: Buffer, where: string): boolean {
  const type = bodyType(bytes);
  if (type === undefined) return false;
  const withFds = [4, 5].includes(bytes.readUInt32BE(16));
  const body = bytes.subarray(withFds ? 32 : 28);
  const again = encode(type, decode(type, body), LIMIT);
  assert.equal(again.toString("hex"), body.toString("hex"), where);
  return true;
}

test("program: captured frames decode and encode to the same bytes", { skip }, () => {
  let frames = 0;
  // the raw probes are malformed on purpose
  const files = readdirSync(`${FACTS}captures`).filter(
    (f) => f.endsWith(".jsonl") && !f.startsWith("raw-"),
  );
  for (const file of files) {
    const lines = readFileSync(`${FACTS}captures/${file}`, "utf8").trimEnd().split("\n");
    for (const [i, line] of lines.entries()) {
      const frame = JSON.parse(line) as Frame;
      if (frame.header === undefined || frame.hex === undefined || frame.hexTruncated) continue;
      if (roundTrip(Buffer.from(frame.hex, "hex"), `${file}:${i + 1}`)) frames++;
    }
  }
  assert.ok(frames > 10_000, `only ${frames} frames`);
});
