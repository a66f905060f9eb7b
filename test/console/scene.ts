/** A daemon with a little of everything, for pictures of every screen. Made in a network namespace of its own. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import { TAGS_PREFIX, TAGS_URI, tagsElement } from "@vireo/model/domain/tags-element";
import { helloXml } from "../harness/domain-xml.ts";
import { processesOf } from "../harness/processes.ts";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";

export interface Scene {
  readonly vireod: Vireod;
  readonly client: HttpClient;
  readonly base: string;
}

const NETWORK = `<network><name>lab</name><forward mode='nat'/><bridge name='vibr7'/><domain name='lab'/>
  <ip address='10.79.0.1' netmask='255.255.255.0'><dhcp><range start='10.79.0.10' end='10.79.0.99'/></dhcp></ip></network>`;
const ISOLATED = `<network><name>back</name><ip address='10.80.0.1' prefix='24'/></network>`;
const MAC = "52:54:00:00:79:01";

const emptyXml = (name: string, more = ""): string =>
  `<domain type='qemu'><name>${name}</name><memory unit='MiB'>64</memory><vcpu>2</vcpu>
  <os><type machine='q35'>hvm</type></os><devices>
  <graphics type='vnc' port='-1' autoport='yes' passwd='secret${name.length}'/><video><model type='vga'/></video>
  <serial type='pty'/><console type='pty'/>${more}</devices></domain>`;

async function tag(client: HttpClient, name: string, tags: readonly string[]): Promise<void> {
  const value = tagsElement(tags) ?? "";
  await client.domain.setMetadata({
    domain: { name },
    kind: "element",
    uri: TAGS_URI,
    prefix: TAGS_PREFIX,
    value,
    config: true,
  });
}

async function makeImages(client: HttpClient, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const at = (name: string): string => join(directory, name);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", at("debian-12.qcow2"), "2G"]);
  const layer = ["create", "-q", "-f", "qcow2", "-F", "qcow2", "-b"];
  await run("qemu-img", [...layer, at("debian-12.qcow2"), at("web1.qcow2")]);
  await run("qemu-img", [...layer, at("debian-12.qcow2"), at("web2.qcow2")]);
  await run("qemu-img", ["create", "-q", "-f", "qcow2", at("data.qcow2"), "1G"]);
  writeFileSync(at("installer.iso"), "\0".repeat(4096));
  const xml = `<pool type='dir'><name>images</name><target><path>${directory}</path></target></pool>`;
  await client.storagePool.define({ xml });
  await client.storagePool.start({ pool: { name: "images" } });
}

const webXml = (directory: string): string =>
  helloXml({ name: "web1" })
    .replace(
      /<interface type='user'>.*?<\/interface>/s,
      `<interface type='network'><mac address='${MAC}'/><source network='lab'/><model type='virtio'/></interface>`,
    )
    .replace(
      "</devices>",
      `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='${join(directory, "web1.qcow2")}'/><target dev='vda' bus='virtio'/></disk>
       <graphics type='vnc' port='-1' autoport='yes'/><video><model type='vga'/></video></devices>`,
    );

/** Runs; has a disk upon another image, a network, a snapshot, three revisions; another one is paused, one crashed. */
export async function makeScene(): Promise<Scene> {
  const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
  await vireod.start();
  const client = await connect(await vireod.httpUrl());
  const directory = join(vireod.root, "images");
  await makeImages(client, directory);
  await client.network.define({ xml: NETWORK });
  await client.network.start({ network: { name: "lab" } });
  await client.network.define({ xml: ISOLATED });
  await client.domain.define({ xml: webXml(directory) });
  const web = { name: "web1" };
  await tag(client, "web1", ["web", "production"]);
  await client.domain.setMetadata({ domain: web, kind: "title", value: "The shop", config: true });
  await client.domain.start({ domain: web });
  await client.domain.define({ xml: emptyXml("db1") });
  await client.domain.start({ domain: { name: "db1" } });
  await client.domain.suspend({ domain: { name: "db1" } });
  await tag(client, "db1", ["production"]);
  await client.domain.define({ xml: emptyXml("old") });
  await client.domain.start({ domain: { name: "old" } });
  await crash(vireod, client, "old");
  return { vireod, client, base: await vireod.httpAddress() };
}

/** Kills a guest's QEMU, and waits until the daemon has told. */
async function crash(vireod: Vireod, client: HttpClient, name: string): Promise<void> {
  const stop = new AbortController();
  const named = processesOf(`guest=${name},`, "qemu-system");
  const pid = vireod.guestPids().find((one) => named.includes(one));
  if (pid === undefined) throw new Error(`${name} does not run`);
  for await (const { noun, event } of client.events({ signal: stop.signal })) {
    if (noun === "feed") process.kill(pid, "SIGKILL");
    if (event.kind === "lifecycle" && event["event"] === "stopped") break;
  }
  stop.abort();
}
