/** A real guest, worked with through the console only: booted, read, typed to, given a disk, kept and brought back. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import type { Browser, Page } from "playwright-core";
import { noBrowser, openBrowser, picture, signedInPage } from "../harness/browser.ts";
import { helloXml } from "../harness/domain-xml.ts";
import { run } from "../harness/run.ts";
import { Vireod } from "../harness/vireod.ts";

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
const options = { skip: noBrowser };
const BOOT_MS = 60_000;
let browser: Browser;
let page: Page;
let client: HttpClient;
let base: string;

const image = (name: string): string => join(vireod.root, `${name}.qcow2`);
const disk = (name: string, target: string): string =>
  `<disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='${image(name)}'/><target dev='${target}' bus='virtio'/></disk>`;

before(async () => {
  if (noBrowser !== false) return;
  await vireod.start();
  base = await vireod.httpAddress();
  client = await connect(await vireod.httpUrl());
  for (const name of ["first", "second"])
    await run("qemu-img", ["create", "-q", "-f", "qcow2", image(name), "16M"]);
  const more = `<graphics type='vnc' port='-1' autoport='yes'/><video><model type='vga'/></video>${disk("first", "vda")}</devices>`;
  await client.domain.define({ xml: helloXml().replace("</devices>", more) });
  browser = await openBrowser();
  page = await signedInPage(browser, vireod);
});
after(async () => {
  if (noBrowser !== false) return;
  await browser.close();
  await vireod.cleanUp();
});

/** The terminal's text, when it has these words. */
async function terminalHas(words: RegExp): Promise<void> {
  await page.locator(".xterm-rows").filter({ hasText: words }).waitFor({ timeout: BOOT_MS });
}

async function typed(line: string): Promise<void> {
  await page.locator(".xterm-helper-textarea").focus();
  await page.keyboard.type(`${line}\n`);
}

test("console, guest: started in one window, seen in the other", options, async () => {
  const other = await signedInPage(browser, vireod);
  await other.goto(`${base}/domains/hello`);
  await other.getByText("Shut off").first().waitFor();
  await page.goto(`${base}/domains/hello?tab=serial`);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await other.getByText("Running").first().waitFor();
  await other.close();
});

test("console, guest: its serial console is read and typed into", options, async () => {
  await terminalHas(/vireo-guest ready/);
  await typed("echo sum=$((40+2))");
  await terminalHas(/sum=42/);
  await picture(page, "serial-console");
});

test(
  "console, guest: a disk is plugged in while it runs, and the guest sees it",
  options,
  async () => {
    await page.goto(`${base}/domains/hello?tab=hardware`);
    await page.getByRole("button", { name: "Add a device" }).click();
    await page.getByLabel("The device as XML").fill(disk("second", "vdb"));
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "vdb" }).waitFor();
    await picture(page, "hardware");
    await page.goto(`${base}/domains/hello?tab=serial`);
    await page.locator(".xterm-rows").waitFor();
    await typed("until [ -e /sys/block/vdb ]; do :; done; echo disk=$((6*7))");
    await terminalHas(/disk=42/);
    await page.goto(`${base}/domains/hello?tab=hardware`);
    const row = page.getByRole("row", { name: /vdb/ });
    await row.getByRole("button", { name: "Remove" }).click();
    await page.getByLabel("Type vdb to confirm").fill("vdb");
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await row.waitFor({ state: "detached" });
  },
);

test(
  "console, guest: a snapshot is taken and brought back, with the guest's memory",
  options,
  async () => {
    await page.goto(`${base}/domains/hello?tab=serial`);
    await page.locator(".xterm-rows").waitFor();
    await typed("echo before >/tmp/mark; echo kept=$((1+1))");
    await terminalHas(/kept=2/);
    await page.goto(`${base}/domains/hello?tab=snapshots`);
    await page.getByLabel("Take a snapshot: Name").fill("moment");
    await page.getByRole("button", { name: "Take a snapshot" }).click();
    await page.getByText("current").waitFor({ timeout: BOOT_MS });
    await picture(page, "snapshots");
    await page.goto(`${base}/domains/hello?tab=serial`);
    await page.locator(".xterm-rows").waitFor();
    await typed("echo after >/tmp/mark; echo changed=$((1+2))");
    await terminalHas(/changed=3/);
    await page.goto(`${base}/domains/hello?tab=snapshots`);
    await page.getByRole("button", { name: "Revert" }).click();
    await page.getByLabel("Type moment to confirm").fill("moment");
    await page.getByRole("dialog").getByRole("button", { name: "Revert" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached", timeout: BOOT_MS });
    await page.goto(`${base}/domains/hello?tab=serial`);
    await page.locator(".xterm-rows").waitFor();
    await typed("echo mark=$(cat /tmp/mark)");
    await terminalHas(/mark=before/);
  },
);

test("console, guest: its screen is drawn and takes keys", options, async () => {
  await client.domain.destroy({ domain: { name: "hello" } });
  const xml = await client.domain.xml({ domain: { name: "hello" }, inactive: true });
  const menu = xml
    .replaceAll(/<(kernel|initrd|cmdline)>.*?<\/\1>/g, "")
    .replace("</os>", "<boot dev='hd'/><bootmenu enable='yes' timeout='65000'/></os>");
  await client.domain.define({ xml: menu });
  await client.domain.start({ domain: { name: "hello" } });
  await page.goto(`${base}/domains/hello?tab=console`);
  const canvas = page.locator("[data-line=open] canvas");
  await canvas.waitFor();
  const lit = (): Promise<number> =>
    canvas.evaluate((element: HTMLCanvasElement) => {
      const { width, height } = element;
      const data = element.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 0) > 100) count++;
      return count;
    });
  const grows = async (from: number): Promise<number> => {
    const deadline = performance.now() + BOOT_MS;
    for (;;) {
      const now = await lit();
      if (now > from) return now;
      assert.ok(performance.now() < deadline, `${now} lit pixels`);
      await page.evaluate(() => new Promise((next) => requestAnimationFrame(next)));
    }
  };
  const greeting = await grows(500); // SeaBIOS asks for a key
  await canvas.click();
  await page.keyboard.press("Escape");
  await grows(greeting + 200); // the list of what could be booted
  await picture(page, "boot-menu");
});
