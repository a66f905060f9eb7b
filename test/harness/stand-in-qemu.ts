/**
 * A QEMU whose devices of the host are others: this machine has none of them, and QEMU must start nevertheless. It is
 * the real one but for these words of its command line and of its monitor's commands:
 *
 *     vfio-pci -> pci-testdev     usb-host -> usb-tablet     host_device -> null-co     scsi-generic -> scsi-hd
 *
 * `stand-in-qemu.ts args ...` prints the command line for a shell; `stand-in-qemu.ts monitor PATH` serves the socket on
 * descriptor 3 and passes all on to QEMU's monitor at PATH.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

type Words = Record<string, unknown>;

const STAND_INS: Readonly<Record<string, string>> = {
  "vfio-pci": "pci-testdev",
  "vfio-pci-nohotplug": "pci-testdev",
  "usb-host": "usb-tablet",
  "scsi-generic": "scsi-hd",
  "vhost-scsi-pci": "virtio-scsi-pci",
};
const FOREIGN = new Set(
  "host sysfsdev display ramfb failover_pair_id hostdevice hostbus hostaddr guest-reset guest-resets-all wwpn vhostfd".split(
    " ",
  ),
);

function stoodIn(words: Words): Words {
  const driver = String(words["driver"]);
  if (driver === "host_device" && String(words["filename"]).includes("/sg"))
    return {
      driver: "null-co",
      "node-name": words["node-name"],
      "read-only": words["read-only"],
      "read-zeroes": true,
    };
  const other = STAND_INS[driver];
  if (other === undefined) return words;
  const kept = Object.entries(words).filter(([name]) => !FOREIGN.has(name));
  return { ...Object.fromEntries(kept), driver: other };
}

function inWord(word: string): string {
  if (!word.startsWith('{"driver"')) return word;
  return JSON.stringify(stoodIn(JSON.parse(word) as Words)); // QEMU's own form
}

/** A command of a monitor, as clients send it: one line. */
function inCommand(line: string): string {
  if (!/"(?:device_add|blockdev-add)"/.test(line)) return line;
  const command = JSON.parse(line) as Words & { arguments: Words }; // of those two
  return JSON.stringify({ ...command, arguments: stoodIn(command.arguments) });
}

const MONITOR = /^socket,id=charmonitor,fd=(\d+),server=on,wait=off$/;

/** Words for `eval set --`. */
function printArgs(words: readonly string[]): void {
  const shown = words.map((word) => {
    const descriptor = MONITOR.exec(word)?.[1];
    if (descriptor === undefined) return inWord(word);
    const path = join(process.env["STAND_IN_DIR"] ?? "/tmp", `${process.pid}.sock`);
    const stdio = ["ignore", "ignore", "ignore", Number(descriptor)] as const;
    spawn(process.execPath, [import.meta.filename, "monitor", path], {
      stdio: [...stdio],
      detached: true,
    }).unref();
    return `socket,id=charmonitor,path=${path},server=on,wait=off`;
  });
  process.stdout.write(shown.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" "));
}

const RETRY_MS = 20;
const LOOK_MS = 500;

/** Between one client and QEMU, which is on its way when the first comes. */
function passOn(path: string, client: Socket): void {
  const qemu = connect(path);
  let rest = "";
  let open = false;
  qemu.on("connect", () => {
    open = true;
    client.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) qemu.write(`${inCommand(line)}\r\n`);
    });
  });
  qemu.on("data", (data) => client.write(data));
  qemu.on("error", () => undefined); // told by `close`
  qemu.on("close", () => {
    if (open) client.destroy();
    else if (!client.destroyed) setTimeout(() => passOn(path, client), RETRY_MS);
  });
  client.on("error", () => qemu.destroy());
  client.on("close", () => qemu.destroy());
}

/** Ends with QEMU, which is the process that this number had when it was a shell. */
function serve(path: string): void {
  const pid = Number(process.env["STAND_IN_PID"]);
  setInterval(() => {
    try {
      process.kill(pid, 0);
    } catch {
      process.exit();
    }
  }, LOOK_MS);
  createServer((client) => passOn(path, client)).listen({ fd: 3 });
}

/** Writes the program into a directory. @returns its path */
export function standInQemu(directory: string): string {
  const path = join(directory, "qemu-system-x86_64");
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh
export STAND_IN_DIR='${directory}' STAND_IN_PID=$$
case "$*" in
*-no-user-config*-nodefaults*-qmp*) exec /usr/bin/qemu-system-x86_64 "$@" ;;
esac
eval "set -- $('${process.execPath}' '${import.meta.filename}' args "$@")"
exec /usr/bin/qemu-system-x86_64 "$@"
`,
  );
  chmodSync(path, 0o755);
  return path;
}

const [, program, verb, ...rest] = process.argv;
if (program === import.meta.filename && verb === "args") printArgs(rest);
if (program === import.meta.filename && verb === "monitor") serve(rest[0] ?? "");
