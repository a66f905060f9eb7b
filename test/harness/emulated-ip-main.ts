/**
 * `emulated-ip-main.ts FILE ...`: the program ip as far as virtual functions need it; no test machine has any. FILE has
 * what each function of the card was told, and gets a line for each change.
 *
 *     -j link show dev CARD
 *     link set dev CARD vf INDEX [mac ADDRESS] vlan ID [qos N]
 */
import { appendFileSync, readFileSync } from "node:fs";

const [, , file = "", ...words] = process.argv;

const after = (word: string): string | undefined => {
  const at = words.indexOf(word);
  return at < 0 ? undefined : words[at + 1];
};

interface Settings {
  readonly mac: string;
  readonly vlan: number;
}

const lines = readFileSync(file, "utf8").trimEnd().split("\n");
const functions = new Map<number, Settings>();
for (const line of lines) {
  const [vf = "", mac = "", vlan = ""] = line.split(" ");
  functions.set(Number(vf), { mac, vlan: Number(vlan) });
}

if (words.includes("show")) {
  const list = [...functions].map(([vf, { mac, vlan }]) => ({
    vf,
    address: mac,
    vlan_list: [{ vlan }],
  }));
  process.stdout.write(JSON.stringify([{ ifname: after("dev"), vfinfo_list: list }]));
} else {
  const vf = Number(after("vf"));
  const mac = after("mac") ?? functions.get(vf)?.mac ?? "";
  appendFileSync(file, `${vf} ${mac} ${after("vlan") ?? "0"}\n`);
}
