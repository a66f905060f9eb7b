/** A path without doubled slashes and without one at its end. */
export function cleanPath(path: string): string {
  const single = path.replaceAll(/\/+/g, "/");
  return single.length > 1 && single.endsWith("/") ? single.slice(0, -1) : single;
}
