/**
 * Whose the images of running domains are when QEMU runs as a user of its own: each is given to
 * that user while a domain has it open, and goes back to its owner when no domain has any more.
 *
 *     somebody's -> (written down, then given) QEMU's, counted by domain and node -> (last one gone) somebody's
 *
 * What was somebody's is on disk before it is given away, so neither a crash nor a reboot forgets it.
 */
import { explainError, isError, virError } from "@vireo/model/error";
import type { Logger } from "pino";
import { execProgram } from "../../host/exec.ts";
import { readTextIfThere, writeFileAtomically } from "../../host/file.ts";
import type { QemuUser } from "../../host/qemu-user.ts";
import { type HeldImage, imageIn, isCreation } from "./held-image.ts";

interface Owned {
  readonly uid: number;
  readonly gid: number;
  /** Names of the block nodes that have it open, by UUID of the domain. */
  readonly users: Map<string, Set<string>>;
}

type Stored = Record<string, { uid: number; gid: number; users: Record<string, string[]> }>;

/** An image on storage that is dead must not hold up a start for longer. */
const TOUCH_MS = 5000;

export class ImageOwners {
  readonly user: QemuUser;
  readonly #path: string;
  readonly #log: Logger;
  readonly #owned = new Map<string, Owned>();
  /** The last work on each image; a dead one holds up no other. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #writing: Promise<unknown> = Promise.resolve();

  constructor(user: QemuUser, path: string, log: Logger) {
    this.user = user;
    this.#path = path;
    this.#log = log;
  }

  /** Reads what an earlier daemon gave away. @throws VireoError `systemError` */
  async load(): Promise<void> {
    const text = await readTextIfThere(this.#path);
    if (text === undefined) return;
    const stored = JSON.parse(text) as Stored; // we wrote it, in one piece
    for (const [path, { uid, gid, users }] of Object.entries(stored)) {
      const names = Object.entries(users).map(([uuid, nodes]) => [uuid, new Set(nodes)] as const);
      this.#owned.set(path, { uid, gid, users: new Map(names) });
    }
  }

  /** Gives back what only domains have that run no more. */
  async settle(running: ReadonlySet<string>): Promise<void> {
    const gone = new Set([...this.#owned.values()].flatMap(({ users }) => [...users.keys()]));
    for (const uuid of gone) if (!running.has(uuid)) await this.release(uuid);
    const left = [...this.#owned].filter(([, { users }]) => users.size === 0);
    await Promise.all(left.map(([path]) => this.#inTurn(path, () => this.#giveBack(path))));
  }

  /** Gives images to QEMU's user. @throws VireoError when one cannot be given */
  async hold(uuid: string, images: readonly HeldImage[]): Promise<void> {
    await Promise.all(
      images.map((image) => this.#inTurn(image.path, () => this.#give(uuid, image))),
    );
  }

  /** A domain lets go of some: they go back, unless others have them. */
  async drop(uuid: string, images: readonly HeldImage[]): Promise<void> {
    await Promise.all(images.map((image) => this.#drop(uuid, image)));
  }

  /** A domain has ended: its images go back, unless others have them. */
  async release(uuid: string): Promise<void> {
    const held = [...this.#owned].filter(([, { users }]) => users.has(uuid));
    await Promise.all(
      held.map(([path]) =>
        this.#inTurn(path, () => this.#leave(path, (users) => users.delete(uuid))),
      ),
    );
  }

  /** Runs a command of the monitor; what it opens is QEMU's by then, and what it closes goes back. */
  async around<T>(
    uuid: string,
    [command, args]: readonly [string, (object | undefined)?, ...unknown[]],
    run: () => Promise<T>,
  ): Promise<T> {
    const image = imageIn(command, args);
    if (image !== undefined) {
      if (isCreation(command)) await touch(image.path);
      await this.hold(uuid, [image]);
    }
    try {
      const answer = await run();
      if (command === "blockdev-del") await this.#closed(uuid, args);
      return answer;
    } catch (error) {
      if (image !== undefined) await this.#drop(uuid, image);
      throw error;
    }
  }

  async #closed(uuid: string, args: object = {}): Promise<void> {
    const node = "node-name" in args ? String(args["node-name"]) : "";
    for (const [path, { users }] of this.#owned)
      if (users.get(uuid)?.has(node) === true) await this.#drop(uuid, { path, node });
  }

  #drop(uuid: string, { path, node }: HeldImage): Promise<void> {
    return this.#inTurn(path, () =>
      this.#leave(path, (users) => {
        const nodes = users.get(uuid);
        nodes?.delete(node);
        if (nodes?.size === 0) users.delete(uuid);
      }),
    );
  }

  async #inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(path) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#turns.set(path, mine);
    try {
      return await mine;
    } finally {
      if (this.#turns.get(path) === mine) this.#turns.delete(path);
    }
  }

  async #give(uuid: string, { path, node }: HeldImage): Promise<void> {
    const known = this.#owned.get(path);
    const owner = known ?? (await ownerOf(path));
    if (owner === undefined) return; // QEMU says that it is not there
    const { uid, gid } = this.user;
    if (known === undefined && owner.uid === uid && owner.gid === gid) return;
    const { users } = known ?? { users: new Map<string, Set<string>>() };
    users.set(uuid, (users.get(uuid) ?? new Set()).add(node));
    this.#owned.set(path, { uid: owner.uid, gid: owner.gid, users });
    await this.#save();
    if (known === undefined) await giveTo(path, this.user);
  }

  async #leave(path: string, forget: (users: Owned["users"]) => void): Promise<void> {
    const owned = this.#owned.get(path);
    if (owned === undefined) return;
    forget(owned.users);
    if (owned.users.size === 0) await this.#giveBack(path);
    else await this.#save();
  }

  /** One that cannot be given back now is tried again by the next daemon. */
  async #giveBack(path: string): Promise<void> {
    const owned = this.#owned.get(path);
    if (owned === undefined) return;
    try {
      if ((await ownerOf(path)) !== undefined) await giveTo(path, owned);
      this.#owned.delete(path);
    } catch (error) {
      this.#log.warn({ path }, `cannot give an image back: ${explainError(error)}`);
    }
    await this.#save();
  }

  #save(): Promise<void> {
    const saved = this.#writing.then(() => this.#write());
    this.#writing = saved.catch(() => undefined);
    return saved;
  }

  #write(): Promise<void> {
    const all = [...this.#owned].map(([path, { uid, gid, users }]) => {
      const names = [...users].map(([uuid, nodes]) => [uuid, [...nodes]] as const);
      return [path, { uid, gid, users: Object.fromEntries(names) }] as const;
    });
    return writeFileAtomically(this.#path, `${JSON.stringify(Object.fromEntries(all), null, 1)}\n`);
  }
}

/** `undefined` when it is not there. @throws VireoError `internalError` when storage does not answer */
async function ownerOf(path: string): Promise<{ uid: number; gid: number } | undefined> {
  const args = ["--dereference", "--format=%u %g", "--", path];
  const { stdout } = await execProgram("stat", args, { timeoutMs: TOUCH_MS }).catch(
    (error: unknown) => {
      if (isError(error) && error.message.includes("No such file")) return { stdout: "" };
      throw error;
    },
  );
  const [uid, gid] = stdout.trim().split(" ").map(Number);
  return uid === undefined || gid === undefined || Number.isNaN(gid) ? undefined : { uid, gid };
}

async function giveTo(path: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  await execProgram("chown", [`+${uid}:+${gid}`, "--", path], { timeoutMs: TOUCH_MS }).catch(
    (cause: unknown) => {
      throw virError(
        "systemError",
        `unable to set user and group to '${uid}:${gid}' on '${path}'`,
        {
          cause,
        },
      );
    },
  );
}

/** QEMU's user may not make files where images are: an empty one is there when QEMU writes it. */
const touch = (path: string): Promise<unknown> =>
  execProgram("sh", ["-c", 'umask 077; : >> "$1"', "sh", path], { timeoutMs: TOUCH_MS });
