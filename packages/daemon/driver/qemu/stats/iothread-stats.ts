import type { ResolvedDomain } from "@vireo/model/domain/resolve/resolved-domain";
import type { StatsGroup } from "./group.ts";
import { merged, uint, ullong } from "./statistic.ts";

interface IoThread {
  readonly id: string;
  readonly "poll-max-ns": number;
  readonly "poll-grow": number;
  readonly "poll-shrink": number;
}

const isIoThread = (value: unknown): value is IoThread =>
  typeof value === "object" &&
  value !== null &&
  "id" in value &&
  typeof value.id === "string" &&
  ["poll-max-ns", "poll-grow", "poll-shrink"].every(
    (name) => typeof (value as Readonly<Record<string, unknown>>)[name] === "number",
  );

const hasIoThreads = ({ iothreads, iothreadids }: ResolvedDomain): boolean =>
  (iothreads ?? 0) > 0 || iothreadids !== undefined;

/** In the order in which QEMU tells them; those of its own have other names. */
export const iothreadStats: StatsGroup = async ({ view: { live }, ask }) => {
  if (live === undefined || !hasIoThreads(live.config)) return {};
  const answer: unknown = await ask("query-iothreads");
  const threads: readonly unknown[] = Array.isArray(answer) ? answer : [];
  const each = threads.filter(isIoThread).flatMap((thread) => {
    const number = /^iothread(\d+)$/.exec(thread.id)?.[1];
    if (number === undefined) return [];
    return [
      {
        [`iothread.${number}.poll-max-ns`]: ullong(thread["poll-max-ns"]),
        [`iothread.${number}.poll-grow`]: uint(thread["poll-grow"]),
        [`iothread.${number}.poll-shrink`]: uint(thread["poll-shrink"]),
      },
    ];
  });
  return each.length === 0 ? {} : merged([{ "iothread.count": uint(each.length) }, ...each]);
};
