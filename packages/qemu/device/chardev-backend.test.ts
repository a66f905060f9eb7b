import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChardevBackend, chardevBackendArgument, chardevOption } from "./chardev-backend.ts";

const CASES: readonly (readonly [ChardevBackend, option: string, qmp: object])[] = [
  [{ type: "pty" }, "pty,id=c", { type: "pty", data: {} }],
  [
    { type: "file", path: "/a,b", append: true },
    "file,id=c,path=/a,,b,append=on",
    { type: "file", data: { out: "/a,b", append: true } },
  ],
  [
    { type: "tcp", host: "h", port: "1", server: true, wait: false, telnet: true },
    "socket,id=c,host=h,port=1,telnet=on,server=on,wait=off",
    {
      type: "socket",
      data: {
        addr: { type: "inet", data: { host: "h", port: "1" } },
        telnet: true,
        server: true,
        wait: false,
      },
    },
  ],
  [
    { type: "unix", path: "/s", reconnect: 10 },
    "socket,id=c,path=/s,reconnect=10",
    {
      type: "socket",
      data: { addr: { type: "unix", data: { path: "/s" } }, server: false, reconnect: 10 },
    },
  ],
  [
    { type: "udp", host: "h", port: "1", localHost: "", localPort: "0" },
    "udp,id=c,host=h,port=1,localaddr=,localport=0",
    { type: "udp", data: { remote: { type: "inet", data: { host: "h", port: "1" } } } },
  ],
  [
    { type: "spicevmc", name: "vdagent" },
    "spicevmc,id=c,name=vdagent",
    { type: "spicevmc", data: { type: "vdagent" } },
  ],
];

for (const [backend, option, qmp] of CASES)
  test(`chardev ${backend.type}: as an option and over QMP`, () => {
    assert.equal(chardevOption("c", backend), option);
    assert.deepEqual(chardevBackendArgument(backend), qmp);
  });

test("chardev: a log goes along in both forms", () => {
  const log = { path: "/l", append: true };
  assert.equal(chardevOption("c", { type: "null" }, log), "null,id=c,logfile=/l,logappend=on");
  assert.deepEqual(chardevBackendArgument({ type: "null" }, log), {
    type: "null",
    data: { logfile: "/l", logappend: true },
  });
});
