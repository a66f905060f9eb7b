/** Every state of the console has a URL. */
import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { DomainScreen, isDomainTab, type DomainTab } from "./screen/domain-screen.tsx";
import { DomainList, type ListFilter } from "./screen/domain-list.tsx";
import { Home } from "./screen/home.tsx";
import { Shell } from "./screen/shell.tsx";

const root = createRootRoute({ component: Shell });

const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });

const texts = (search: Record<string, unknown>): ListFilter => ({
  ...(typeof search["name"] === "string" ? { name: search["name"] } : {}),
  ...(typeof search["state"] === "string" ? { state: search["state"] } : {}),
});

const domains = createRoute({
  getParentRoute: () => root,
  path: "/domains",
  component: DomainList,
  validateSearch: texts,
});

const domain = createRoute({
  getParentRoute: () => root,
  path: "/domains/$name",
  component: DomainScreen,
  validateSearch: (search: Record<string, unknown>): { tab?: DomainTab } =>
    isDomainTab(search["tab"]) ? { tab: search["tab"] } : {},
});

export const router = createRouter({ routeTree: root.addChildren([home, domains, domain]) });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
