/** The typed values that statistics consist of. */
import type { OperationOutput } from "@vireo/model/operation/operations";

export type Stats = OperationOutput<"domain", "stats">[number]["stats"];

export const int = (value: number) => ({ type: "int", value }) as const;
export const uint = (value: number) => ({ type: "uint", value }) as const;
export const llong = (value: number) => ({ type: "llong", value }) as const;
export const ullong = (value: number) => ({ type: "ullong", value }) as const;
export const string = (value: string) => ({ type: "string", value }) as const;

export const merged = (parts: readonly Stats[]): Stats =>
  Object.fromEntries(parts.flatMap((part) => Object.entries(part)));
