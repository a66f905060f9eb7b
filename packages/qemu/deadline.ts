/** The one way to bound a wait in time; timers run on the monotonic clock. */

/** What `work` gives, or `late()` thrown when it takes longer than `ms` milliseconds; `work` itself goes on. */
export async function within<T>(work: Promise<T>, ms: number, late: () => Error): Promise<T> {
  const passed = Promise.withResolvers<never>();
  const timer = setTimeout(() => passed.reject(late()), ms);
  try {
    return await Promise.race([work, passed.promise]);
  } finally {
    clearTimeout(timer);
  }
}
