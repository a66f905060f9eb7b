/** The pages that the way around and the palette name. */
export const PAGES = [
  { to: "/", label: "nav.home" },
  { to: "/domains", label: "nav.domains" },
  { to: "/create", label: "nav.create" },
  { to: "/storage", label: "nav.storage" },
  { to: "/images", label: "nav.images" },
  { to: "/networks", label: "nav.networks" },
  { to: "/devices", label: "nav.devices" },
  { to: "/host", label: "nav.host" },
  { to: "/jobs", label: "nav.jobs" },
  { to: "/access", label: "nav.access" },
  { to: "/settings", label: "nav.settings" },
] as const;
