/** Uses of a secret, in the order of libvirt's numbers (the first is 0). */
export const SECRET_USAGES = ["none", "volume", "ceph", "iscsi", "tls", "vtpm"] as const;
