import type { Draft } from './columns.ts';
import { readQuantity, type DecimalSign } from './numberText.ts';
import type { ColumnRole, ColumnUnit, ImportFinding } from './observation.ts';
import { ROLE_UNITS, toBase } from './quantity.ts';

const TIMES: ReadonlySet<ColumnRole> = new Set(['runtime', 'runtime-sd', 'first-token-time']);

/** Times without a unit are seconds, unless only nanoseconds can give such numbers, as in Ollama's answers. */
export function guessTimeUnit(draft: Draft, decimal: DecimalSign, findings: ImportFinding[]): void {
  if (draft.unit !== null) return;
  const middle = medianOf(draft.values, decimal);
  if (draft.role === 'start-time' || draft.role === 'end-time') {
    draft.unit = epochUnit(middle);
    return;
  }
  if (!TIMES.has(draft.role)) return;
  const nanoseconds = middle !== undefined && middle > 1e7 && Number.isInteger(middle);
  draft.unit = nanoseconds ? 'ns' : 's';
  if (!nanoseconds) return;
  findings.push({
    kind: 'unit-guessed',
    level: 'warning',
    message: `"${draft.name}" names no unit; with values like ${draft.values[0]!.slice(0, 40)} it is read as nanoseconds.`,
    todo: 'Say the unit if it is another.',
  });
}

/** The unit of a clock by the size of its numbers: 1e9 s since 1970 were in 2001, 1e11 ms in 1973. */
function epochUnit(value: number | undefined): ColumnUnit {
  if (value === undefined) return 'time';
  if (value > 1e17) return 'ns';
  if (value > 1e14) return 'us';
  return value > 1e11 ? 'ms' : 's';
}

const GUESSED: ReadonlySet<ColumnRole> = new Set(['energy', 'power', 'energy-per-token', 'idle-energy']);
/** W that a query can draw on anything from a phone to a rack of eight of the largest GPUs and their host. */
const LEAST_W = 0.5;
const MOST_W = 12_000;

/** An energy whose unit nobody states is J, unless only a smaller or larger unit gives a power that exists. */
export function guessEnergyUnits(
  drafts: readonly Draft[],
  decimal: DecimalSign,
  findings: ImportFinding[],
): void {
  const runtime = drafts.find(({ role }) => role === 'runtime');
  const runtimeS = runtime && medianOf(runtime.values, decimal);
  for (const draft of drafts) {
    const units = ROLE_UNITS[draft.role];
    if (draft.unit !== null || units === undefined || !GUESSED.has(draft.role)) {
      if (draft.unit === null && draft.role === 'energy-sd')
        draft.unit = drafts.find(({ role }) => role === 'energy')?.unit ?? 'J';
      continue;
    }
    draft.unit = units[0]!;
    const middle = medianOf(draft.values, decimal);
    if (middle === undefined || middle <= 0) continue;
    if (draft.role === 'power') {
      if (middle > MOST_W) draft.unit = 'mW';
    } else if (draft.role === 'energy' && runtimeS !== undefined && runtimeS > 0) {
      const seconds = toBase(runtimeS, runtime?.unit ?? 's');
      const fits = units.find((unit) => {
        const power = toBase(middle, unit) / seconds;
        return power >= LEAST_W && power <= MOST_W;
      });
      draft.unit = fits ?? 'J';
    }
    if (draft.unit === units[0]) continue;
    findings.push({
      kind: 'unit-guessed',
      level: 'warning',
      message:
        `"${draft.name}" names no unit; in ${units[0]} no machine would draw such a power, so it is read as ` +
        `${draft.unit}.`,
      todo: 'Say the unit if it is another.',
    });
  }
}

function medianOf(values: readonly string[], decimal: DecimalSign): number | undefined {
  const numbers = values
    .map((text) => readQuantity(text, null, decimal))
    .filter((value): value is number => value !== undefined && Number.isFinite(value))
    .sort((a, b) => a - b);
  return numbers[Math.floor(numbers.length / 2)];
}
