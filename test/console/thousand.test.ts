/** The console with a thousand domains of the test driver: quick to show, smooth to scroll, soon to tell. */
import assert from "node:assert/strict";
import { after, before, test, type TestContext } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import type { Browser, Page } from "playwright-core";
import { noBrowser, openBrowser, picture, signedInPage } from "../harness/browser.ts";
import { Vireod } from "../harness/vireod.ts";

const COUNT = 1000;
const INTERACTIVE_MS = 1000;
const TOLD_MS = 300;
/** A frame of 60 in a second, and half of one for the clock of a headless browser. */
const FRAME_MS = 25;

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0", "--http-uri", "test:///default"]);
const options = { skip: noBrowser };
let browser: Browser;
let client: HttpClient;
let page: Page;
let base: string;

const nameOf = (n: number): string => `guest-${String(n).padStart(4, "0")}`;

before(async () => {
  if (noBrowser !== false) return;
  await vireod.start();
  base = await vireod.httpAddress();
  client = await connect(await vireod.httpUrl());
  for (let n = 0; n < COUNT; n++)
    await client.domain.define({
      xml: `<domain type='test'><name>${nameOf(n)}</name><memory>65536</memory><os><type>hvm</type></os></domain>`,
    });
  browser = await openBrowser();
  page = await signedInPage(browser, vireod);
});
after(async () => {
  if (noBrowser !== false) return;
  await browser.close();
  await vireod.cleanUp();
});

test("thousand domains: the list can be used within a second", options, async (t) => {
  await page.goto(`${base}/domains`); // the browser has read the program
  await page.getByText(nameOf(0)).waitFor();
  await page.reload({ waitUntil: "commit" });
  await page.getByText(nameOf(0)).waitFor();
  const ms = Math.round(await page.evaluate(() => performance.now()));
  t.diagnostic(`interactive after ${ms} ms`);
  await picture(page, "thousand");
  assert.ok(ms < INTERACTIVE_MS, `${ms} ms`);
});

test("thousand domains: scrolling keeps its frames", options, async (t: TestContext) => {
  const frames = await page.locator(".vireo-rows").evaluate(async (box) => {
    const times: number[] = [];
    let last = performance.now();
    for (let i = 0; i < 120; i++) {
      box.scrollTop += 110;
      const now = await new Promise<number>((next) => requestAnimationFrame(next));
      times.push(now - last);
      last = now;
    }
    return times.slice(1);
  });
  const sorted = frames.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  t.diagnostic(`frames: median ${median.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
  assert.ok(median < FRAME_MS, `median ${median} ms`);
  assert.ok(
    (await page.locator(".vireo-row").count()) < 60,
    "only what is in sight is in the page",
  );
});

test("thousand domains: a change is seen soon", options, async (t) => {
  const name = nameOf(COUNT - 1);
  await page.goto(`${base}/domains?name=${name}`);
  const row = page.getByRole("row", { name });
  await row.getByText("Shut off").waitFor();
  const seen = row.getByText("Running").waitFor();
  const begin = performance.now();
  await client.domain.start({ domain: { name } });
  await seen;
  const ms = Math.round(performance.now() - begin);
  t.diagnostic(`seen after ${ms} ms`);
  assert.ok(ms < TOLD_MS, `${ms} ms`);
});
