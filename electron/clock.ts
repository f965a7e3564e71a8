/**
 * Now on the machine's monotonic clock, in seconds since it was started or so. The same for every process of the
 * machine, and never set back, unlike the time of day.
 */
export function monotonicS(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
