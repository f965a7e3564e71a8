import { formatCount, formatFixed, formatNumber } from './format.ts';
import { markup, type Markup, type MarkupValue } from './markup.ts';
import { railNames, type Cell } from './profile.ts';
import type { ReportDocument } from './report.ts';
import { modelName } from './reportJoint.ts';

/** Where a number of the report comes from: each has an entry in the appendix, which leads on to its own sources. */
export type SourceId =
  'from-totals' | 'from-savings' | 'from-thresholds' | 'from-workload' | 'settings' | 'limits';

/** A number with a way to its source. */
export function sourced(
  source: SourceId | `cells-${'small' | 'large'}` | `trials-${'small' | 'large'}`,
  number: MarkupValue,
): Markup {
  return markup`<a class="from" href="#${source}">${number}</a>`;
}

/** The appendix: every kind of number with what it was made of, down to settings, measured cells and trials. */
export function sourcesAppendix(report: ReportDocument): Markup {
  const { systems, study, workload } = report;
  const model = modelName(study.settings.energyModel);
  const link = (id: string, text: MarkupValue): Markup => markup`<a href="#${id}">${text}</a>`;
  const cells = markup`the measured cells of the ${link('cells-small', systems.small.label)} and of the ${link(
    'cells-large',
    systems.large.label,
  )}`;
  const settings = link('settings', 'settings of the study');
  const entry = (id: SourceId, title: string, text: Markup): Markup =>
    markup`<div class="passage" id="${id}"><h3>${title}</h3><p>${text}</p></div>`;
  return markup`<section class="panel" id="appendix"><h2>Where each number comes from</h2><p>Numbers in the tables lead here; from here the way goes on to what was set, measured or counted. ${link(
    'method',
    'Method',
  )} has the formulas.</p>${[
    entry(
      'from-totals',
      'Energy, runtime and cost of a policy',
      markup`Every query of the ${link('from-workload', 'workload')} counts on the system to which the policy sends it, by ${model}, from ${cells}. Counted are ${railNames(
        study.boundary.rails,
      )}; λ, the form of the cost and the boundary are ${settings}.`,
    ),
    entry(
      'from-thresholds',
      'Energy, runtime and cost of a threshold',
      markup`As ${link('from-totals', 'those of a policy')}: queries up to the threshold on the ${systems.small.label}, the others on the ${systems.large.label}. Which thresholds are looked at is one of the ${settings}.`,
    ),
    entry(
      'from-savings',
      'Savings, regret and ratios of runtime',
      markup`One minus the ${link('from-totals', 'total of a policy')} over that of the system alone.${
        report.uncertainty === undefined
          ? ''
          : ` The 95% intervals are those of ${report.uncertainty.replicates} replicates, in which every cell's mean is drawn from its standard error and the queries anew from the workload.`
      } The least saving that counts as useful is one of the ${settings}.`,
    ),
    entry(
      'from-workload',
      'Queries and tokens',
      markup`${formatCount(workload.queries)} queries in ${formatCount(workload.pairs)} different pairs of ${workload.name}, by its file with the SHA-256 <span class="hash">${workload.sha256}</span>.`,
    ),
    ...(['small', 'large'] as const).map((side) => cellsTable(report, side)),
  ]}</section>`;
}

/** The measured cells of one profile, and the trials behind them. */
function cellsTable(report: ReportDocument, side: 'small' | 'large'): Markup {
  const system = report.systems[side];
  const cells = report.cells[side];
  const sweeps = cells.some(({ sweep }) => sweep !== undefined);
  const spread = (value: number | undefined): string => (value === undefined ? 'n/a' : formatNumber(value));
  const row = (cell: Cell): Markup =>
    markup`<tr id="cell-${side}-${cell.sweep ?? 'grid'}-${cell.m}-${cell.n}"><td>${formatCount(cell.m)}</td><td>${formatCount(cell.n)}</td>${
      sweeps ? markup`<td>${cell.sweep ?? ''}</td>` : undefined
    }<td>${sourced(`trials-${side}`, formatCount(cell.trials))}</td><td>${formatNumber(
      cell.energyJ.total,
      4,
    )}</td><td>${spread(cell.sdEnergyJ)}</td><td>${formatNumber(cell.runtimeS, 4)}</td><td>${spread(
      cell.sdRuntimeS,
    )}</td><td>${cell.doubt === undefined ? '' : markup`<span role="img" aria-label="Doubt">▲</span> ${cell.doubt}`}</td></tr>`;
  const head = (title: string): Markup => markup`<th scope="col">${title}</th>`;
  return markup`<h3 id="cells-${side}">Measured cells of the ${system.label}</h3><div class="wide"><table class="cells"><caption>Energy and runtime of one query of m input and n output tokens; mean and standard deviation (sd) over the trials.</caption><thead><tr>${[
    head('m'),
    head('n'),
    sweeps ? head('sweep') : undefined,
    head('trials'),
    head('energy, J'),
    head('sd, J'),
    head('runtime, s'),
    head('sd, s'),
    head(''),
  ]}</tr></thead><tbody>${cells.map(row)}</tbody></table></div><p class="foot" id="trials-${side}">The ${formatCount(
    system.trials,
  )} trials of these cells: ${system.source.authors}: ${system.source.title}. ${system.source.note ?? ''} Profile ${
    system.profile.id
  }, SHA-256 <span class="hash">${system.profile.sha256}</span>. A bundle of this study holds the trials where they were measured with Crossover, and on request their raw samples. On average ${formatFixed(
    system.trials / Math.max(1, system.cells),
    1,
  )} trials a cell.</p>`;
}
