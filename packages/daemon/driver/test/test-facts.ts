/** What definitions of the test driver are completed from. */
import { randomBytes } from "node:crypto";
import { macFromRandom } from "@vireo/model/mac";
import type { ResolveFacts } from "@vireo/model/domain/resolve/facts";
import { newUuid } from "../../state/new-uuid.ts";

export const TEST_FACTS: ResolveFacts = {
  hostArch: "i686",
  arch: "i686",
  emulator: "/usr/bin/test-hv",
  kvm: false,
  machines: [],
  capabilities: new Set(),
  settings: {
    vncListen: "127.0.0.1",
    spiceListen: "127.0.0.1",
    nvramDir: "/nonexistent",
    channelTargetDir: "/nonexistent",
  },
  newUuid,
  newMac: () => macFromRandom("52:54:00", randomBytes(3)),
};

/** The domain that is there from the start; name and UUID are libvirt's, which clients' tests know. */
export const TEST_DOMAIN = `<domain type='test'>
  <name>test</name>
  <uuid>6695eb01-f6a4-8304-79aa-97f2502e193f</uuid>
  <memory unit='KiB'>8388608</memory>
  <currentMemory unit='KiB'>2097152</currentMemory>
  <vcpu>2</vcpu>
  <os>
    <type arch='i686'>hvm</type>
    <boot dev='hd'/>
  </os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/guest/diskimage1'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='network'>
      <mac address='aa:bb:cc:dd:ee:ff'/>
      <source network='default'/>
      <target dev='testnet0'/>
    </interface>
    <memballoon model='virtio'/>
  </devices>
</domain>
`;
