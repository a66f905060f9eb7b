/** Every screen, light and dark, from a small phone to 4K: nothing serious for axe, nothing sticks out sideways. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import {
  followRequests,
  openBrowser,
  picture,
  seriousFaults,
  signedInPage,
  stickingOut,
} from "../harness/browser.ts";
import { makeScene, type Scene } from "./scene.ts";

const TABS = [
  "overview",
  "console",
  "serial",
  "performance",
  "cpu",
  "hardware",
  "disks",
  "network",
  "snapshots",
  "xml",
  "explain",
  "history",
] as const;
const PATHS = [
  "",
  "domains",
  "domains?name=absent",
  "domains/absent",
  ...TABS.map((tab) => `domains/web1?tab=${tab}`),
  "domains/old",
  "domains/old?tab=cpu",
  "create?from=iso",
  "create?from=cloud",
  "create?from=template",
  "storage",
  "storage/images",
  "storage/absent",
  "images",
  "networks",
  "networks?open=lab",
  "devices",
  "devices?view=groups",
  "host",
  "jobs",
  "access",
  "settings",
] as const;
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
const WALL = { width: 3840, height: 2160 };

let scene: Scene;
let browser: Browser;
let page: Page;
let settled: () => Promise<void>;

const BEGIN_MS = 90_000;

before(
  async () => {
    scene = await makeScene();
    browser = await openBrowser();
    page = await signedInPage(browser, scene.vireod, DESK);
    settled = followRequests(page);
  },
  { timeout: BEGIN_MS },
);
after(async () => {
  await browser.close();
  await scene.vireod.cleanUp();
});

/** The largest pictures take a second each: only when asked for. */
const withWall = process.env["VIREO_TOUR_4K"] !== undefined;
/** `VIREO_TOUR=host,create` looks at those only. */
const chosen = process.env["VIREO_TOUR"]?.split(",");
const isChosen = (path: string): boolean =>
  chosen === undefined ||
  chosen.some((one) => path === one || (one !== "" && path.startsWith(one)));

for (const path of PATHS.filter(isChosen))
  test(`tour: /${path}`, async () => {
    const name = path === "" ? "home" : path.replaceAll(/\W+/g, "-");
    await page.setViewportSize(DESK);
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(`${scene.base}/${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await settled();
    await picture(page, `${name}-light`);
    assert.deepEqual(await seriousFaults(page), [], "light");
    await page.emulateMedia({ colorScheme: "dark" });
    await settled();
    await picture(page, `${name}-dark`);
    assert.deepEqual(await seriousFaults(page), [], "dark");
    assert.deepEqual(await stickingOut(page), [], "1440");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(WALL);
    await settled();
    if (withWall) await picture(page, `${name}-4k`);
    assert.deepEqual(await stickingOut(page), [], "4K");
    await page.setViewportSize(PHONE);
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await settled();
    await picture(page, `${name}-360`);
    assert.deepEqual(await stickingOut(page), [], "360");
    assert.deepEqual(await seriousFaults(page), [], "360");
  });
