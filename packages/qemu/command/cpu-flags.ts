/** Spelling of CPU features: libvirt's names and QEMU's. */

/** Features whose name in libvirt's CPU map is not QEMU's with another separator. */
const RENAMED: Readonly<Record<string, string>> = { pclmuldq: "pclmulqdq", ffxsr: "fxsr-opt" };

/** Features that libvirt writes with an underscore and QEMU with a dash. */
export const qemuFeature = (name: string): string => RENAMED[name] ?? name.replaceAll("_", "-");
