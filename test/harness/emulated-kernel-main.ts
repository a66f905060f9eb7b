/**
 * `emulated-kernel-main.ts TREE MOUNT LOG [BENEATH]`: shows TREE at MOUNT until it is unmounted, reacting to what is written, see
 * emulated-kernel.ts. What TREE lacks is shown from BENEATH. Writes are told in LOG; those to a path that stands in
 * LOG.stuck never end.
 */
import {
  appendFileSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { FuseServer, type ShownTree } from "./fuse-server.ts";
import { KernelReactions } from "./kernel-reactions.ts";

const [, , root = "", mount = "", log = "", beneath] = process.argv;
const kernel = new KernelReactions(root);

/** Links may dangle: it is asked without following. */
function isIn(place: string, path: string): boolean {
  try {
    lstatSync(join(place, path));
    return true;
  } catch {
    return false;
  }
}

const place = (path: string): string =>
  join(beneath !== undefined && !isIn(root, path) && isIn(beneath, path) ? beneath : root, path);

const namesIn = (directory: string): readonly string[] =>
  existsSync(directory) ? readdirSync(directory) : [];

function list(path: string): readonly string[] {
  const own = readdirSync(place(path)).filter((name) => !(path === "/" && name.startsWith(".")));
  const lower = beneath === undefined ? [] : namesIn(join(beneath, path));
  return [...new Set([...own, ...lower])];
}

const isStuck = (path: string): boolean =>
  existsSync(`${log}.stuck`) && readFileSync(`${log}.stuck`, "utf8").split("\n").includes(path);

const tree: ShownTree = {
  stat: (path) => lstatSync(place(path)),
  list,
  target: (path) => readlinkSync(place(path)),
  content: (path) => readFileSync(place(path)),
  write: (path, text) => {
    appendFileSync(log, `${path}=${text.trim()}\n`);
    if (isStuck(path)) return undefined;
    kernel.write(path, text);
    return "done";
  },
};

FuseServer.mount(tree, mount, () => process.exit(0));
writeSync(1, "mounted\n");
