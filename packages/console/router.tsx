/** Every state of the console has a URL. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from "@tanstack/react-router";
import { SOURCES, type Source } from "./create/sources.ts";
import { DomainScreen, isDomainTab, type DomainTab } from "./screen/domain-screen.tsx";
import { readFilter, type ListFilter } from "./list/list-filter.ts";
import { DomainList } from "./screen/domain-list.tsx";
import { Home } from "./screen/home.tsx";
import { Shell } from "./screen/shell.tsx";

const root = createRootRoute({ component: Shell });

const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });

const domains = createRoute({
  getParentRoute: () => root,
  path: "/domains",
  component: DomainList,
  validateSearch: (search: Record<string, unknown>): ListFilter => readFilter(search),
});

const domain = createRoute({
  getParentRoute: () => root,
  path: "/domains/$name",
  component: DomainScreen,
  validateSearch: (search: Record<string, unknown>): { tab?: DomainTab; at?: number } => ({
    ...(isDomainTab(search["tab"]) ? { tab: search["tab"] } : {}),
    ...(typeof search["at"] === "number" ? { at: search["at"] } : {}),
  }),
});

// screens beyond the first are loaded when they are looked at
const create = createRoute({
  getParentRoute: () => root,
  path: "/create",
  component: lazyRouteComponent(() => import("./screen/create.tsx"), "Create"),
  validateSearch: (search: Record<string, unknown>): { from?: Source } => {
    const from = SOURCES.find((one) => one === search["from"]);
    return from === undefined ? {} : { from };
  },
});
const storage = createRoute({
  getParentRoute: () => root,
  path: "/storage",
  component: lazyRouteComponent(() => import("./screen/storage.tsx"), "Storage"),
});
const storagePool = createRoute({
  getParentRoute: () => root,
  path: "/storage/$pool",
  component: lazyRouteComponent(() => import("./screen/storage-pool.tsx"), "StoragePoolScreen"),
});
const networks = createRoute({
  getParentRoute: () => root,
  path: "/networks",
  component: lazyRouteComponent(() => import("./screen/networks.tsx"), "Networks"),
  validateSearch: (search: Record<string, unknown>): { open?: string } =>
    typeof search["open"] === "string" ? { open: search["open"] } : {},
});
const host = createRoute({
  getParentRoute: () => root,
  path: "/host",
  component: lazyRouteComponent(() => import("./screen/host.tsx"), "Host"),
});
const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  component: lazyRouteComponent(() => import("./screen/jobs.tsx"), "Jobs"),
});
const access = createRoute({
  getParentRoute: () => root,
  path: "/access",
  component: lazyRouteComponent(() => import("./screen/access.tsx"), "Access"),
});

const images = createRoute({
  getParentRoute: () => root,
  path: "/images",
  component: lazyRouteComponent(() => import("./screen/images.tsx"), "Images"),
});
const devices = createRoute({
  getParentRoute: () => root,
  path: "/devices",
  component: lazyRouteComponent(() => import("./screen/devices.tsx"), "Devices"),
  validateSearch: (search: Record<string, unknown>): { name?: string; view?: "groups" } => ({
    ...(typeof search["name"] === "string" ? { name: search["name"] } : {}),
    ...(search["view"] === "groups" ? { view: "groups" } : {}),
  }),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("./screen/settings.tsx"), "Settings"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    domains,
    domain,
    create,
    storage,
    storagePool,
    networks,
    host,
    jobs,
    access,
    settings,
    images,
    devices,
  ]),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
