/** Secrets, credentials and helpers that the images of a disk lean on. */
import type { Disk } from "@vireo/model/domain/device/disk";
import type { DefinedImage } from "../block/source-of-disk.ts";
import type { Image } from "../block/image.ts";
import type { SecretRequest } from "../command/context.ts";
import { secretObject } from "../command/secret.ts";
import { given } from "../json.ts";
import type { PlugStep } from "../plug.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { DeviceScope } from "./scope.ts";
import { objectStep } from "./step.ts";
import { authOf, encryptionOf, reservationsId } from "./disk-image.ts";

/** The definitions of a chain, top first. */
export function definedChain(disk: Disk): readonly DefinedImage[] {
  const images: DefinedImage[] = [disk];
  let below = disk.backingStore;
  while (below !== undefined && below.type !== "none") {
    images.push(below);
    below = below.backingStore;
  }
  return images;
}

interface NamedSecret {
  readonly type?: string | undefined;
  readonly uuid?: string | undefined;
  readonly usage?: string | undefined;
}

interface SecretUse {
  readonly id: string | undefined;
  readonly secret: NamedSecret | undefined;
  readonly usageType: string;
}

function secretStep({ id, secret, usageType }: SecretUse, scope: DeviceScope): PlugStep[] {
  if (id === undefined || secret === undefined) return [];
  const request: SecretRequest = withoutAbsent({
    usageType,
    uuid: secret.uuid,
    usage: secret.usage,
    origin: scope.origin,
  });
  return [objectStep(secretObject(id, request, scope.context), scope.origin)];
}

function cookieStep(image: Pick<Image, "objects" | "source">, scope: DeviceScope): PlugStep[] {
  const id = image.objects.cookieSecret;
  if (id === undefined || image.source.type !== "network") return [];
  const literal = (image.source.cookies ?? [])
    .map(({ name, value }) => `${name}=${value}`)
    .join("; ");
  const request = { usageType: "cookie", literal, origin: scope.origin };
  return [objectStep(secretObject(id, request, scope.context), scope.origin)];
}

function tlsStep(
  image: Pick<Image, "objects" | "source">,
  { context, origin }: DeviceScope,
): PlugStep[] {
  const id = image.objects.tlsCreds;
  if (id === undefined) return [];
  const { tls } = context.settings;
  const vxhs = image.source.type === "network" && image.source.protocol === "vxhs";
  const credentials = given({
    "qom-type": "tls-creds-x509",
    id,
    dir: vxhs ? tls.vxhsDir : tls.nbdDir,
    endpoint: "client",
    "verify-peer": true,
  });
  return [objectStep(credentials, origin)];
}

/** The helper that makes persistent reservations: one for the whole domain, or one of the user's. */
function reservationsStep(
  defined: DefinedImage,
  id: string | undefined,
  { context, origin }: DeviceScope,
): PlugStep[] {
  const reservations = defined.source?.reservations;
  if (id === undefined || reservations === undefined) return [];
  const path =
    reservations.managed === true
      ? `${context.domainDir}/${reservationsId(undefined)}.sock`
      : reservations.source?.path;
  return [objectStep(given({ "qom-type": "pr-manager-helper", id, path }), origin)];
}

/** Objects of one image, before its block nodes. */
export function imageObjectSteps(
  { objects, source }: Image,
  defined: DefinedImage,
  scope: DeviceScope,
): PlugStep[] {
  const login = authOf(defined)?.secret;
  const passphrase = encryptionOf(defined)?.secrets?.[0];
  return [
    ...reservationsStep(defined, objects.reservations, scope),
    ...secretStep(
      { id: objects.authSecret, secret: login, usageType: login?.type ?? "iscsi" },
      scope,
    ),
    ...secretStep({ id: objects.encryptionSecret, secret: passphrase, usageType: "volume" }, scope),
    ...cookieStep({ objects, source }, scope),
    ...tlsStep({ objects, source }, scope),
  ];
}
