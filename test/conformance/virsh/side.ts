/** One of the two daemons with its directory: sets guests up, runs a scene's lines, clears up. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { run, type RunOptions, type RunResult } from "../../harness/run.ts";
import { readInvocation, linesOf, type Invocation } from "./invocation.ts";
import { normalise } from "./normalise.ts";
import { guestXml } from "./guests.ts";
import type { GuestKind, Scene } from "./scene.ts";

/** A call that takes longer is told as such. */
const CALL_MS = 12_000;
const UNTIL_MS = 15_000;
const UNTIL_PAUSE_MS = 150;
/** Images that every scene finds in DIR, as NAME.iso. */
const MEDIA = ["medium", "other", "more"] as const;
/** virsh says nothing when it has registered for events: time to do so. */
const REGISTERED_MS = 600;
/** For the last of the events to arrive. */
const SETTLED_MS = 500;
const EVENTS_MS = 60_000;

/** What lists their names, what ends one and what forgets it. */
const OTHER_THINGS = [
  [["pool-list", "--all", "--name"], "pool-destroy", "pool-undefine"],
  [["net-list", "--all", "--name"], "net-destroy", "net-undefine"],
] as const;

export interface Answer {
  readonly line: string;
  readonly command: string;
  readonly said: string;
}

export interface PeerDaemon {
  readonly uri: string;
  readonly root: string;
  readonly cleanUp: () => Promise<void>;
}

export class Side {
  readonly #daemon: PeerDaemon;
  readonly #directory = mkdtempSync(join(tmpdir(), "vireo-side-"));
  readonly #master = join(this.#directory, ".master");
  #booted: Promise<void> | undefined;

  constructor(daemon: PeerDaemon) {
    this.#daemon = daemon;
  }

  /** Makes the images that each scene gets a copy of, and removes what a distribution defines. */
  async prepare(): Promise<void> {
    await this.#clear();
    mkdirSync(this.#master);
    await run("qemu-img", ["create", "-q", "-f", "qcow2", join(this.#master, "disk"), "16M"]);
    for (const name of MEDIA)
      writeFileSync(join(this.#master, `${name}.iso`), Buffer.alloc(1 << 20));
  }

  /** Everything a scene says, in order. */
  async play(scene: Scene): Promise<readonly Answer[]> {
    await this.#setUp(scene);
    const answers: Answer[] = [];
    for (const line of linesOf(scene.commands)) answers.push(await this.#answer(line));
    await this.#clear();
    return answers;
  }

  async cleanUp(): Promise<void> {
    await this.#daemon.cleanUp();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }

  #write(name: string, xml: string): void {
    writeFileSync(this.#path(name), xml.replaceAll("DIR", this.#directory));
  }

  async #setUp({ guests, files = {} }: Scene): Promise<void> {
    for (const [name, xml] of Object.entries(files)) this.#write(`${name}.xml`, xml);
    for (const name of MEDIA)
      copyFileSync(join(this.#master, `${name}.iso`), this.#path(`${name}.iso`));
    for (const kind of guests) await this.#guest(kind);
  }

  async #guest(kind: GuestKind): Promise<void> {
    if (kind === "linux") return (this.#booted ??= this.#boot());
    copyFileSync(join(this.#master, "disk"), this.#path(`${kind}.qcow2`));
    this.#write(`${kind}.guest`, guestXml(kind));
    const verb = kind === "two" ? "create" : "define";
    await this.#need([verb, this.#path(`${kind}.guest`)]);
    if (kind === "one") await this.#need(["start", kind]);
  }

  async #boot(): Promise<void> {
    copyFileSync(join(this.#master, "disk"), this.#path("linux.qcow2"));
    this.#write("linux.guest", guestXml("linux"));
    await this.#need(["define", this.#path("linux.guest")]);
    await this.#need(["start", "linux"]);
    const up = ["-q", "-m1", "vireo-guest ready"];
    const end = performance.now() + 2 * UNTIL_MS;
    while ((await run("grep", [...up, this.#path("linux.log")])).status !== 0) {
      if (performance.now() > end) throw new Error(`${this.#daemon.root}: linux does not boot`);
      await pause(UNTIL_PAUSE_MS);
    }
  }

  async #need(words: readonly string[]): Promise<void> {
    const { status, stderr } = await this.#virsh(words);
    if (status !== 0) throw new Error(`${this.#daemon.uri}: ${words.join(" ")}: ${stderr}`);
  }

  /** Ends and forgets every guest but linux, all else that was made, and the files. */
  async #clear(): Promise<void> {
    const kinds = ["--managed-save", "--snapshots-metadata", "--checkpoints-metadata", "--nvram"];
    for (const name of await this.#names(["list", "--all", "--name"]))
      if (name !== "linux") await this.#endAndForget(["destroy"], ["undefine", ...kinds], name);
    for (const [list, destroy, undefine] of OTHER_THINGS)
      for (const name of await this.#names(list))
        await this.#endAndForget([destroy], [undefine], name);
    for (const uuid of await this.#names(["secret-list"], /^ ([0-9a-f-]{36}) /gm))
      await this.#virsh(["secret-undefine", uuid]);
    for (const name of readdirSync(this.#directory))
      if (!name.startsWith("linux") && name !== ".master")
        rmSync(this.#path(name), { recursive: true });
  }

  async #names(words: readonly string[], pattern = /^(\S+)\s*$/gm): Promise<readonly string[]> {
    const { stdout } = await this.#virsh(words);
    return [...stdout.matchAll(pattern)].map(([, name]) => name ?? "");
  }

  async #endAndForget(
    end: readonly string[],
    forget: readonly [string, ...(readonly string[])],
    name: string,
  ): Promise<void> {
    await this.#virsh([...end, name]);
    const [verb, ...options] = forget;
    await this.#virsh([verb, name, ...options]);
  }

  async #answer(line: string): Promise<Answer> {
    const invocation = readInvocation(line);
    const happened = this.#meanwhile(invocation);
    const [result] = await Promise.all([this.#result(invocation, happened), happened]);
    const { status, stdout, stderr } = result;
    const text = `${status ?? "took too long"}\n${stdout}${stderr}`;
    const places = { directory: this.#directory, roots: [this.#daemon.root] };
    return {
      line,
      command: invocation.words[0] ?? "",
      said: normalise(text, places, invocation.figures),
    };
  }

  async #result(
    { words, env, until, meanwhile }: Invocation,
    happened: Promise<void>,
  ): Promise<RunResult> {
    const ends = meanwhile.length === 0 || words.includes("--timeout");
    const interrupt = ends ? undefined : happened.then(() => pause(SETTLED_MS));
    const end = performance.now() + UNTIL_MS;
    for (;;) {
      const result = await this.#virsh(words, { env, interrupt });
      if (until === undefined || result.stdout.includes(until)) return result;
      if (performance.now() > end)
        return { ...result, status: undefined, stderr: `${result.stderr}never: ${until}` };
      await pause(UNTIL_PAUSE_MS);
    }
  }

  async #meanwhile({ meanwhile }: Invocation): Promise<void> {
    if (meanwhile.length === 0) return;
    await pause(REGISTERED_MS);
    for (const line of meanwhile) await this.#virsh(readInvocation(line).words);
  }

  async #virsh(
    words: readonly string[],
    { env, interrupt }: Pick<RunOptions, "env"> & { interrupt?: Promise<void> | undefined } = {},
  ): Promise<RunResult> {
    const real = words.map((word) =>
      word
        .replace(/^@(\w+)$/, (_, name: string) => this.#path(`${name}.xml`))
        .replaceAll("DIR", this.#directory),
    );
    try {
      return await run("virsh", ["-c", this.#daemon.uri, ...real], {
        timeoutMs: interrupt === undefined ? CALL_MS : EVENTS_MS,
        env: { EDITOR: "true", ...env },
        ...(interrupt && { interrupt }),
      });
    } catch {
      return { status: undefined, stdout: "", stderr: "", milliseconds: CALL_MS };
    }
  }
}
