/** Which boot of the host this is. */
import { readText } from "./file.ts";

/** A UUID that the kernel makes at each boot; state from another boot is about dead processes. */
export async function bootId(procRoot = "/proc"): Promise<string> {
  return (await readText(`${procRoot}/sys/kernel/random/boot_id`)).trim();
}
