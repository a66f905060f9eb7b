import assert from "node:assert/strict";
import { test } from "node:test";
import { isError } from "../../error.ts";
import { diskIndex, driveAddress } from "./device-defaults-disk.ts";
import { resolvedDevices } from "./resolve-devices.fixture.ts";

const disk = (dev: string, more = ""): string =>
  `<disk type='file'><source file='/${dev}'/><target dev='${dev}'/>${more}</disk>`;

test("disk names count like columns of a table", () => {
  const table = [
    ["vda", 0],
    ["sdz", 25],
    ["hdaa", 26],
    ["xvdab", 27],
    ["vda1", 0],
    ["nvme0", undefined],
  ] as const;
  for (const [name, index] of table) assert.equal(diskIndex(name), index, name);
});

test("units of each bus are filled in turn", () => {
  assert.deepEqual(driveAddress("ide", 3), {
    type: "drive",
    controller: 0,
    bus: 1,
    target: 0,
    unit: 1,
  });
  assert.deepEqual(driveAddress("scsi", 7), {
    type: "drive",
    controller: 1,
    bus: 0,
    target: 0,
    unit: 0,
  });
  assert.deepEqual(driveAddress("sata", 6), {
    type: "drive",
    controller: 1,
    bus: 0,
    target: 0,
    unit: 0,
  });
  assert.equal(driveAddress("virtio", 0), undefined);
});

test("a disk's name says its bus and its turn, and the bus brings its controllers", () => {
  const { disks = [], controllers = [] } = resolvedDevices(
    "pc",
    disk("hdb") + disk("vda") + disk("sdh"),
  );
  assert.deepEqual(
    disks.map(({ target }) => target?.bus),
    ["virtio", "ide", "scsi"],
  );
  assert.deepEqual(
    controllers
      .filter(({ type }) => type === "scsi")
      .map((one) => [one.index, "model" in one && one.model]),
    [
      [0, "lsilogic"],
      [1, "lsilogic"],
    ],
  );
  assert.equal(controllers.filter(({ type }) => type === "ide").length, 1);
});

test("a CD cannot be written; an empty drive has no storage of its own", () => {
  const [cd] =
    resolvedDevices("pc", "<disk type='network' device='cdrom'><target dev='hdc'/></disk>").disks ??
    [];
  assert.equal(cd?.readonly, true);
  assert.equal(cd.type, "file");
});

test("the first serial port is the first console, whichever is written", () => {
  for (const body of ["<console type='pty'/>", "<serial type='pty'/>"]) {
    const { serials = [], consoles = [] } = resolvedDevices("pc", body);
    assert.deepEqual(
      serials.map(({ target }) => target?.type),
      ["isa-serial"],
      body,
    );
    assert.deepEqual(
      consoles.map(({ target }) => target),
      [{ type: "serial", port: 0 }],
      body,
    );
  }
});

test("serial ports without a number follow the largest", () => {
  const { serials = [] } = resolvedDevices(
    "pc",
    "<serial type='null'/><serial type='null'><target port='4'/></serial><serial type='null'/>",
  );
  assert.deepEqual(
    serials.map(({ target }) => target?.port),
    [5, 4, 6],
  );
});

test("a screen brings a card and a sound back end", () => {
  const {
    videos = [],
    audios = [],
    graphics = [],
  } = resolvedDevices("pc", "<graphics type='vnc'/>");
  assert.deepEqual(
    videos.map(({ model }) => model),
    [{ type: "cirrus", vramKiB: 16384, heads: 1, primary: true }],
  );
  assert.deepEqual(audios, [{ id: 1, type: "none" }]);
  assert.deepEqual(graphics, [
    { type: "vnc", listens: [{ type: "address" }], autoport: true, port: -1 },
  ]);
});

test("USB devices get ports; hubs are added when they are too few", () => {
  const { inputs = [], hubs = [] } = resolvedDevices(
    "pc",
    "<input type='tablet' bus='usb'/>".repeat(3),
  );
  const ports = inputs.map(({ address }) => (address?.type === "usb" ? address.port : undefined));
  assert.equal(hubs.length, 1);
  assert.deepEqual(ports.slice(0, 3), ["2", "1.1", "1.2"]);
});

test("a port behind a hub that is not there is refused", () => {
  assert.throws(
    () =>
      resolvedDevices(
        "pc",
        "<input type='mouse' bus='usb'><address type='usb' bus='0' port='1.2'/></input>",
      ),
    (error) =>
      isError(error, "xmlError") &&
      error.message === "XML error: there is no hub at port 1 in USB address bus: 0 port: 1.2",
  );
});

test("serial channels get ports from 1, and a second controller when the first is full", () => {
  const channel = "<channel type='pty'><target type='virtio' name='a'/></channel>";
  const { channels = [], controllers = [] } = resolvedDevices("pc", channel.repeat(31));
  const last = channels.at(-1)?.address;
  assert.deepEqual(last, { type: "virtio-serial", controller: 1, bus: 0, port: 1 });
  assert.equal(controllers.filter(({ type }) => type === "virtio-serial").length, 2);
});
