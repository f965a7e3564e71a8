import type { ImportFinding, Reading } from './observation.ts';
import type { ImportOptions } from './options.ts';
import type { DroppedRows, Row } from './query.ts';

const cellKey = ({ source }: Row): string => `${source.m ?? ''} ${source.askedN ?? source.n ?? ''}`;

/** How warm-ups are told where the user says nothing: as the format's own users do, if there are trials beside them. */
export function warmUpOf(
  left: readonly Row[],
  readings: readonly Reading[],
  findings: ImportFinding[],
): NonNullable<ImportOptions['warmUp']> {
  const known = readings.find(({ facts }) => facts.warmUp !== undefined)?.facts.warmUp;
  if (known === 'iteration-0') {
    return left.some(({ source }) => (source.iteration ?? 0) > 0) ? 'iteration-0' : 'none';
  }
  if (known !== undefined) return known;
  const slow = firstIsSlow(left);
  if (slow !== undefined) {
    findings.push({
      kind: 'warm-up',
      level: 'warning',
      message: `In ${slow.cells} cells the first row takes far longer than the others, as warm-ups do; it is counted all the same.`,
      todo: 'Leave the first row of each cell out (--warm-up first) if it warms up.',
    });
  }
  return 'none';
}

/** A first row that takes so many times the median of the others is a warm-up. */
const SLOW = 1.4;

function firstIsSlow(left: readonly Row[]): { cells: number } | undefined {
  const cells = byCell(left);
  let slow = 0;
  let judged = 0;
  for (const cell of cells.values()) {
    const [first, ...others] = cell.map(({ source }) => source.runtimeS);
    const rest = others.filter((value) => value !== undefined).sort((a, b) => a - b);
    const middle = rest[Math.floor(rest.length / 2)];
    if (first === undefined || middle === undefined || rest.length < 2) continue;
    judged += 1;
    if (first > SLOW * middle) slow += 1;
  }
  return judged >= 2 && slow > judged / 2 ? { cells: slow } : undefined;
}

function byCell(left: readonly Row[]): Map<string, Row[]> {
  const cells = new Map<string, Row[]>();
  for (const row of left) {
    const key = cellKey(row);
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [row]);
    else cell.push(row);
  }
  return cells;
}

/** The rows that do not warm up. */
export function withoutWarmUps(
  left: readonly Row[],
  warmUp: NonNullable<ImportOptions['warmUp']>,
  dropped: DroppedRows,
): Row[] {
  if (warmUp === 'none') return [...left];
  if (warmUp === 'iteration-0') {
    const kept = left.filter(({ source }) => source.iteration !== 0);
    dropped.add('warm-up (iteration 0)', left.length - kept.length);
    return kept;
  }
  const firsts = new Set([...byCell(left).values()].map(([first]) => first));
  const kept = left.filter((row) => !firsts.has(row));
  dropped.add('warm-up (the first of its cell)', left.length - kept.length);
  return kept;
}
