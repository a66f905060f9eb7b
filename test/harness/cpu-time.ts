/** Processor time of this thread so far, in milliseconds: what work takes, whoever else is on the host. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
