/** libvirt's version whose behaviour is followed: major x 1000000 + minor x 1000 + micro. */
export const LIBVIRT_VERSION = 9_000_000;
