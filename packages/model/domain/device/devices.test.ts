import assert from "node:assert/strict";
import { test } from "node:test";
import { format } from "../../schema/format.ts";
import type { Issue } from "../../schema/issue.ts";
import { parse } from "../../schema/parse.ts";
import { CONFIG_VIEW, LIVE_VIEW, type View } from "../../schema/view.ts";
import { parseXml } from "../../xml/parse-xml.ts";
import { Devices } from "./devices.ts";

const SAMPLES = [
  `<disk type='network' device='disk'>
  <driver name='qemu' type='raw' cache='none' io='native' discard='unmap' iothread='1'/>
  <source protocol='rbd' name='pool/image' tls='yes'>
    <host name='mon1' port='6789'/>
    <auth username='me'>
      <secret type='ceph' usage='s'/>
    </auth>
  </source>
  <backingStore/>
  <target dev='vda' bus='virtio'/>
  <iotune>
    <read_bytes_sec>1</read_bytes_sec>
  </iotune>
  <serial>x y</serial>
  <boot order='1'/>
</disk>`,
  `<disk type='file' device='disk'>
  <source file='/top'/>
  <backingStore type='file'>
    <format type='qcow2'/>
    <source file='/middle'/>
    <backingStore type='block'>
      <format type='raw'/>
      <source dev='/bottom'/>
      <backingStore/>
    </backingStore>
  </backingStore>
  <target dev='vda' bus='virtio'/>
</disk>`,
  `<interface type='bridge'>
  <mac address='52:54:00:00:00:01'/>
  <source bridge='br0'/>
  <vlan trunk='yes'>
    <tag id='42' nativeMode='untagged'/>
    <tag id='47'/>
  </vlan>
  <bandwidth>
    <inbound average='1000' peak='4000' floor='200' burst='1024'/>
  </bandwidth>
  <model type='virtio'/>
  <driver name='vhost' queues='4'>
    <host csum='off' mrg_rxbuf='off'/>
  </driver>
  <link state='down'/>
  <mtu size='9000'/>
</interface>`,
  `<serial type='tcp'>
  <source mode='connect' host='h' service='1'>
    <reconnect enabled='yes' timeout='3'/>
  </source>
  <protocol type='telnet'/>
  <log file='/l' append='on'/>
  <target type='isa-serial' port='1'>
    <model name='isa-serial'/>
  </target>
</serial>`,
  `<hostdev mode='subsystem' type='pci' managed='yes'>
  <driver name='vfio'/>
  <source>
    <address domain='0x0000' bus='0x06' slot='0x02' function='0x1'/>
  </source>
  <rom bar='on' file='/rom'/>
</hostdev>`,
  `<memory model='nvdimm' access='shared'>
  <source>
    <path>/nv</path>
    <alignsize unit='KiB'>2048</alignsize>
    <pmem/>
  </source>
  <target>
    <size unit='KiB'>523264</size>
    <node>0</node>
    <label>
      <size unit='KiB'>128</size>
    </label>
  </target>
</memory>`,
] as const;

function again(sample: string, view: View): { printed: string; issues: readonly Issue[] } {
  const issues: Issue[] = [];
  const text = `<devices>\n${sample.replace(/^/gm, "  ")}\n</devices>\n`;
  const value = parse(Devices, parseXml(text), issues, { live: view.live });
  return { printed: format(Devices, value, view), issues };
}

test("devices are printed as they were read, nothing unknown", () => {
  for (const sample of SAMPLES) {
    const { printed, issues } = again(sample, CONFIG_VIEW);
    assert.deepEqual(issues, []);
    assert.equal(printed, `<devices>\n${sample.replace(/^/gm, "  ")}\n</devices>\n`);
  }
});

test("names given by libvirt show only in the live view, names given by users always", () => {
  const named = (name: string): string =>
    `<sound model='ac97'>\n  <alias name='${name}'/>\n</sound>`;
  assert.match(again(named("sound0"), LIVE_VIEW).printed, /sound0/);
  assert.doesNotMatch(again(named("sound0"), CONFIG_VIEW).printed, /alias/);
  assert.match(again(named("ua-mine"), CONFIG_VIEW).printed, /ua-mine/);
});

test("passwords show only to those who may see secrets", () => {
  const screen = "<graphics type='vnc' passwd='secret'/>";
  assert.doesNotMatch(again(screen, CONFIG_VIEW).printed, /secret/);
  assert.match(again(screen, { ...CONFIG_VIEW, secure: true }).printed, /passwd='secret'/);
});

test("an attribute libvirt does not know is reported, not refused", () => {
  const { issues } = again(
    "<rng model='virtio' colour='red'><backend model='builtin'/></rng>",
    CONFIG_VIEW,
  );
  assert.deepEqual(
    issues.map(({ path, severity }) => [path, severity]),
    [["/devices/rng[1]@colour", "ignored"]],
  );
});
