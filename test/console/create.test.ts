/** New domains by the form, and what happens to them afterwards: history, tags, the way to anywhere. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { connect } from "@vireo/sdk/http/connect";
import type { HttpClient } from "@vireo/sdk/http/client";
import type { Browser, Page } from "playwright-core";
import { bootDisk, ECHO } from "../../packages/daemon/driver/qemu/boot-disk.ts";
import {
  noBrowser,
  openBrowser,
  picture,
  seriousFaults,
  signedInPage,
} from "../harness/browser.ts";
import { Vireod } from "../harness/vireod.ts";

const vireod = new Vireod(undefined, ["--http", "127.0.0.1:0"]);
const options = { skip: noBrowser };
const BOOT_MS = 60_000;
let browser: Browser;
let page: Page;
let client: HttpClient;
let base: string;

before(async () => {
  if (noBrowser !== false) return;
  await vireod.start();
  base = await vireod.httpAddress();
  client = await connect(await vireod.httpUrl());
  const target = join(vireod.root, "images");
  await client.storagePool.create({
    xml: `<pool type='dir'><name>images</name><target><path>${target}</path></target></pool>`,
    build: true,
  });
  writeFileSync(join(target, "echo.img"), bootDisk(ECHO));
  writeFileSync(join(target, "installer.iso"), "\0".repeat(4096));
  await client.storagePool.refresh({ pool: { name: "images" } });
  browser = await openBrowser();
  page = await signedInPage(browser, vireod);
});
after(async () => {
  if (noBrowser !== false) return;
  await browser.close();
  await vireod.cleanUp();
});

async function beginning(from: string, name: string): Promise<void> {
  await page.goto(`${base}/create?from=${from}`);
  await page.getByLabel("Name", { exact: true }).fill(name);
}
const create = (): Promise<void> =>
  page.getByRole("button", { name: "Create", exact: true }).click();
const created = (name: string): Promise<void> =>
  page.getByRole("heading", { level: 1, name }).waitFor({ timeout: BOOT_MS });
const volumes = async (): Promise<readonly string[]> =>
  (await client.storagePool.volumes({ pool: { name: "images" } }))
    .map(({ name }) => name)
    .toSorted();

test(
  "create: from an image, as a layer upon it; the guest boots and answers",
  options,
  async () => {
    await beginning("image", "echo1");
    await page.getByLabel("Image", { exact: true }).selectOption({ label: "images/echo.img" });
    await page.getByLabel("Pool of the new disk").selectOption("images");
    await page.getByLabel("Size (GiB)").fill("0.001");
    await page.getByLabel("Memory (MiB)").fill("64");
    await page.getByRole("tab", { name: "QEMU's arguments" }).click();
    await page.getByText("-blockdev").first().waitFor();
    await picture(page, "create-image");
    await page.getByRole("tab", { name: "As commands" }).click();
    await page.getByLabel("sdk").waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await create();
    await created("echo1");
    await page.getByText("Running").first().waitFor();
    await page.getByRole("tab", { name: "Serial" }).click();
    await page.locator(".xterm-rows").waitFor();
    const answer = page.locator(".xterm-rows").filter({ hasText: "what was typed" });
    for (let i = 0; (await answer.count()) === 0; i++) {
      assert.ok(i < 50, "the guest answers nothing");
      await page.locator(".xterm-helper-textarea").focus();
      await page.keyboard.type("what was typed ");
      await page.evaluate("new Promise((next) => setTimeout(next, 200))");
    }
    const { images } = await client.image.graph();
    const layer = images.find(({ volume }) => volume === "echo1.qcow2");
    assert.match(layer?.backing ?? "", /echo\.img$/);
  },
);

test("create: its picture is seen, and search finds what the guest said", options, async () => {
  await page.getByLabel("Find in the output").fill("was typed");
  await page.keyboard.press("Enter");
  await page.locator(".xterm-selection div").first().waitFor({ state: "attached" });
  await page.getByLabel("Find in the output").fill("never said");
  await page.keyboard.press("Enter");
  await page.getByText("Not found").waitFor();
  await page.getByRole("tab", { name: "Console", exact: true }).click();
  await page.locator("[data-line=open] canvas").waitFor();
});

test("create: a cloud image gets its user-data in a seed", options, async () => {
  await beginning("cloud", "cloud1");
  await page.getByLabel("Image", { exact: true }).selectOption({ label: "images/echo.img" });
  await page.getByLabel("Pool of the new disk").selectOption("images");
  await page.getByLabel("Size (GiB)").fill("0.001");
  await page.getByLabel("Memory (MiB)").fill("64");
  await page.getByLabel("user-data for cloud-init").fill("#cloud-config\nhostname: cloud1\n");
  await page.getByLabel("Start it at once").uncheck();
  await create();
  await created("cloud1");
  assert.ok((await volumes()).includes("cloud1-seed.iso"));
  assert.match(
    await client.domain.xml({ domain: { name: "cloud1" } }),
    /volume='cloud1-seed\.iso'/,
  );
});

test(
  "create: from the network, and from a medium, with what is booted first",
  options,
  async () => {
    await beginning("pxe", "pxe1");
    await page.getByLabel("Start it at once").uncheck();
    await create();
    await created("pxe1");
    const pxe = await client.domain.xml({ domain: { name: "pxe1" } });
    assert.match(pxe, /<interface(?:(?!<\/interface>).)*<boot order='1'\/>/s);
    await beginning("iso", "iso1");
    await page.getByLabel("ISO image of a pool").selectOption({ label: "images/installer.iso" });
    await page.getByLabel("Pool of the new disk").selectOption("images");
    await page.getByLabel("Start it at once").uncheck();
    await create();
    await created("iso1");
    const iso = await client.domain.xml({ domain: { name: "iso1" } });
    assert.match(iso, /device='cdrom'(?:(?!<\/disk>).)*<boot order='1'\/>/s);
  },
);

test("create: a copy of another domain has disks of its own", options, async () => {
  await beginning("template", "copy1");
  await page.getByLabel("Domain to copy").selectOption("cloud1");
  await page.getByLabel("What becomes of the image").selectOption("copy");
  await create();
  await created("copy1");
  const xml = await client.domain.xml({ domain: { name: "copy1" } });
  assert.doesNotMatch(xml, /cloud1\.qcow2/);
});

test(
  "create: what is refused is told in the form, and leaves nothing behind",
  options,
  async () => {
    const before = await volumes();
    await beginning("iso", "echo1");
    await page.getByLabel("Pool of the new disk").selectOption("images");
    await create();
    await page.getByText("This did not work").waitFor();
    assert.deepEqual(await volumes(), before);
    assert.deepEqual(await seriousFaults(page), []);
    await picture(page, "create-refused");
  },
);

test("history: what a change did is shown, and taken back", options, async () => {
  const domain = { name: "cloud1" };
  const first = await client.domain.xml({ domain, inactive: true });
  await client.domain.apply({
    domain,
    xml: first.replace(">65536<", ">131072<").replace(">65536<", ">131072<"),
  });
  await page.goto(`${base}/domains/cloud1?tab=history`);
  await page.getByRole("grid", { name: "Revisions of the definition" }).waitFor();
  const revisions = await client.domain.history({ domain });
  assert.equal(revisions.length, 2);
  await page.goto(`${base}/domains/cloud1?tab=history&at=${revisions[1]?.at}`);
  await page.locator("[data-side=new]").filter({ hasText: "131072" }).first().waitFor();
  await page.locator("[data-side=old]").filter({ hasText: "65536" }).first().waitFor();
  await page.getByRole("button", { name: "Back to this" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("at the next start").first().waitFor();
  await picture(page, "history");
  assert.deepEqual(await seriousFaults(page), []);
  await page.getByLabel("Type cloud1 to confirm").fill("cloud1");
  await dialog.getByRole("button", { name: "Back to this" }).click();
  await dialog.waitFor({ state: "detached" });
  // devices may stand in another order: the plan sees no difference
  assert.deepEqual((await client.domain.plan({ domain, xml: first })).changes, []);
  assert.equal((await client.domain.history({ domain })).length, 3);
});

test("tags: given on the page, filtered in the list, taken away", options, async () => {
  await page.goto(`${base}/domains/echo1`);
  await page.getByLabel("New tag").fill("R&D");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Remove: R&D" }).waitFor();
  await page.goto(`${base}/domains`);
  await page.getByLabel("Tag", { exact: true }).selectOption("R&D");
  await page.getByText("1 domain", { exact: true }).waitFor();
  assert.match(page.url(), /tag=/);
  await page.reload();
  await page.getByText("1 domain", { exact: true }).waitFor();
  await page.goto(`${base}/domains/echo1`);
  await page.getByRole("button", { name: "Remove: R&D" }).click();
  await page.getByRole("button", { name: "Remove: R&D" }).waitFor({ state: "detached" });
  const found = (await client.domain.list()).find(({ name }) => name === "echo1");
  assert.deepEqual(found?.tags, []);
});

test("keyboard: Ctrl-K leads to a domain; its actions are told as commands", options, async () => {
  await page.goto(base);
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByLabel("Go to or do").and(page.locator(":focus")).waitFor();
  assert.deepEqual(await seriousFaults(page), []);
  await page.keyboard.type("echo1");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "echo1" }).waitFor();
  await page.getByRole("button", { name: "More actions: echo1" }).click();
  await page.getByRole("menuitem", { name: "As commands" }).click();
  const shutdown = page.getByRole("region", { name: "Shut down" });
  assert.equal(await shutdown.getByLabel("virsh").inputValue(), "virsh shutdown echo1");
  assert.equal(await shutdown.getByLabel("vireo").inputValue(), "vireo shutdown echo1");
  assert.deepEqual(await seriousFaults(page), []);
  await picture(page, "commands");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.getByLabel("Go to or do").and(page.locator(":focus")).waitFor();
  await page.keyboard.type("pause: echo1");
  await page.keyboard.press("Enter");
  await page.getByText("Paused").first().waitFor();
});
