/** Makers of QEMU's CPU models, which QEMU itself does not tell. Names are facts of the processors. */

const INTEL =
  /^(n270|coreduo|core2duo|Westmere|Snowridge|Skylake|SandyBridge|Penryn|Nehalem|IvyBridge|Icelake|Haswell|Cooperlake|Conroe|Cascadelake|Broadwell|KnightsMill|Denverton|SapphireRapids)/;
const AMD = /^(phenom|Opteron|EPYC|athlon)/;

export function cpuVendor(model: string): string {
  if (INTEL.test(model)) return "Intel";
  if (AMD.test(model)) return "AMD";
  return model.startsWith("Dhyana") ? "Hygon" : "unknown";
}

/** Models that libvirt's x86 CPU map knows; others cannot be asked for by name. */
const UNLISTED = /^(max|host|base|KnightsMill|Denverton|SapphireRapids|GraniteRapids)|-v\d+$/;
export const isNamedModel = (model: string): boolean => !UNLISTED.test(model);
