/**
 * Leaves out what a stream held before it was opened. A program that nobody reads stops at its full pipe, so what
 * comes first is old, and the sample after it covers all the time in between.
 *
 * Samples follow one another without gaps and none comes before it has ended, so each bounds when all before it
 * were: what then began before the opening is dropped. Since a reader that is itself late could take old ones for
 * new, none is handed out before they come at the pace of their own lengths.
 *
 * @param openedS when the stream was opened, s on the monotonic clock
 */
export function freshOnly<T extends { readonly elapsedS: number }>(
  openedS: number,
): (samples: readonly T[], receivedS: number) => T[] {
  let held: T[] = [];
  let lastS: number | undefined;
  let inPace = false;
  return (samples, receivedS) => {
    if (inPace || samples.length === 0) return [...samples];
    held.push(...samples);
    let startS = receivedS;
    let from = held.length;
    while (from > 0 && startS - held[from - 1]!.elapsedS >= openedS) startS -= held[--from]!.elapsedS;
    held = held.slice(from);
    const lengthS = samples.reduce((total, { elapsedS }) => total + elapsedS, 0);
    inPace = held.length > 0 && lastS !== undefined && receivedS - lastS >= lengthS / 2;
    lastS = receivedS;
    return inPace ? held : [];
  };
}
