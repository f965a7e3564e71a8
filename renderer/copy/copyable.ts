import { decimalSign } from '#core/format';
import { tsvOf, type ChartTable } from '../charts/chartData.ts';
import { plainTable, type GridCell } from './tableGrid.ts';

/** Something in the page that can be copied. */
export interface Copyable {
  readonly kind: 'table' | 'number';
  /** what it is, as it is offered and confirmed */
  readonly name: string;
  /** made when it is asked for */
  readonly text: () => string;
}

const TABLES = 'table, [role=table], [data-copies]';
const NUMBERS = '.quantity, td, [role=cell], dd';

/** Tables of which the page holds a part only, or that are drawn as something else, with all of their data. */
const whole = new WeakMap<Element, () => ChartTable>();

/** `v-copies="() => table"`: what is copied of an element, in place of what stands in the page. */
export const vCopies = {
  mounted: (element: HTMLElement, { value }: { value: () => ChartTable }): void => {
    element.dataset['copies'] = '';
    whole.set(element, value);
  },
  updated: (element: HTMLElement, { value }: { value: () => ChartTable }): void => {
    whole.set(element, value);
  },
};

/** The table that an element is in, and the number under it. */
export function copyablesAt(target: Element): Copyable[] {
  const number = target.closest<HTMLElement>(NUMBERS);
  const found = number === null ? '' : wordsOf(number.querySelector('.value') ?? number);
  const table = target.closest<HTMLElement>(TABLES);
  return [
    ...(found === '' || found.length > 60
      ? []
      : [{ kind: 'number' as const, name: found, text: () => found }]),
    ...(table === null ? [] : [copyableTable(table)]),
  ];
}

/** Every table and readout within an element, in their order. */
export function copyablesIn(page: Element): Copyable[] {
  const tables = [...page.querySelectorAll<HTMLElement>(TABLES)].filter(
    (table) => !table.parentElement?.closest('[data-copies]'),
  );
  const readouts = [...page.querySelectorAll<HTMLElement>('.quantity')].map((readout): Copyable => {
    const number = wordsOf(readout.querySelector('.value')!);
    const label = wordsOf(readout.querySelector('.note')!);
    return { kind: 'number', name: `${number}, ${label}`, text: () => number };
  });
  return [...tables.map(copyableTable), ...readouts];
}

/** The element of a table that an element is in. */
export const tableAround = (target: Element): HTMLElement | null => target.closest<HTMLElement>(TABLES);

export function copyableTable(table: HTMLElement): Copyable {
  return {
    kind: 'table',
    name: tableName(table),
    text: () => tsvOf((whole.get(table) ?? (() => readTable(table)))()),
  };
}

/** A table's caption or label, or the heading that it stands under. */
function tableName(table: HTMLElement): string {
  const own = table.querySelector('caption') ?? undefined;
  const told = own === undefined ? table.getAttribute('aria-label') : wordsOf(own);
  if (told) return told;
  for (let around: Element | null = table; around; around = around.parentElement) {
    const heading = around.querySelector(
      ':scope > :is(h1, h2, h3, h4), :scope > .panel-head :is(h2, h3, h4)',
    );
    if (heading) return wordsOf(heading);
  }
  return 'the table';
}

function readTable(table: HTMLElement): ChartTable {
  if (table instanceof HTMLTableElement) {
    const read = (row: HTMLTableRowElement): GridCell[] =>
      [...row.cells].map((cell) => ({ text: wordsOf(cell), columns: cell.colSpan, rows: cell.rowSpan }));
    const rows = [...table.rows].filter((row) => row.getAttribute('aria-hidden') !== 'true');
    const isHead = (row: HTMLTableRowElement): boolean => row.parentElement?.tagName === 'THEAD';
    return plainTable(
      rows.filter(isHead).map(read),
      rows.filter((row) => !isHead(row)).map(read),
      decimalSign(),
    );
  }
  const lines = [...table.querySelectorAll('[role=row]')].map((row) => ({
    isHead: row.querySelector('[role=cell]') === null,
    cells: [...row.querySelectorAll('[role=columnheader], [role=rowheader], [role=cell]')].map((cell) => ({
      text: wordsOf(cell),
    })),
  }));
  return plainTable(
    lines.filter(({ isHead }) => isHead).map(({ cells }) => cells),
    lines.filter(({ isHead }) => !isHead).map(({ cells }) => cells),
    decimalSign(),
  );
}

/** What an element says: without what is there for the eye alone, with what was chosen or typed in its fields. */
function wordsOf(element: Element): string {
  const parts: string[] = [];
  const walk = (node: Node): void => {
    if (node instanceof Text) parts.push(node.data);
    if (!(node instanceof Element)) return;
    if (node.getAttribute('aria-hidden') === 'true' && !/[↑↓≈]/.test(node.textContent)) return;
    if (node instanceof HTMLSelectElement) parts.push(node.selectedOptions[0]?.text ?? '');
    else if (node instanceof HTMLInputElement) parts.push(node.value);
    else {
      parts.push(' ');
      node.childNodes.forEach(walk);
    }
  };
  walk(element);
  return parts.join('').replace(/\s+/g, ' ').trim();
}
