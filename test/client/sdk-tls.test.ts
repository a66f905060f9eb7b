/** The libvirt SDK by TLS with a real libvirtd: an authority, a daemon and clients of our own, made by openssl. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { connect } from "@vireo/sdk/libvirt/connect";
import { Libvirtd } from "../harness/libvirtd.ts";

const EC = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes".split(" ");
const TLS_PORT = 16_514;

/** An authority in a directory of its own. */
class Authority {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
    mkdirSync(directory, { recursive: true });
    const [key, cert] = [this.at("cakey.pem"), this.at("cacert.pem")];
    const kind = ["req", "-x509", ...EC, "-days", "2", "-subj", "/CN=authority"];
    execFileSync("openssl", [...kind, "-keyout", key, "-out", cert], { stdio: "ignore" });
  }

  at(file: string): string {
    return join(this.directory, file);
  }

  /** `NAMEkey.pem` and `NAMEcert.pem`. */
  issue(name: string, use: "serverAuth" | "clientAuth"): void {
    const [key, wish, cert] = [`${name}key.pem`, `${name}.csr`, `${name}cert.pem`].map((file) =>
      this.at(file),
    );
    const subject = ["-subj", "/CN=localhost"];
    execFileSync(
      "openssl",
      ["req", ...EC, ...subject, "-keyout", String(key), "-out", String(wish)],
      {
        stdio: "ignore",
      },
    );
    const extensions = this.at(`${name}.ext`);
    writeFileSync(extensions, `subjectAltName=DNS:localhost\nextendedKeyUsage=${use}\n`);
    const signer = [
      "-CA",
      this.at("cacert.pem"),
      "-CAkey",
      this.at("cakey.pem"),
      "-CAcreateserial",
    ];
    const sign = ["x509", "-req", "-days", "2", "-extfile", extensions, ...signer];
    execFileSync("openssl", [...sign, "-in", String(wish), "-out", String(cert)], {
      stdio: "ignore",
    });
  }
}

/** A port of ours that leads to libvirtd's, which is in a network of its own. */
async function portInto(t: TestContext, libvirtd: Libvirtd): Promise<number> {
  const inside = join(libvirtd.root, "tls.sock");
  const relay = `require("node:net").createServer((s) => { const d = require("node:net").connect(${TLS_PORT}, "127.0.0.1"); s.on("error", () => d.destroy()); d.on("error", () => s.destroy()); s.pipe(d); d.pipe(s); }).listen(${JSON.stringify(inside)}, () => console.log("ready"))`;
  const child = spawn(
    "nsenter",
    [`--net=/proc/${libvirtd.pid}/ns/net`, process.execPath, "-e", relay],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  t.after(() => child.kill());
  await once(child.stdout, "data");
  const server = createServer((client) => {
    const daemon = connectSocket(inside);
    client.on("error", () => daemon.destroy());
    daemon.on("error", () => client.destroy());
    client.pipe(daemon);
    daemon.pipe(client);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test("tls: libvirtd with certificates on both sides", {
  skip: Libvirtd.missing() ?? false,
}, async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "vireo-tls-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const ours = new Authority(join(directory, "ours"));
  ours.issue("server", "serverAuth");
  ours.issue("client", "clientAuth");
  const stranger = new Authority(join(directory, "stranger"));
  stranger.issue("client", "clientAuth");
  const libvirtd = await Libvirtd.started({
    listen: true,
    settings: [
      "listen_tls = 1",
      "listen_tcp = 0",
      `auth_tls = "none"`,
      `key_file = "${ours.at("serverkey.pem")}"`,
      `cert_file = "${ours.at("servercert.pem")}"`,
      `ca_file = "${ours.at("cacert.pem")}"`,
    ],
  });
  t.after(() => libvirtd.cleanUp());
  const port = await portInto(t, libvirtd);
  const uri = (pki: string): string =>
    `qemu+tls://localhost:${port}/system?${new URLSearchParams({ pkipath: pki }).toString()}`;
  const options = { timeoutMs: 10_000 };
  {
    await using connection = await connect(uri(ours.directory), options);
    assert.equal((await connection.call("connectGetType")).type, "QEMU");
    assert.equal((await connection.call("connectIsSecure")).secure, 1);
  }
  await assert.rejects(connect(uri(stranger.directory), options), /unable to verify|self-signed/);
  // he trusts us, but we do not know him
  const mixed = join(directory, "mixed");
  mkdirSync(mixed);
  execFileSync("cp", [
    ours.at("cacert.pem"),
    stranger.at("clientcert.pem"),
    stranger.at("clientkey.pem"),
    mixed,
  ]);
  await assert.rejects(connect(uri(mixed), options));
  const nobody = join(directory, "nobody");
  mkdirSync(nobody);
  execFileSync("cp", [ours.at("cacert.pem"), nobody]);
  await assert.rejects(connect(uri(nobody), options));
});
