/** What a new machine begins with. Small, for the router needs it at once. */
export const SOURCES = ["iso", "image", "cloud", "pxe", "template"] as const;
export type Source = (typeof SOURCES)[number];
