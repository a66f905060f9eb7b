/** Commands of the group "Checkpoint". */
import { type Commands, flag, text, words } from "./option.ts";
import {
  checkpointname,
  domain,
  name,
  printXml,
  quiesce,
  securityInfo,
  wrap,
  xpath,
} from "./shared.ts";

export const checkpointCommands = {
  "checkpoint-create": {
    summary: "Create a checkpoint from a file",
    options: {
      domain,
      xmlfile: text("file with the XML"),
      redefine: flag("bring back what was known before"),
      "redefine-validate": flag("check the XML when bringing it back"),
      quiesce,
    },
  },
  "checkpoint-create-as": {
    summary: "Create a checkpoint from options",
    options: {
      domain,
      name: text("name of the checkpoint"),
      description: text("a description"),
      "print-xml": printXml,
      quiesce,
      diskspec: words("disk[,attribute=value...]"),
    },
  },
  "checkpoint-delete": {
    summary: "Delete a checkpoint",
    options: {
      domain,
      checkpointname,
      children: flag("the children too"),
      "children-only": flag("only the children"),
      metadata: flag("only what the daemon knows"),
    },
  },
  "checkpoint-dumpxml": {
    summary: "Print the XML of a checkpoint",
    options: {
      domain,
      checkpointname,
      "security-info": securityInfo,
      "no-domain": flag("leave out the domain"),
      size: flag("say how much each disk has changed"),
      xpath,
      wrap,
    },
  },
  "checkpoint-edit": {
    summary: "Change a checkpoint in an editor",
    options: {
      domain,
      checkpointname,
    },
  },
  "checkpoint-info": {
    summary: "Show the facts about a checkpoint",
    options: {
      domain,
      checkpointname,
    },
  },
  "checkpoint-list": {
    summary: "List the checkpoints of a domain",
    options: {
      domain,
      parent: flag("add the name of the parent"),
      roots: flag("only those without parent"),
      leaves: flag("only those without children"),
      "no-leaves": flag("only those with children"),
      tree: flag("draw the tree"),
      from: text("only children of this one"),
      descendants: flag("with --from, all below"),
      name,
      topological: flag("parents before children"),
    },
  },
  "checkpoint-parent": {
    summary: "Print the parent of a checkpoint",
    options: {
      domain,
      checkpointname,
    },
  },
} as const satisfies Commands;
