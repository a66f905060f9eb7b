/** The pages that the way around and the palette name. */
export const PAGES = [
  { to: "/", label: "nav.home" },
  { to: "/domains", label: "nav.domains" },
] as const;
