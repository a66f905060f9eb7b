/** The web console in a real browser, on a vireod with real QEMU. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import type { Browser, Page } from "playwright-core";
import {
  noBrowser,
  openBrowser,
  picture,
  seriousFaults,
  signedInPage,
} from "../harness/browser.ts";
import { Vireod } from "../harness/vireod.ts";

const port = await freePort();
const vireod = new Vireod(undefined, ["--http", `127.0.0.1:${port}`]);
/** The same before and after a restart. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? (address?.port ?? 0) : 0));
    });
  });
}

let browser: Browser;
let page: Page;
let client: HttpClient;
let base: string;
const options = { skip: noBrowser };

const XML = `<domain type='qemu'><name>screen</name><memory unit='MiB'>64</memory>
<os><type machine='q35'>hvm</type></os><devices>
<graphics type='vnc' port='-1' autoport='yes'/><video><model type='vga'/></video>
<serial type='pty'/><console type='pty'/></devices></domain>`;

before(async () => {
  if (noBrowser !== false) return;
  await vireod.start();
  base = await vireod.httpAddress();
  client = await connect(await vireod.httpUrl());
  browser = await openBrowser();
  page = await signedInPage(browser, vireod);
});
after(async () => {
  if (noBrowser !== false) return;
  await browser.close();
  await vireod.cleanUp();
});

const accessible = async (name: string): Promise<void> => {
  await picture(page, name);
  assert.deepEqual(await seriousFaults(page), [], name);
};

test("console: what happens elsewhere is seen at once", options, async () => {
  await page.goto(`${base}/domains`);
  await page.getByText("No domain yet").waitFor();
  await client.domain.define({ xml: XML });
  await page.getByRole("link", { name: "screen" }).waitFor();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await page.getByRole("row").getByText("Running").waitFor();
  assert.equal((await client.domain.state({ domain: { name: "screen" } })).state, "running");
  await accessible("domain-list");
});

test("console: the guest's screen is drawn, and changes when it is reset", options, async () => {
  await page.goto(`${base}/domains/screen?tab=console`);
  await page.locator("[data-line=open] canvas").waitFor();
  const lit = (): Promise<number> =>
    page.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      };
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 0) > 100) count++;
      return count;
    });
  for (let i = 0; (await lit()) < 500; i++) {
    assert.ok(i < 100, "SeaBIOS has written nothing");
    await page.waitForFunction("new Promise(requestAnimationFrame)");
  }
  await accessible("graphical-console");
});

test(
  "console: a mistake in the XML is shown with its line, and nothing is changed",
  options,
  async () => {
    await page.goto(`${base}/domains/screen?tab=xml`);
    const editor = page.getByLabel("Definition of domain screen as XML");
    const xml = await client.domain.xml({ domain: { name: "screen" }, inactive: true });
    await editor.filter({ hasText: "</domain>" }).waitFor();
    await editor.fill(xml.replace("</os>", "</so>"));
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText(/^Line \d+$/).waitFor();
    await picture(page, "xml-mistake");
    assert.equal(await client.domain.xml({ domain: { name: "screen" }, inactive: true }), xml);
    await editor.fill(xml.replace("<name>screen</name>", "<name>screen</name><title>told</title>"));
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("button", { name: "Apply", disabled: true }).waitFor();
    assert.match(await client.domain.xml({ domain: { name: "screen" } }), /<title>told<\/title>/);
  },
);

test(
  "console: deleting asks for the name; a running domain is forced off after a question",
  options,
  async () => {
    await page.goto(`${base}/domains/screen`);
    await page.getByRole("button", { name: "More actions: screen" }).click();
    await page.getByRole("menuitem", { name: "Force off" }).click();
    const off = page.getByRole("dialog").getByRole("button", { name: "Force off" });
    assert.equal(await off.isDisabled(), true);
    await page.getByLabel("Type screen to confirm").fill("screen");
    await accessible("force-off");
    await off.click();
    await page.getByText("Shut off").first().waitFor();
    await page.getByRole("button", { name: "More actions: screen" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    const confirm = page.getByRole("dialog").getByRole("button", { name: "Delete" });
    assert.equal(await confirm.isDisabled(), true);
    await page.getByText("The definition of screen").waitFor();
    await accessible("delete");
    await page.getByLabel("Type screen to confirm").fill("screen");
    await confirm.click();
    await page.getByText("There is no domain 'screen'").waitFor();
  },
);

test("console: the daemon is lost and found again", options, async () => {
  await page.goto(`${base}/domains`);
  await page.getByText("No domain yet").waitFor();
  await vireod.end("SIGKILL");
  await page.getByText("No connection to vireod").waitFor();
  await vireod.start();
  await page.getByText("No connection to vireod").waitFor({ state: "detached" });
  await page.getByLabel("User").waitFor(); // sessions ended with the daemon
});
