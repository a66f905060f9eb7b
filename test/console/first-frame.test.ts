/** How long a console takes from its ticket to the first picture or word, as the page itself sees it. */
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { connect } from "@vireo/sdk/http/connect";
import type { Browser, Page } from "playwright-core";
import { noBrowser, openBrowser, signedInPage } from "../harness/browser.ts";
import { helloXml } from "../harness/domain-xml.ts";
import { Vireod } from "../harness/vireod.ts";

const FRAME_MS = 500;
const ROUNDS = 5;
const BOOT_MS = 60_000;

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
const options = { skip: noBrowser };
let browser: Browser;
let page: Page;
let base: string;

/**
 * Runs in the page before its own program: notes when the ticket was answered, when the first picture
 * with any colour in it is on the canvas, and when the first word is in the terminal.
 */
const WATCH = `
  globalThis.seen = {};
  const asked = fetch;
  globalThis.fetch = async (...args) => {
    const answer = await asked(...args);
    if (/console|graphics/.test(String(args[0])) && answer.status < 300) seen.ticket ??= performance.now();
    return answer;
  };
  const lit = (canvas) => {
    if (canvas.width === 0 || canvas.height === 0) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, at) => at % 4 !== 3 && value > 60);
  };
  const look = () => {
    const canvas = document.querySelector(".vireo-screen canvas");
    if (canvas !== null && seen.ticket !== undefined && lit(canvas)) seen.picture ??= performance.now();
    const rows = document.querySelector(".xterm-rows");
    if (rows !== null && rows.textContent.trim() !== "") seen.text ??= performance.now();
    if (seen.picture === undefined && seen.text === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

before(async () => {
  if (noBrowser !== false) return;
  await vireod.start();
  base = await vireod.httpAddress();
  const client = await connect(await vireod.httpUrl());
  const screen = `<graphics type='vnc' port='-1' autoport='yes'/><video><model type='vga'/></video></devices>`;
  await client.domain.define({ xml: helloXml().replace("</devices>", screen) });
  await client.domain.start({ domain: { name: "hello" } });
  browser = await openBrowser();
  page = await signedInPage(browser, vireod);
  await page.goto(`${base}/domains/hello?tab=serial`);
  await page.locator(".xterm-rows").filter({ hasText: "ready" }).waitFor({ timeout: BOOT_MS });
  await page.addInitScript(WATCH);
});
after(async () => {
  if (noBrowser !== false) return;
  await browser.close();
  await vireod.cleanUp();
});

interface Seen {
  readonly ticket?: number;
  readonly picture?: number;
  readonly text?: number;
}

/** Looks at each frame, for the page's policy lets nobody bring functions in. */
async function until(what: keyof Seen): Promise<Seen> {
  const deadline = performance.now() + BOOT_MS;
  for (;;) {
    const seen: Seen = await page.evaluate("seen");
    if (seen[what] !== undefined) return seen;
    assert.ok(performance.now() < deadline, `no ${what}`);
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
}

/** Milliseconds from the ticket to `what`, in a page that is opened anew. */
async function once(tab: string, what: "picture" | "text"): Promise<number> {
  await page.goto(`${base}/domains/hello?tab=${tab}`);
  if (what === "text") {
    await until("ticket");
    // a guest that says nothing is asked: its answer is the first text
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.press("Enter");
  }
  const seen = await until(what);
  return (seen[what] ?? Number.NaN) - (seen.ticket ?? Number.NaN);
}

async function measure(t: TestContext, tab: string, what: "picture" | "text"): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await once(tab, what));
  const sorted = times.toSorted((a, b) => a - b).map(Math.round);
  t.diagnostic(`ticket to first ${what}: ${sorted.join(", ")} ms`);
  const median = sorted[Math.floor(ROUNDS / 2)] ?? Number.NaN;
  assert.ok(median < FRAME_MS, `median ${median} ms`);
}

test("first frame: the screen is drawn soon after its ticket", options, (t) =>
  measure(t, "console", "picture"),
);
test("first frame: the serial console says something soon after its ticket", options, (t) =>
  measure(t, "serial", "text"),
);

test("program: what the first page loads is small", options, async (t) => {
  const fresh = await browser.newContext();
  const first = await fresh.newPage();
  const scripts: Promise<number>[] = [];
  first.on("response", (response) => {
    if (response.url().endsWith(".js"))
      scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  const signedIn = await signedInPage(browser, vireod);
  await first.context().addCookies(await signedIn.context().cookies());
  await first.goto(base);
  await first.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  const sizes = await Promise.all(scripts);
  const kb = sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000;
  t.diagnostic(`${scripts.length} scripts, ${kb.toFixed(1)} kB gzip`);
  assert.ok(kb > 50 && kb <= 300, `${kb} kB`);
  await fresh.close();
  await signedIn.close();
});
