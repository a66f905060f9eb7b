/** A real browser on a vireod's console: Debian's chromium, driven by playwright. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { connect } from "@vireo/sdk/http/connect";
import type { AxeResults } from "axe-core";
import { chromium, type Browser, type Page, type Request } from "playwright-core";
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

/** Nothing fades or slides any more. */
const STILL =
  "Promise.allSettled(document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < 5000).map((one) => one.finished))";

/** Whether the page still waits for an answer of the daemon; the line of events is always open. */
const isAwaited = (request: Request): boolean => !request.url().includes("/v1/events");

/** Notes what the page asks for, so that one can wait until it has all answers. */
export function followRequests(page: Page): () => Promise<void> {
  const open = new Set<Request>();
  const waiting = new Set<() => void>();
  const ended = (request: Request): void => {
    open.delete(request);
    if (open.size === 0) for (const wake of waiting) wake();
  };
  page.on("request", (request) => {
    if (isAwaited(request)) open.add(request);
  });
  page.on("requestfinished", ended);
  page.on("requestfailed", ended);
  const drawn = (): Promise<unknown> =>
    page.evaluate(
      "new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))",
    );
  const still = (): Promise<unknown> => page.evaluate(STILL);
  return async () => {
    await page.getByRole("progressbar", { name: "Loading" }).waitFor({ state: "detached" });
    await drawn(); // what is shown asks
    while (open.size > 0) {
      await new Promise<void>((resolve) => waiting.add(resolve));
      waiting.clear();
      await drawn();
    }
    await still();
  };
}

/** Keeps a picture of the page in an ignored folder. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** Elements that stick out of the page sideways; none when it needs no scrolling to the side. */
export const stickingOut = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const main = document.querySelector("main");
    const isWider =
      scrollWidth > clientWidth || (main !== null && main.scrollWidth > main.clientWidth);
    if (!isWider) return [];
    return [...document.querySelectorAll("body *")]
      .filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
      .map((one) => one.outerHTML.slice(0, 200))
      .slice(0, 5);
  });

/** What axe finds that is serious or critical, each with the first element it is about. */
export async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(AXE, "utf8")); // the page's own policy lets no script in
  const { violations } = (await page.evaluate("axe.run()")) as AxeResults;
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}
