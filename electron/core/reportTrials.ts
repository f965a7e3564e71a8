import { formatCount, formatNumber } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { railNames, RAILS, type Cell } from './profile.ts';
import { cellTrialsId, type SourceId } from './reportLinks.ts';

/** A report lists the trials of a system where there are no more than so many; the JSON form and a bundle have all. */
export const MOST_TRIALS_LISTED = 1000;

type Side = 'small' | 'large';
type Listed = Cell & { readonly trialValues: NonNullable<Cell['trialValues']> };

/** Whether each trial of a system's cells stands in its report, as far as its values are known. */
export function listsTrials(cells: readonly Cell[]): boolean {
  const known = cells.filter(isKnown).reduce((total, { trialValues }) => total + trialValues.length, 0);
  return known > 0 && known <= MOST_TRIALS_LISTED;
}

/** Where the figures of a cell come from: its trials one by one where they are listed, else what is said of all. */
export function trialsOf(side: Side, cell: Cell, cells: readonly Cell[]): SourceId {
  return isKnown(cell) && listsTrials(cells) ? cellTrialsId(side, cell) : `trials-${side}`;
}

/** Every trial with its own energies and runtime, cell by cell; undefined where they are not known or too many. */
export function trialsTable(side: Side, label: string, cells: readonly Cell[]): Markup | undefined {
  if (!listsTrials(cells)) return undefined;
  const known = cells.filter(isKnown);
  const rails = RAILS.filter((rail) => known.some(({ energyJ }) => energyJ[rail] !== undefined));
  const sweeps = known.some(({ sweep }) => sweep !== undefined);
  const head = (title: string): Markup => markup`<th scope="col">${title}</th>`;
  return markup`<div class="wide"><table class="cells"><caption>Every trial of the ${label}: energy by rail and runtime, per query.</caption><thead><tr>${[
    head('m'),
    head('n'),
    sweeps ? head('sweep') : undefined,
    head('trial'),
    ...rails.map((rail) => head(`${railNames([rail])}, J`)),
    rails.length > 1 ? head('together, J') : undefined,
    head('runtime, s'),
  ]}</tr></thead>${known.map(
    (cell) =>
      markup`<tbody id="${cellTrialsId(side, cell)}">${cell.trialValues.map(
        ({ energyJ, runtimeS }, i) =>
          markup`<tr><td class="key">${formatCount(cell.m)}</td><td class="key">${formatCount(cell.n)}</td>${
            sweeps ? markup`<td>${cell.sweep ?? ''}</td>` : undefined
          }<td>${formatCount(i + 1)}</td>${rails.map((rail) => figure(energyJ[rail]))}${
            rails.length > 1 ? figure(rails.reduce((sum, rail) => sum + (energyJ[rail] ?? 0), 0)) : undefined
          }${figure(runtimeS)}</tr>`,
      )}</tbody>`,
  )}</table></div>`;
}

function figure(value: number | undefined): Markup {
  return markup`<td>${value === undefined ? 'n/a' : formatNumber(value, 5)}</td>`;
}

function isKnown(cell: Cell): cell is Listed {
  return cell.trialValues !== undefined && cell.trialValues.length > 0;
}
