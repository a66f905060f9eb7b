/** libvirt's names of the architectures it knows. */
export const ARCHITECTURES = [
  "alpha",
  "armv6l",
  "armv7l",
  "armv7b",
  "aarch64",
  "cris",
  "i686",
  "ia64",
  "lm32",
  "loongarch64",
  "m68k",
  "microblaze",
  "microblazeel",
  "mips",
  "mipsel",
  "mips64",
  "mips64el",
  "openrisc",
  "parisc",
  "parisc64",
  "ppc",
  "ppcle",
  "ppc64",
  "ppc64le",
  "ppcemb",
  "riscv32",
  "riscv64",
  "s390",
  "s390x",
  "sh4",
  "sh4eb",
  "sparc",
  "sparc64",
  "tricore",
  "unicore32",
  "x86_64",
  "xtensa",
  "xtensaeb",
] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** PC architectures. */
export const isX86 = (arch: string | undefined): boolean => arch === "x86_64" || arch === "i686";
export const isPseriesArch = (arch: string | undefined): boolean =>
  arch === "ppc64" || arch === "ppc64le";
export const isArm = (arch: string | undefined): boolean =>
  arch === "aarch64" || arch === "armv7l" || arch === "armv6l";
export const isS390 = (arch: string | undefined): boolean => arch === "s390x" || arch === "s390";
