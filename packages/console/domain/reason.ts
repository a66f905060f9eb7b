/** Why a domain is in its state, in words. */
import { useTranslation } from "react-i18next";
import { STATE_REASONS } from "@vireo/model/state-reason";
import type { DomainSummary } from "./domain-tab.ts";

export function useReason({ state, reason }: DomainSummary): string {
  const { t } = useTranslation();
  const words: readonly string[] = STATE_REASONS[state];
  return t(`reason.${words[reason] ?? "unknown"}`);
}
