/** The virtual displays that the tests may use, one for each worker; none where they share the one there is. */
export const displays = (process.env.CROSSOVER_DISPLAYS ?? '').split(' ').filter((name) => name !== '');

/** Sends the windows of this worker to its own display. */
export function useOwnDisplay(): void {
  const own = displays[Number(process.env.TEST_PARALLEL_INDEX)];
  if (own !== undefined) process.env.DISPLAY = own;
}
