/**
 * What this program started and must not outlive it: also a test that failed before it could clean up ends then, and
 * leaves nothing behind.
 */
const ends = new Set<() => void>();

function endAll(): void {
  for (const end of ends) end();
  ends.clear();
}

/** Node's test runner ends a file that takes too long by this signal. */
const onTerm = (): void => process.exit(128 + 15);

/**
 * @param end runs when this program ends; must not wait
 * @returns forgets it again
 */
export function endAtExit(end: () => void): () => void {
  if (ends.size === 0) {
    process.on("exit", endAll);
    process.on("SIGTERM", onTerm);
  }
  ends.add(end);
  return () => {
    if (!ends.delete(end) || ends.size > 0) return;
    process.off("exit", endAll);
    process.off("SIGTERM", onTerm);
  };
}
