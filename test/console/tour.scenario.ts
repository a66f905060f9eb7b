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
import { virshOk } from "../harness/virsh.ts";
import { makeScene, type Scene } from "./scene.ts";
import { refuseHostNetwork } from "@vireo/daemon/driver/own-network";

refuseHostNetwork();

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
  await virshOk(scene.vireod.uri, "net-destroy", "lab"); // its dnsmasq would stay, as it does for users
  await scene.vireod.cleanUp();
});

/** The largest pictures take a second each: only when asked for. */
const withWall = process.env["VIREO_TOUR_4K"] !== undefined;
/** `VIREO_TOUR=host,create` looks at those only. */
const chosen = process.env["VIREO_TOUR"]?.split(",");
const isChosen = (path: string): boolean =>
  chosen === undefined ||
  chosen.some((one) => path === one || (one !== "" && path.startsWith(one)));

interface Look {
  readonly page: Page;
  readonly settled: () => Promise<void>;
  readonly name: string;
  /** Brings the page to where it is looked at; once more when it has become narrow. */
  readonly open: () => Promise<unknown>;
}

/** Light, dark, very wide and very narrow. */
async function look({ page: at, settled: still, name, open }: Look): Promise<void> {
  await at.setViewportSize(DESK);
  await at.emulateMedia({ colorScheme: "light" });
  await open();
  await still();
  await picture(at, `${name}-light`);
  assert.deepEqual(await seriousFaults(at), [], "light");
  await at.emulateMedia({ colorScheme: "dark" });
  await still();
  await picture(at, `${name}-dark`);
  assert.deepEqual(await seriousFaults(at), [], "dark");
  assert.deepEqual(await stickingOut(at), [], "1440");
  await at.emulateMedia({ colorScheme: "light" });
  await at.setViewportSize(WALL);
  await still();
  if (withWall) await picture(at, `${name}-4k`);
  assert.deepEqual(await stickingOut(at), [], "4K");
  await at.setViewportSize(PHONE);
  await open();
  await still();
  await picture(at, `${name}-360`);
  assert.deepEqual(await stickingOut(at), [], "360");
}

for (const path of PATHS.filter(isChosen))
  test(`tour: /${path}`, () =>
    look({
      page,
      settled,
      name: path === "" ? "home" : path.replaceAll(/\W+/g, "-"),
      open: async () => {
        await page.goto(`${scene.base}/${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
      },
    }));

test("tour: signing in with a wrong password", async () => {
  const stranger = await (await browser.newContext()).newPage();
  await look({
    page: stranger,
    settled: followRequests(stranger),
    name: "sign-in",
    open: async () => {
      await stranger.goto(scene.base);
      await stranger.getByLabel("User").fill("nobody");
      await stranger.getByLabel("Password").fill("wrong");
      await stranger.getByRole("button", { name: "Sign in" }).click();
      await stranger
        .getByText(/password|refused|sign in/i)
        .first()
        .waitFor();
    },
  });
  await stranger.context().close();
});

/** Dialogs, by the address they are opened at and the buttons that open them. */
const DIALOGS: readonly (readonly [name: string, path: string, buttons: readonly string[]])[] = [
  ["delete-domain", "domains/old", ["More actions: old", "Delete"]],
  ["force-off", "domains/web1", ["More actions: web1", "Force off"]],
  ["stop-network", "networks", ["Stop"]],
  ["delete-volume", "storage/images", ["Delete"]],
  ["pin-vcpu", "domains/web1?tab=cpu", ["Pin: Where vCPU 0 may run"]],
  ["remove-device", "domains/web1?tab=hardware", ["Remove"]],
  ["same-as", "domains/web1?tab=xml", ["Same as …"]],
  ["palette", "host", ["Go to or do"]],
];
for (const [name, path, buttons] of DIALOGS.filter(([one]) => isChosen(one)))
  test(`tour: ${name}`, () =>
    look({
      page,
      settled,
      name: `dialog-${name}`,
      open: async () => {
        await page.goto(`${scene.base}/${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        for (const button of buttons)
          await page
            .getByRole("button", { name: button })
            .or(page.getByRole("menuitem", { name: button }))
            .first()
            .click();
        await page.getByRole("dialog").waitFor();
      },
    }));
