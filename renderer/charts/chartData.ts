import type { ChartConfiguration } from 'chart.js';

/** A chart's data, one point a row. */
export interface ChartTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** Beyond the place of a point: the ends of its error bar, or the value of a matrix's cell. */
const MORE = ['yMin', 'yMax', 'v'] as const;
const MORE_NAMES = { yMin: 'lower end of the interval', yMax: 'upper end of the interval', v: 'value' };

/**
 * The data behind a chart as a tidy table: a row for each point, with the axes' titles, which have the units.
 * Points that are gaps are left out.
 */
export function chartTable({ data, options }: ChartConfiguration): ChartTable {
  const scales = (options?.scales ?? {}) as Partial<Record<string, { title?: { text?: string | string[] } }>>;
  const titleOf = (axis: 'x' | 'y'): string => [scales[axis]?.title?.text ?? axis].flat().join(' ');
  const points = data.datasets.flatMap((dataset, d) =>
    (dataset.data as unknown[]).flatMap((value, i) => {
      const point = pointOf(value, data.labels?.[i]);
      return point === undefined ? [] : [{ series: dataset.label ?? `series ${d + 1}`, point }];
    }),
  );
  const more = MORE.filter((key) => points.some(({ point }) => point[key] !== undefined));
  return {
    header: ['series', titleOf('x'), titleOf('y'), ...more.map((key) => MORE_NAMES[key])],
    rows: points.map(({ series, point }) => [
      series,
      point.x,
      point.y,
      ...more.map((key) => point[key] ?? null),
    ]),
  };
}

interface Point extends Partial<Record<(typeof MORE)[number], number>> {
  readonly x: string | number;
  readonly y: string | number;
}

function pointOf(value: unknown, label: unknown): Point | undefined {
  const x = typeof label === 'number' ? label : typeof label === 'string' ? label : '';
  if (typeof value === 'number') return Number.isFinite(value) ? { x, y: value } : undefined;
  // A bar from one value to another.
  if (Array.isArray(value)) return { x, y: value.join(' to ') };
  if (typeof value !== 'object' || value === null) return undefined;
  const point = value as Partial<Point>;
  if (point.x === undefined || point.y === undefined || Number.isNaN(point.y)) return undefined;
  return { ...point, x: point.x, y: point.y };
}

/** A table as CSV: RFC 4180, full precision, and texts that a spreadsheet would compute made harmless. */
export function csvOf({ header, rows }: ChartTable): string {
  return [header, ...rows].map((row) => `${row.map((cell) => field(cell, ',')).join(',')}\r\n`).join('');
}

/** A table as text that spreadsheets take when it is pasted. */
export function tsvOf({ header, rows }: ChartTable): string {
  return [header, ...rows].map((row) => row.map((cell) => field(cell, '\t')).join('\t')).join('\n');
}

function field(cell: string | number | null, separator: string): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell;
  return /["\n\r]/.test(safe) || safe.includes(separator) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
