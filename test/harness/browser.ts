/** A real browser on a vireod's console: Debian's chromium, driven by playwright. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { connect } from "@vireo/sdk/http/connect";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import type { Vireod } from "./vireod.ts";

const CHROMIUM = "/usr/bin/chromium";
/** Nothing of the browser's own asks the world for anything. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const SCREENSHOTS = join(import.meta.dirname, "../../screenshots");
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export const noBrowser = existsSync(CHROMIUM) ? false : "chromium is not installed";

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: QUIET });

const USER = "tester";
const PASSWORD = "only for tests";

/** A page of somebody who has signed in by the form. */
export async function signedInPage(
  browser: Browser,
  vireod: Vireod,
  viewport = { width: 1280, height: 800 },
): Promise<Page> {
  const client = await connect(await vireod.httpUrl());
  const users = await client.user.list();
  if (!users.some(({ name }) => name === USER))
    await client.user.create({ name: USER, password: PASSWORD });
  const page = await browser.newPage({ viewport });
  page.setDefaultTimeout(10_000);
  await page.goto(await vireod.httpAddress());
  await page.getByLabel("User").fill(USER);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

/** Keeps a picture of the page in an ignored folder. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** What axe finds that is serious or critical, each with the first element it is about. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(AXE, "utf8")); // the page's own policy lets no script in
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}
