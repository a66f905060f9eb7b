/** `-object iothread` and the worker threads of QEMU's main loop. */
import { given } from "../json.ts";
import { type CommandArg, jsonArg } from "./argument.ts";
import type { CommandInput } from "./input.ts";

/** Thread 1 to `<iothreads>`, unless they are listed by number. */
export function iothreadArgs({ domain }: CommandInput): CommandArg[] {
  const listed = domain.iothreadids?.iothreads ?? [];
  const taken = new Set(listed.map((one) => one.id));
  const all: { id: number; threadPoolMin?: number; threadPoolMax?: number }[] = [...listed];
  for (let id = 1; all.length < (domain.iothreads ?? 0); id++) if (!taken.has(id)) all.push({ id });
  return all.map((thread) =>
    jsonArg(
      "-object",
      given({
        "qom-type": "iothread",
        id: `iothread${thread.id}`,
        "thread-pool-min": thread.threadPoolMin,
        "thread-pool-max": thread.threadPoolMax,
      }),
      taken.has(thread.id) ? `/domain/iothreadids/iothread[@id=${thread.id}]` : "/domain/iothreads",
    ),
  );
}

export function mainLoopArgs({ domain }: CommandInput): CommandArg[] {
  const pool = domain.defaultiothread;
  if (pool === undefined) return [];
  return [
    jsonArg(
      "-object",
      given({
        "qom-type": "main-loop",
        id: "main-loop",
        "thread-pool-min": pool.threadPoolMin,
        "thread-pool-max": pool.threadPoolMax,
      }),
      "/domain/defaultiothread",
    ),
  ];
}
