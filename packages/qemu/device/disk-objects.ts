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
import { authOf, encryptionOf, MANAGED_RESERVATIONS } from "./disk-image.ts";

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

function tlsSteps(image: Pick<Image, "objects" | "source">, scope: DeviceScope): PlugStep[] {
  const id = image.objects.tlsCreds;
  if (id === undefined) return [];
  const { tls } = scope.context.settings;
  const vxhs = image.source.type === "network" && image.source.protocol === "vxhs";
  const uuid = vxhs ? tls.vxhsSecretUuid : tls.nbdSecretUuid;
  const secret = uuid === undefined ? undefined : `${id.replace(/^obj|_tls0$/g, "")}-secret0`;
  const credentials = given({
    "qom-type": "tls-creds-x509",
    id,
    dir: vxhs ? tls.vxhsDir : tls.nbdDir,
    endpoint: "client",
    "verify-peer": true,
    passwordid: secret,
  });
  return [
    ...secretStep({ id: secret, secret: withoutAbsent({ uuid }), usageType: "tls" }, scope),
    objectStep(credentials, scope.origin),
  ];
}

/** A helper of the user's; the domain's own is plugged once, before all disks. */
function reservationsStep(
  image: Image,
  defined: DefinedImage,
  { origin }: DeviceScope,
): PlugStep[] {
  const id = image.objects.reservations;
  const reservations = defined.source?.reservations;
  if (id === undefined || reservations === undefined || reservations.managed === true) return [];
  const path = reservations.source?.path;
  return [objectStep({ "qom-type": "pr-manager-helper", id, path }, origin)];
}

const hasManagedReservations = (disk: Disk): boolean =>
  definedChain(disk).some((one) => one.source?.reservations?.managed === true);

/** The domain's own helper for persistent reservations, when a disk wants one. */
export const managedReservationSteps = (
  disks: readonly Disk[],
  { context, origin }: DeviceScope,
): PlugStep[] =>
  disks.some(hasManagedReservations)
    ? [
        objectStep(
          {
            "qom-type": "pr-manager-helper",
            id: MANAGED_RESERVATIONS,
            path: `${context.domainDir}/${MANAGED_RESERVATIONS}.sock`,
          },
          origin,
        ),
      ]
    : [];

/** Objects of one image, before its block nodes. */
export function imageObjectSteps(
  image: Image,
  defined: DefinedImage,
  scope: DeviceScope,
): PlugStep[] {
  const { objects, source } = image;
  const login = authOf(defined)?.secret;
  const passphrase = encryptionOf(defined)?.secrets?.[0];
  return [
    ...reservationsStep(image, defined, scope),
    ...secretStep(
      { id: objects.authSecret, secret: login, usageType: login?.type ?? "iscsi" },
      scope,
    ),
    ...secretStep({ id: objects.encryptionSecret, secret: passphrase, usageType: "volume" }, scope),
    ...cookieStep({ objects, source }, scope),
    ...tlsSteps({ objects, source }, scope),
  ];
}
