import { formatNumber, formatPercent } from './format.ts';
import { railNames, type Cell, type Profile } from './profile.ts';

/** One quantity of a cell, to be looked at beside the same of the others. */
export interface OddPoint {
  readonly m: number;
  readonly n: number;
  readonly sweep?: 'input' | 'output' | undefined;
  /** J or s */
  readonly value: number;
  /** what of it is a part, J; shares are looked at where it is given and is more than the value */
  readonly total?: number | undefined;
  /** its source says already that it cannot be right */
  readonly doubted: boolean;
}

/** A point that is far off, and what it is compared with. */
export interface OddFound {
  /** position among the points */
  readonly index: number;
  readonly by: 'share' | 'neighbours';
  /** the value, or its share, as it is and as the others have it */
  readonly found: number;
  readonly usual: number;
}

/** A cell of a profile that is far off, and why, as sentences. */
export interface OddCell {
  readonly cell: Cell;
  readonly reasons: readonly string[];
}

/** So many robust standard deviations from the others is far off, when it is a factor of `LEAST_FACTOR` too. */
const FAR = 8;
const LEAST_FACTOR = 3;
/** Standard deviations of logarithms are never taken as less: cells that agree to the digit do not make 10% far off. */
const LEAST_SCALE = 0.1;
/** Points that it takes to tell what is usual. */
const FEWEST = 8;
/** So much of the points can be odd; of more, none is. */
const MOST_ODD = 0.2;

/**
 * The points that are far off: whose share of the total differs from the median share, or whose value from what the power
 * law through its neighbours says, by at least a factor of 3 and 8 robust standard deviations (1.4826 × the median
 * absolute deviation of the logarithms). Neighbours lie along a sweep, or along the rows and columns of a grid, of which
 * the kinder speaks; at the ends the law is extended. One point that is off makes its neighbours look so, so that they
 * are judged anew without it. Fewer than eight points tell nothing, nor do those in doubt already.
 */
export function oddPoints(points: readonly OddPoint[]): OddFound[] {
  const all = points.flatMap((point, index) =>
    !point.doubted && point.value > 0 && Number.isFinite(point.value) ? [{ ...point, index }] : [],
  );
  if (all.length < FEWEST) return [];
  return [...oddShares(all), ...oddAmongNeighbours(all)];
}

type Indexed = OddPoint & { readonly index: number };

function oddShares(all: readonly Indexed[]): OddFound[] {
  const parts = all.filter(({ value, total }) => total !== undefined && total > 0 && value <= total);
  if (parts.length < FEWEST || parts.every(({ value, total }) => value === total)) return [];
  const logs = parts.map(({ value, total }) => Math.log(value / total!));
  const { middle, scale } = robust(logs);
  return parts.flatMap(({ index }, i) =>
    isFar(logs[i]! - middle, (logs[i]! - middle) / scale)
      ? [{ index, by: 'share' as const, found: Math.exp(logs[i]!), usual: Math.exp(middle) }]
      : [],
  );
}

function oddAmongNeighbours(all: readonly Indexed[]): OddFound[] {
  let left = [...all];
  const odd: Indexed[] = [];
  for (;;) {
    const residuals = residualsOf(left, left);
    const candidates = farOff(left, residuals);
    if (candidates.length === 0) break;
    if (odd.length + 1 > MOST_ODD * all.length) return [];
    // Of points that make one another look odd, the one is odd without which the others lie closest to their laws.
    const worst = candidates
      .slice(0, MOST_TRIED)
      .map((point) => ({ point, rest: scatterOf(without(left, point)) }))
      .reduce((a, b) => (b.rest < a.rest ? b : a)).point;
    odd.push(worst);
    left = without(left, worst);
  }
  const against = residualsOf(odd, left);
  return odd.flatMap((point, i) => {
    const residual = against[i];
    return residual === undefined
      ? []
      : [
          {
            index: point.index,
            by: 'neighbours' as const,
            found: point.value,
            usual: point.value / Math.exp(residual.off),
          },
        ];
  });
}

/** Candidates that are tried, the farthest first. */
const MOST_TRIED = 12;

const without = (points: readonly Indexed[], one: Indexed): Indexed[] =>
  points.filter((each) => each !== one);

/** How far points are from their laws in the mean; what no law speaks of is left out, and is no sign of order. */
function scatterOf(points: readonly Indexed[]): number {
  const known = residualsOf(points, points).filter((residual) => residual !== undefined);
  return known.length === 0
    ? Infinity
    : known.reduce((sum, { normed }) => sum + Math.abs(normed), 0) / known.length;
}

/** The points that are far off, the farthest first. */
function farOff(points: readonly Indexed[], residuals: readonly (Residual | undefined)[]): Indexed[] {
  const known = residuals.flatMap((residual) => (residual === undefined ? [] : [residual.normed]));
  if (known.length < FEWEST) return [];
  const { middle, scale } = robust(known);
  return points
    .flatMap((point, i) => {
      const residual = residuals[i];
      if (residual === undefined) return [];
      const z = (residual.normed - middle) / scale;
      return isFar(residual.off, z) ? [{ point, z: Math.abs(z) }] : [];
    })
    .sort((a, b) => b.z - a.z)
    .map(({ point }) => point);
}

function isFar(off: number, z: number): boolean {
  return Math.abs(z) > FAR && Math.abs(off) > Math.log(LEAST_FACTOR);
}

/** How far ln of a value is from the law through its neighbours. */
interface Residual {
  readonly off: number;
  /** the same over what it would vary by if every value varied alike */
  readonly normed: number;
}

/** Of each point how far it is off a law through others; undefined where no line has two of them. */
function residualsOf(points: readonly Indexed[], others: readonly Indexed[]): (Residual | undefined)[] {
  const byM = linesOf(others, 'm');
  const byN = linesOf(others, 'n');
  return points.map((point) => {
    const found = [
      ...(point.sweep === 'input' ? [] : [residualAlong(point, byM.get(keyOf(point, 'm')), 'n')]),
      ...(point.sweep === 'output' ? [] : [residualAlong(point, byN.get(keyOf(point, 'n')), 'm')]),
    ].filter((residual) => residual !== undefined);
    return found.length === 0
      ? undefined
      : found.reduce((a, b) => (Math.abs(b.off) < Math.abs(a.off) ? b : a));
  });
}

/** A sweep is a line although its prompts may differ by a token or two in what was held. */
const keyOf = (point: OddPoint, held: 'm' | 'n'): string => point.sweep ?? String(point[held]);

function linesOf(points: readonly Indexed[], held: 'm' | 'n'): Map<string, Indexed[]> {
  const lines = new Map<string, Indexed[]>();
  for (const point of points) {
    if (point.sweep !== undefined && point.sweep !== (held === 'm' ? 'output' : 'input')) continue;
    const key = keyOf(point, held);
    const line = lines.get(key);
    if (line === undefined) lines.set(key, [point]);
    else line.push(point);
  }
  const varied = held === 'm' ? 'n' : 'm';
  for (const line of lines.values()) line.sort((a, b) => a[varied] - b[varied]);
  return lines;
}

function residualAlong(
  point: Indexed,
  line: readonly Indexed[] | undefined,
  varied: 'm' | 'n',
): Residual | undefined {
  const others = (line ?? []).filter((other) => other.index !== point.index);
  if (others.length < 2) return undefined;
  const after = others.findIndex((other) => other[varied] > point[varied]);
  const low = Math.min(Math.max(0, (after < 0 ? others.length : after) - 1), others.length - 2);
  const [a, b] = [others[low]!, others[low + 1]!];
  const from = Math.log(a[varied]);
  const span = Math.log(b[varied]) - from;
  if (!(span > 0)) return undefined;
  const share = (Math.log(point[varied]) - from) / span;
  const off = Math.log(point.value) - (1 - share) * Math.log(a.value) - share * Math.log(b.value);
  return { off, normed: off / Math.sqrt(1 + (1 - share) ** 2 + share ** 2) };
}

function robust(values: readonly number[]): { middle: number; scale: number } {
  const middle = medianOf(values);
  const deviation = medianOf(values.map((value) => Math.abs(value - middle)));
  return { middle, scale: Math.max(LEAST_SCALE, 1.4826 * deviation) };
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/**
 * The cells of a profile that are far off, in its order: by the energy of any of its rails or of all, or by the runtime.
 * Nothing is left out for it; whoever uses the profile is told.
 */
export function oddCells({ cells, rails }: Pick<Profile, 'cells' | 'rails'>): OddCell[] {
  const reasons = new Map<number, string[]>();
  const look = (what: string, unit: string, of: (cell: Cell) => number, isPart: boolean): void => {
    const found = oddPoints(
      cells.map((cell) => ({
        ...placeOf(cell),
        value: of(cell),
        ...(isPart ? { total: cell.energyJ.total } : {}),
      })),
    );
    for (const odd of found) {
      reasons.set(odd.index, [...(reasons.get(odd.index) ?? []), oddSentence(odd, what, unit)]);
    }
  };
  if (rails.length > 1) {
    for (const rail of rails) look(`${railNames([rail])} energy`, 'J', (cell) => cell.energyJ[rail]!, true);
  }
  look('energy', 'J', (cell) => cell.energyJ.total, false);
  look('runtime', 's', (cell) => cell.runtimeS, false);
  return [...reasons]
    .sort(([a], [b]) => a - b)
    .map(([index, sentences]) => ({ cell: cells[index]!, reasons: sentences }));
}

/** Where a cell lies, for `oddPoints`. */
export function placeOf({ m, n, sweep, doubt }: Cell): Omit<OddPoint, 'value' | 'total'> {
  return { m, n, sweep, doubted: doubt !== undefined };
}

/** "Its GPU energy is 0.776% of the whole; 91.2% is usual." */
export function oddSentence({ by, found, usual }: OddFound, what: string, unit: string): string {
  return by === 'share'
    ? `Its ${what} is ${formatPercent(found)} of the whole, where ${formatPercent(usual)} is usual.`
    : `Its ${what} of ${formatNumber(found)} ${unit} is ${timesWords(found / usual)} what its neighbours suggest, ${formatNumber(usual)} ${unit}.`;
}

function timesWords(factor: number): string {
  return factor >= 1 ? `${formatNumber(factor, 2)} times` : `1/${formatNumber(1 / factor, 2)} of`;
}

/** What can be done about cells that are far off. */
export const ODD_TODO =
  'Measure it again; or export the profile, say why it cannot be right under "doubt", and import it: models then leave it out.';
