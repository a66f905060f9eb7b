/** Disks of a few bytes that a machine boots: for tests, where a guest need not be more. */

/** Machine code of a boot sector: what a guest does once the firmware has loaded it. */
export const IDLE = [0xf4, 0xeb, 0xfd];
export const POWER_OFF = [0xba, 0x04, 0x06, 0xb8, 0x00, 0x20, 0xef, ...IDLE];
export const RESET = [0xb0, 0xfe, 0xe6, 0x64, ...IDLE];
export const PANIC = [0xba, 0x05, 0x05, 0xb0, 0x01, 0xee, ...IDLE];
/** Echoes what comes in on the first serial port. */
export const ECHO = [
  0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0xf8, 0xba, 0xf8, 0x03, 0xec, 0xee, 0xeb, 0xf1,
];

/** The whole disk with that code in its boot sector. */
export function bootDisk(code: readonly number[]): Buffer {
  const disk = Buffer.alloc(1024 * 1024); // at least a cylinder, or the firmware reads nothing
  Buffer.from(code).copy(disk);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}
