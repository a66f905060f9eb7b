import type { LibvirtConnection } from "@vireo/sdk/libvirt/connection";

/** A connection to vireod or libvirtd. */
export type Connection = LibvirtConnection;
