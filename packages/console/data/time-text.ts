/** Moments as people read them, in their own way to write dates. */

/** The time alone when it was today. */
export function timeText(at: string | number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString() : date.toLocaleString();
}
