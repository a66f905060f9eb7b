/** What happens to storage pools and secrets, as told to clients. */
import type { SecretIdentity } from "./operation/secret.ts";
import type { PoolIdentity } from "./operation/storage-value.ts";

/** Changes in a pool's life, in the order of libvirt's numbers. */
export const POOL_LIFECYCLE = [
  "defined",
  "undefined",
  "started",
  "stopped",
  "created",
  "deleted",
] as const;

export type StoragePoolEvent = { readonly pool: PoolIdentity } & (
  | { readonly kind: "lifecycle"; readonly event: (typeof POOL_LIFECYCLE)[number] }
  | { readonly kind: "refresh" }
);

/** Changes in a secret's life, in the order of libvirt's numbers. */
export const SECRET_LIFECYCLE = ["defined", "undefined"] as const;

export type SecretEvent = { readonly secret: SecretIdentity } & (
  | { readonly kind: "lifecycle"; readonly event: (typeof SECRET_LIFECYCLE)[number] }
  | { readonly kind: "valueChanged" }
);
