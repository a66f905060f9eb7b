/** The libvirt SDK over a real sshd on this host's loopback, to the daemon's socket. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { startDaemon } from "../harness/daemon.ts";

const SSHD = "/usr/sbin/sshd";
const whyNot = (): string | false => {
  if (!existsSync(SSHD)) return "openssh-server is not installed";
  return process.getuid?.() === 0 ? false : "sshd lets in root here";
};
const skip = whyNot();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** An sshd of its own: keys, configuration and all. */
async function startSshd(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "vireo-sshd-"));
  const at = (file: string): string => join(directory, file);
  for (const key of ["host", "user", "stranger"])
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(key)]);
  execFileSync("cp", [at("user.pub"), at("authorized")]);
  mkdirSync("/run/sshd", { recursive: true, mode: 0o755 }); // where it locks itself in
  const port = await freePort();
  const settings = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${at("host")}`,
    `AuthorizedKeysFile ${at("authorized")}`,
    "PidFile none",
    "UsePAM no",
    "StrictModes no",
    "PasswordAuthentication no",
    "PermitRootLogin prohibit-password",
  ];
  writeFileSync(at("config"), `${settings.join("\n")}\n`);
  const sshd = spawn(SSHD, ["-D", "-e", "-f", at("config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(async () => {
    const ended = once(sshd, "exit");
    sshd.kill();
    await ended;
    rmSync(directory, { recursive: true });
  });
  let said = "";
  for await (const piece of sshd.stderr) {
    said += String(piece);
    if (said.includes("Server listening")) break;
  }
  sshd.stderr.on("error", () => undefined);
  execFileSync("sh", [
    "-c",
    `echo "[127.0.0.1]:${port} $(cut -d' ' -f1,2 '${at("host.pub")}')" >'${at("known")}'`,
  ]);
  // stands for nc -U PATH, which need not be installed
  const joining = "s=net.connect(process.argv[1]);process.stdin.pipe(s);s.pipe(process.stdout)";
  writeFileSync(at("nc"), `#!/bin/sh\nexec ${process.execPath} -e '${joining}' "$2"\n`, {
    mode: 0o755,
  });
  return { at, port };
}

test("ssh: a daemon behind a real sshd; wrong keys and unknown hosts are told in ssh's words", {
  skip,
}, async (t) => {
  const daemon = await startDaemon();
  t.after(() => daemon.cleanUp());
  const { at, port } = await startSshd(t);
  const socket = daemon.uri.split("socket=")[1] ?? "";
  const uri = (changes: Readonly<Record<string, string>>): string => {
    const parameters = {
      socket,
      netcat: at("nc"),
      keyfile: at("user"),
      known_hosts: at("known"),
      no_tty: "1",
      ...changes,
    };
    return `qemu+ssh://root@127.0.0.1:${port}/system?${new URLSearchParams(parameters).toString()}`;
  };
  const timeoutMs = 10_000;
  {
    await using connection = await connect(uri({}), { timeoutMs });
    assert.equal((await connection.call("connectGetType")).type, "QEMU");
    const events = await connection.events("domain", "lifecycle");
    const xml =
      "<domain type='qemu'><name>far</name><memory>32768</memory><os><type>hvm</type></os></domain>";
    const { dom } = await connection.call("domainDefineXmlFlags", { xml, flags: 0 });
    for await (const event of events) {
      assert.deepEqual([event.dom.name, event.event], ["far", 0]);
      break;
    }
    await connection.call("domainUndefine", { dom });
  }
  await assert.rejects(
    connect(uri({ keyfile: at("stranger") }), { timeoutMs }),
    /Permission denied/,
  );
  writeFileSync(at("empty"), "");
  await assert.rejects(
    connect(uri({ known_hosts: at("empty") }), { timeoutMs }),
    /Host key verification failed/,
  );
  await assert.rejects(connect(uri({ socket: at("no-socket") }), { timeoutMs }), /ENOENT|hung up/);
});
