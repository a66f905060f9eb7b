import assert from "node:assert/strict";
import { test } from "node:test";
import { findHandler, handledNames } from "../command/index.ts";
import { commandsOf, findCommand, groups, namesOf, topicOf } from "./index.ts";

test("catalogue: the index names exactly what each file declares", async () => {
  for (const topic of groups.flatMap((group) => group.topics))
    assert.deepEqual(Object.keys(await topic.load()).toSorted(), topic.names.toSorted());
});

test("catalogue: every command has words for itself and for each option", async () => {
  for (const group of groups)
    for (const [name, command] of await commandsOf(group)) {
      assert.match(command.summary, /^[A-Z].*[^.]$/, name);
      for (const [option, { kind, doc }] of Object.entries(command.options))
        assert.ok(kind === "alias" || doc !== "", `${name} --${option}`);
    }
});

test("catalogue: an alias leads to an option, an old name to a command", async () => {
  for (const name of groups.flatMap(namesOf)) {
    const command = await findCommand(name);
    assert.ok(command !== undefined, name);
    if (command.aliasOf !== undefined) assert.ok(await findCommand(command.aliasOf), name);
    for (const option of Object.values(command.options))
      if (option.kind === "alias") assert.ok(command.options[option.target], name);
  }
});

test("handlers: the index names commands of the catalogue, and each file has its handlers", async () => {
  for (const name of handledNames) {
    assert.ok(topicOf(name), name);
    assert.ok(await findHandler(name), name);
  }
  assert.equal(new Set(handledNames).size, handledNames.length);
});
