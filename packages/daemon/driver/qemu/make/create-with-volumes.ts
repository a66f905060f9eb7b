/** Volumes, a domain that has them, and its first start. */
import { formatDomain } from "@vireo/model/domain/format-domain";
import { parseDomain } from "@vireo/model/domain/parse-domain";
import type { DomainIdentity } from "@vireo/model/operation/domain-value";
import type { OperationInput } from "@vireo/model/operation/operations";
import { formatVolume } from "@vireo/model/storage/parse-volume";
import type { Call } from "../../contract.ts";
import { create } from "../create-domain.ts";
import { define, readDefinition, undefine } from "../definition.ts";
import { startDefined } from "../save-role.ts";
import { virError } from "@vireo/model/error";
import { cloudInitSeed } from "./seed-image.ts";
import type { Making } from "./making.ts";

type Wish = OperationInput<"domain", "createWithVolumes">;

async function makeSeed(
  { volumes, volumeWork }: Making,
  { pool, name, userData, networkConfig }: NonNullable<Wish["seed"]>,
  instance: string,
): Promise<void> {
  const image = cloudInitSeed({
    instance,
    userData,
    ...(networkConfig === undefined ? {} : { networkConfig }),
  });
  const capacity = image.length;
  const format = { type: "raw" };
  const xml = formatVolume({ type: "file", name, capacity, allocation: 0, target: { format } });
  await volumes.make({ pool, xml });
  await volumeWork.fill({ pool, name }, image);
}

/** Boots the installer instead of the definition; when it reboots, the domain ends. */
async function install(
  { definitions }: Making,
  {
    xml,
    installer: { kernel, initrd, args },
  }: Wish & { installer: NonNullable<Wish["installer"]> },
  { uuid, call }: { uuid: string; call: Call },
): Promise<void> {
  const { domain } = parseDomain(xml);
  const { boots: _boots, firmware: _firmware, ...os } = domain.os ?? {};
  const once = {
    ...domain,
    uuid,
    onReboot: "destroy",
    os: { ...os, kernel, initrd, ...(args === undefined ? {} : { cmdline: args }) },
  } as const;
  await create(definitions, { xml: formatDomain(once, { secure: true }) }, call);
}

export async function createWithVolumes(
  making: Making,
  wish: Wish,
  call: Call,
): Promise<DomainIdentity> {
  const { definitions, volumes, undo, steps } = making;
  const { env, list } = definitions;
  const { name } = parseDomain(wish.xml).domain;
  if (list.lookUp({ name }) !== undefined)
    throw virError("operationFailed", `domain '${name}' already exists`);
  await readDefinition(env, wish); // what cannot be is said before gigabytes are made
  const wanted = wish.volumes ?? [];
  steps.of(wanted.length + 2);
  for (const volume of wanted) await volumes.make({ ...volume, followed: steps.next() });
  if (wish.seed !== undefined) await makeSeed(making, wish.seed, name);
  steps.next();
  // defined first: whatever becomes of the guest, the domain is known
  const { uuid } = await define(definitions, { xml: wish.xml });
  undo.add(`domain '${name}'`, () => undefine(definitions, { domain: { uuid }, nvram: true }));
  steps.next();
  if (wish.start === true) {
    if (wish.installer === undefined) await startDefined(env, list.find({ uuid }), {});
    else await install(making, { ...wish, installer: wish.installer }, { uuid, call });
  }
  return list.find({ uuid }).identity;
}
