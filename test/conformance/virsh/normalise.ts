/** Takes out of virsh's words what differs between any two runs of one daemon. */

const RULES: readonly (readonly [RegExp, string])[] = [
  [/\/dev\/pts\/\d+/g, "/dev/pts/N"],
  // libvirt does not give a number twice, Vireo the first that is free.
  [/\bvnet\d+/g, "vnetN"],
  [/^(CPU time: +)[\d.]+ ?s$/gm, "$1T"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?( ?[+-]\d{4})?/g, "TIME"],
  [/<creationTime>\d+</g, "<creationTime>TIME<"],
  [/\b1[67]\d{8}\b(\.\d+)?/g, "TIME"],
  // Of a file system without times of birth libvirt tells 0.
  [/<btime>[^<]*</g, "<btime>TIME<"],
  [/(dirtyrate\.calc_start_time=)\d+/g, "$1T"],
  [/(Time elapsed: +)\d+ +ms/g, "$1T ms"],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UUID"],
  [/52:54:00(:[0-9a-f]{2}){3}/g, "MAC"],
  [/domain--?\d+-/g, "domain-N-"],
  // Numbers of domains go up with each attempt to start one, of QMP commands with what else was asked.
  [/(<domain type='\w+' id=')\d+'/g, "$1N'"],
  [/"libvirt-\d+"/g, '"libvirt-N"'],
  // A memory that is written at once has no bandwidth.
  [/^(?:Memory bandwidth:|  memory_bps:) .*\n/gm, ""],
  [/\bport='59\d\d'/g, "port='59NN'"],
  [/^((?:vnc:\/\/)?127\.0\.0\.1):\d+$/gm, "$1:N"],
  [/\/tmp\/virsh\w+\.xml/g, "VIRSHFILE"],
  [/\/run\/(?:libvirt|vireo)-sock/g, "/run/SOCK"],
  [/(<pid>|pid )\d+/g, "$1N"],
  // How often virsh looked on the way is chance.
  [/(?:\r?((?:Block )?\w+): \[ *\d+ %\])+(?=\r?\1: \[100 %\])/g, ""],
  // After place and line come the words of an XML parser; ours are our own.
  [/(\((?:\w+_)?\w+\):\d+): [^\n]*(?:\n[^\n]*\n *-*\^)?/g, "$1: WORDS"],
];

/** What of our XML and commands is of another form on purpose, or not there yet: left out on both sides. */
export const KNOWN_FORMS: readonly {
  readonly pattern: RegExp;
  readonly put: string;
  readonly why: string;
}[] = [
  {
    pattern: /^ *<resource>\n[\s\S]*?<\/resource>\n/gm,
    put: "",
    why: "guests are put into no cgroup partition yet",
  },
  {
    pattern: /^ *<seclabel [\s\S]*?<\/seclabel>\n/gm,
    put: "",
    why: "guests run as vireod's user, without a label",
  },
  {
    pattern: /\/var\/lib\/libvirt\/qemu\/channel\/target\/domain-N-/g,
    put: "CHANNEL/",
    why: "a channel's socket lies in our own place",
  },
  { pattern: /ROOT\/run\/qemu\/channel\/-?\d+-/g, put: "CHANNEL/", why: "as above" },
  {
    pattern: /\/var\/lib\/libvirt\/qemu/g,
    put: "ROOT/lib/qemu",
    why: "files lie in our own place",
  },
];

export interface Places {
  /** The daemon's own directory, which commands call DIR. */
  readonly directory: string;
  /** Where the daemon keeps its files: ROOT. */
  readonly roots: readonly string[];
}

/** @param figures whether digits and the blanks around them are left out as well */
export function normalise(text: string, { directory, roots }: Places, figures: boolean): string {
  let words = text.replaceAll(directory, "DIR");
  for (const root of roots) words = words.replaceAll(root, "ROOT");
  for (const [pattern, put] of RULES) words = words.replace(pattern, put);
  for (const { pattern, put } of KNOWN_FORMS) words = words.replace(pattern, put);
  if (figures) words = words.replace(/-?\d+(\.\d+)?/g, "N").replace(/[ \t]+/g, " ");
  return words
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}
