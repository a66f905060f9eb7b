/** A vireod that can be made to die at the N-th point of what it does, see daemon/host/fault-point.ts. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type RunResult } from "../harness/run.ts";
import { virsh, virshOk } from "../harness/virsh.ts";
import { Fuse } from "./fuse.ts";

const GUEST = "crash";

const xmlOf = (directory: string): string => `<domain type='qemu'>
  <name>${GUEST}</name>
  <uuid>0f0e0d0c-0b0a-4908-8706-050403020199</uuid>
  <memory unit='MiB'>16</memory>
  <vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features><acpi/></features>
  <devices>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='${directory}/base.qcow2'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <memballoon model='none'/>
  </devices>
</domain>
`;

const diskXml = (directory: string): string => `<disk type='file' device='disk'>
  <driver name='qemu' type='raw'/>
  <source file='${directory}/plugged.img'/>
  <target dev='vdb' bus='virtio'/>
</disk>
`;

/** What is there of the guest, asked of vireod and of the machine. */
export interface Found {
  readonly names: string;
  readonly state: string;
  readonly processes: number;
  readonly definition: string;
  readonly managedSave: boolean;
}

export class CrashStage {
  readonly directory = mkdtempSync(join(tmpdir(), "vireo-crash-"));
  readonly #fuse = new Fuse(this.directory);
  readonly #vireod = this.#fuse.vireod;

  async begin(): Promise<void> {
    writeFileSync(join(this.directory, "plugged.img"), Buffer.alloc(1 << 20));
    writeFileSync(join(this.directory, "guest.xml"), xmlOf(this.directory));
    writeFileSync(join(this.directory, "disk.xml"), diskXml(this.directory));
    await this.#vireod.start();
  }

  /** Runs virsh; `DIR` is the stage's directory. @throws Error with its words */
  ok(line: string): Promise<string> {
    return virshOk(this.#vireod.uri, ...this.#words(line));
  }

  try(line: string): Promise<RunResult> {
    return virsh(this.#vireod.uri, this.#words(line));
  }

  #words(line: string): readonly string[] {
    return line.replaceAll("DIR", this.directory).split(" ");
  }

  count(work: () => Promise<unknown>): Promise<number> {
    return this.#fuse.count(work);
  }

  /** @returns where it died; undefined when it did not */
  dieAt(point: number, work: () => Promise<unknown>): Promise<string | undefined> {
    return this.#fuse.dieAt(point, work);
  }

  async found(): Promise<Found> {
    const info = await this.ok(`dominfo ${GUEST}`);
    return {
      names: await this.ok("list --all --name"),
      state: await this.ok(`domstate ${GUEST}`),
      processes: this.#vireod.guestPids().length,
      // images that a revert makes are named after the time
      definition: (await this.ok(`dumpxml --inactive ${GUEST}`)).replace(/-\d{13}\b/g, "-TIME"),
      managedSave: /Managed save: +yes/.test(info),
    };
  }

  /** Back to nothing: no domain, no process. */
  async clear(): Promise<void> {
    await this.try(`destroy ${GUEST}`);
    await this.try(`undefine ${GUEST} --managed-save --snapshots-metadata --checkpoints-metadata`);
    for (const name of this.images()) rmSync(join(this.directory, name));
    const image = join(this.directory, "base.qcow2");
    await run("qemu-img", ["create", "-q", "-f", "qcow2", image, "4M"]);
  }

  /** Files that disks or memory may be in. */
  images(): readonly string[] {
    return readdirSync(this.directory).filter((name) => !/\.xml$|^plugged|^fuse/.test(name));
  }

  /** Operations that are not over, to the daemon's mind. */
  journal(): readonly string[] {
    return readdirSync(join(this.#vireod.root, "lib/qemu/journal"));
  }

  async cleanUp(): Promise<void> {
    await this.#vireod.cleanUp();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
