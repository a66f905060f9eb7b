import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const FACTS = fileURLToPath(new URL("../../../../shared/facts/enums.json", import.meta.url));
const skip = existsSync(FACTS) ? false : `no facts at ${FACTS}`;

interface Facts {
  readonly enums: Readonly<Record<string, { readonly members: Readonly<Record<string, number>> }>>;
  readonly stringMacros: Readonly<Record<string, { readonly value: string }>>;
}

async function declared(): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const files = readdirSync(import.meta.dirname).filter((f) => /^[a-z-]+\.ts$/u.test(f));
  const modules = await Promise.all(files.map((f) => import(`./${f}`) as Promise<object>));
  return new Map(modules.flatMap((module) => Object.entries(module)));
}

/** Whether our member name is the end of libvirt's constant, as the rule says. */
function isTail(ours: string, constant: string): boolean {
  return constant.replaceAll("_", "").endsWith(ours.toUpperCase());
}

test("constant: every enum of libvirt is here with its values", { skip }, async () => {
  const facts = JSON.parse(readFileSync(FACTS, "utf8")) as Facts;
  const ours = await declared();
  for (const [name, { members }] of Object.entries(facts.enums)) {
    const object = ours.get(name.slice(3));
    assert.ok(object, name);
    assert.deepEqual(Object.values(object), Object.values(members), name);
    const constants = Object.keys(members);
    for (const [i, key] of Object.keys(object).entries()) {
      assert.ok(isTail(key, constants[i] ?? ""), `${name}.${key} is not ${String(constants[i])}`);
    }
  }
  const texts = Object.values(facts.stringMacros).map((m) => m.value);
  assert.deepEqual(Object.values(ours.get("ParamName") ?? {}), texts);
});
