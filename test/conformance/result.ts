/** What every runner tells of a case. */
export interface ConformanceResult {
  readonly corpus: string;
  /** Tier, or kind where a corpus has no tiers. */
  readonly tier: string;
  readonly id: string;
  readonly passed: boolean;
  /** Why not. */
  readonly detail: string;
}

export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
