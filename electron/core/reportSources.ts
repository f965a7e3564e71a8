import { formatCount, formatNumber } from './format.ts';
import { markup, type Markup, type MarkupValue } from './markup.ts';
import { railNames, type Cell } from './profile.ts';
import type { ReportDocument, ReportSystem } from './report.ts';
import { modelName } from './reportJoint.ts';
import { cellId, linkText, sourced, type SourceId } from './reportLinks.ts';
import { listsTrials, MOST_TRIALS_LISTED, trialsOf, trialsTable } from './reportTrials.ts';
import { namedRuns } from './runProfile.ts';
import { trialsWords } from './trialValues.ts';

/** The appendix: every kind of number with what it was made of, down to settings, measured cells and trials. */
export function sourcesAppendix(report: ReportDocument): Markup {
  const { systems, study, workload, uncertainty } = report;
  const model = modelName(study.settings.energyModel);
  const link = (id: SourceId, text: MarkupValue): Markup => markup`<a href="#${id}">${text}</a>`;
  const cells = markup`the measured cells of the ${link('cells-small', systems.small.label)} and of the ${link(
    'cells-large',
    systems.large.label,
  )}`;
  const settings = link('settings', 'settings of the study');
  const policy = link('from-totals', 'total of a policy');
  const entry = (id: SourceId, title: string, text: Markup): Markup =>
    markup`<div class="passage" id="${id}"><h3>${title}</h3><p>${text}</p></div>`;
  return markup`<section class="panel" id="appendix"><h2>Where each number comes from</h2><p>Every number above leads here or to one of the ${settings}; from here the way goes on to what was set, measured or counted. ${link(
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
      'Thresholds, and what they cost',
      markup`Energy, runtime and cost of a threshold are ${link('from-totals', 'those of a policy')}: queries up to the threshold on the ${systems.small.label}, the others on the ${systems.large.label}. Which thresholds are looked at is ${link('setting-thresholds', 'a setting')}; the one of least cost is the best.`,
    ),
    entry(
      'from-savings',
      'Savings, regret and ratios of runtime',
      markup`One minus the ${policy} over that of the system alone; regret is its cost over that of the cheaper system for each query, minus one. What counts as useful is ${link('setting-min-saving', 'a setting')}.`,
    ),
    uncertainty === undefined
      ? undefined
      : entry(
          'from-intervals',
          'Intervals, and what to measure next',
          markup`The ends of the ${link(
            'setting-bootstrap',
            `middle 95% of ${formatCount(uncertainty.replicates)} replicates`,
          )} of the ${policy}, in which the mean of every cell of the ${link(
            'cells-small',
            systems.small.label,
          )} and of the ${link(
            'cells-large',
            systems.large.label,
          )} is drawn anew, from its trials or from its standard error (${link('method', 'method')}), and the queries anew from the ${link('from-workload', 'workload')}. A cell's share of the variance follows from its standard error and from what the saving owes to it.`,
        ),
    entry(
      'from-extrapolated',
      'Shares beyond the measurements',
      markup`Queries of the ${link('from-workload', 'workload')} that lie beyond ${cells}, each on the system that it goes to, and their part of the ${link('from-totals', 'energy')} under the proposed policy.`,
    ),
    entry(
      'from-lambda',
      'Other values of λ',
      markup`The ${link('from-totals', 'energy and the runtime')} of every policy make its cost a straight line over λ; the best policy changes where the lowest lines cross. This study has ${link('setting-lambda', 'its own λ')}.`,
    ),
    entry(
      'from-model',
      'The energy model, its errors and coefficients',
      markup`${model.replace(/^the/, 'The')} as it follows from ${cells}; the ${link('method', 'method')} tells how. ${
        study.settings.energyModel === 'paper'
          ? 'No error of it is computed.'
          : 'For its error each cell is left out in turn and foretold from the others.'
      }`,
    ),
    report.sensitivity.unknownOutput === undefined
      ? undefined
      : entry(
          'from-unknown-output',
          'Outputs that are not known',
          markup`The best ${link('from-thresholds', 'threshold')} on output tokens, followed with an output that is foretold with a log-normal error, over the whole ${link('from-workload', 'workload')}: its ${link('from-totals', 'cost')} above that with the output known, a share of it.`,
        ),
    report.capacity === undefined
      ? undefined
      : entry(
          'from-capacity',
          'What the devices can carry',
          markup`The assignment of every query of the ${link('from-workload', 'workload')} of least ${link('from-totals', 'cost')} for which no device has more work than time, found exactly by a linear program. The devices and the arrival rate are ${link('setting-capacity', 'a setting')}; a query keeps a device busy for its runtime, by ${model}, from ${cells}.`,
        ),
    entry(
      'from-workload',
      'Queries and tokens',
      markup`${formatCount(workload.queries)} queries in ${formatCount(workload.pairs)} different pairs of ${workload.name}, by ${link('workload', 'its file')}. Percentiles are interpolated between the lengths of neighbouring queries.`,
    ),
    ...(['small', 'large'] as const).map((side) => cellsTable(report, side)),
  ]}</section>`;
}

/** The measured cells of one profile, and the trials behind them. */
function cellsTable(report: ReportDocument, side: 'small' | 'large'): Markup {
  const system = report.systems[side];
  const cells = report.cells[side];
  const link = linkText(report);
  const sweeps = cells.some(({ sweep }) => sweep !== undefined);
  const row = (cell: Cell): Markup => {
    const trials = (number: string): Markup => sourced(trialsOf(side, cell, cells), number);
    const spread = (value: number | undefined): MarkupValue =>
      value === undefined ? 'n/a' : trials(formatNumber(value));
    return markup`<tr id="${cellId(side, cell)}"><td class="key">${formatCount(cell.m)}</td><td class="key">${formatCount(cell.n)}</td>${
      sweeps ? markup`<td>${cell.sweep ?? ''}</td>` : undefined
    }<td>${trials(formatCount(cell.trials))}</td><td>${trials(formatNumber(cell.energyJ.total, 4))}</td><td>${spread(
      cell.sdEnergyJ,
    )}</td><td>${trials(formatNumber(cell.runtimeS, 4))}</td><td>${spread(cell.sdRuntimeS)}</td><td>${
      cell.doubt === undefined
        ? ''
        : markup`<span role="img" aria-label="Doubt">▲</span> ${link(cell.doubt, `profile-${side}`)}`
    }</td></tr>`;
  };
  const head = (title: string): Markup => markup`<th scope="col">${title}</th>`;
  return markup`<div class="of-cells" id="cells-${side}"><h3>Measured cells of the ${system.label}</h3><div class="wide"><table class="cells"><caption>Energy and runtime of one query of m input and n output tokens; mean and standard deviation (sd) over the trials.</caption><thead><tr>${[
    head('m'),
    head('n'),
    sweeps ? head('sweep') : undefined,
    head('trials'),
    head('energy, J'),
    head('sd, J'),
    head('runtime, s'),
    head('sd, s'),
    head(''),
  ]}</tr></thead><tbody>${cells.map(row)}</tbody></table></div><p class="foot" id="trials-${side}">${formatCount(
    system.trials,
  )} trials in ${formatCount(system.cells)} cells: ${trialsText(system, cells)} They come from the profile <a href="#profile-${side}">${
    system.profile.id
  }</a>.</p>${trialsTable(side, system.label, cells)}</div>`;
}

/** Where the trials of a profile are, or why they are nowhere here. */
export function trialsText(
  { origin, source }: Pick<ReportSystem, 'origin' | 'source'>,
  cells: readonly Cell[],
): string {
  const runs = namedRuns({ source });
  const listed = listsTrials(cells);
  const known = cells.some(({ trialValues }) => trialValues !== undefined);
  if (runs.length > 0) {
    return (
      `measured with Crossover in ${runs.join(', ')}. ` +
      `${listed ? 'The HTML form lists their energies and runtimes; a' : 'A'} bundle of this study holds every trial of them ` +
      `(${runs.map((run) => `runs/${run}.json`).join(', ')}), and on request its raw samples.`
    );
  }
  const repository =
    source.repository === undefined
      ? ''
      : ` The trials themselves are at ${source.repository}${source.commit === undefined ? '' : ` (${source.commit})`}.`;
  const whose =
    origin === 'published'
      ? `published in ${source.title}, by ${source.authors}`
      : `of ${source.title}, by ${source.authors}`;
  if (!known) {
    return `${whose}. Their means and standard deviations alone came here, so no single trial is in this file or in a bundle.${repository}`;
  }
  const where = listed
    ? 'which the HTML form lists, as do the JSON form and a bundle'
    : `more than the ${formatCount(MOST_TRIALS_LISTED)} that the HTML form lists; the JSON form and a bundle have them`;
  return `${whose}: ${trialsWords(cells)}, ${where}.${repository}`;
}
