/** What happens to devices of the host, as told to clients. */

/** Changes in a device's life, in the order of libvirt's numbers. */
export const NODE_DEVICE_LIFECYCLE = ["created", "deleted", "defined", "undefined"] as const;

export type NodeDeviceEvent = { readonly name: string } & (
  | { readonly kind: "lifecycle"; readonly event: (typeof NODE_DEVICE_LIFECYCLE)[number] }
  | { readonly kind: "update" }
);
