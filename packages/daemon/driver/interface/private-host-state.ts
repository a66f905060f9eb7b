/** For scenarios on a private host: eth0 with an address, alone or in the bridge br7, and how it is. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hostClock } from "../../host/due-timer.ts";
import { execProgram } from "../../host/exec.ts";

const LOOK_MS = 50;
const PATIENCE_MS = 30_000;

export const ETH = `<interface type='ethernet' name='eth0'><start mode='onboot'/>
  <protocol family='ipv4'><ip address='10.5.0.2' prefix='24'/></protocol></interface>`;
export const BRIDGE = `<interface type='bridge' name='br7'><start mode='onboot'/>
  <protocol family='ipv4'><ip address='10.5.0.3' prefix='24'/></protocol>
  <bridge stp='off'><interface type='ethernet' name='eth0'/></bridge></interface>`;

const DIRECTORIES: Readonly<Record<string, string>> = {
  ifupdown: "/etc/network",
  NetworkManager: "/etc/NetworkManager/system-connections",
  "systemd-networkd": "/etc/systemd/network",
};

/** Where definitions are on the host of a keeper. */
const directoryOf = (keeper: string): string =>
  DIRECTORIES[keeper] ?? assert.fail(`no keeper ${keeper}`);

/** All files with their texts, also those that a crash has left half written. */
export const definitions = (keeper: string): string =>
  readdirSync(directoryOf(keeper), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `${name}:\n${readFileSync(join(directoryOf(keeper), name), "utf8")}`)
    .toSorted()
    .join("\n");

export const addresses = async (): Promise<string> =>
  (await execProgram("ip", ["-o", "-4", "address"])).stdout;
const links = async (): Promise<string> => (await execProgram("ip", ["-o", "link"])).stdout;

/** eth0 has its address, and there is no bridge. */
export const alone = async (): Promise<boolean> =>
  /eth0 +inet 10\.5\.0\.2\//.test(await addresses()) && !/: br7: /.test(await links());

/** eth0 is up in the bridge, which has the address: its own of `BRIDGE`, or that of eth0. */
export async function bridged(address = "10.5.0.3"): Promise<boolean> {
  const text = await addresses();
  return (
    text.includes(`br7    inet ${address}/`) &&
    !/eth0 +inet/.test(text) &&
    /: eth0@.* master br7 .*state UP/.test(await links())
  );
}

/** An open change has no more than this left: nobody waits for minutes. @param note its file */
export function hasSecondsLeft(note: string, seconds: number): void {
  const due = hostClock.now() + seconds * 1000;
  const text = readFileSync(note, "utf8").replace(/"dueMs":\d+/, `"dueMs":${due}`);
  writeFileSync(note, text);
}

/** Keepers answer before all is set up, and nobody tells when it is. @throws AssertionError with how it is instead */
export async function until(what: string, is: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await is())) {
    if (performance.now() > end)
      assert.fail(`not within ${PATIENCE_MS} ms: ${what}\n${await links()}${await addresses()}`);
    await sleep(LOOK_MS);
  }
}
