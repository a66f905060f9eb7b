/** Network cards libvirt knows by name. */

/** Names that are recognised however they are written. */
export const CARDS: readonly string[] = [
  "netfront",
  "rtl8139",
  "virtio",
  "e1000",
  "e1000e",
  "virtio-transitional",
  "virtio-non-transitional",
  "usb-net",
  "spapr-vlan",
  "lan9118",
  "smc91c111",
  "vlance",
  "vmxnet",
  "vmxnet2",
  "vmxnet3",
  "Am79C970A",
  "82540EM",
  "82545EM",
  "82543GC",
];
