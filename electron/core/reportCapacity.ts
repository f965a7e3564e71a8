import type { CapacityLoad } from './analysis/capacity.ts';
import type { Interval95 } from './analysis/uncertainty.ts';
import { formatFixed, formatNumber, formatPercent } from './format.ts';
import { markup, type Markup } from './markup.ts';
import type { ReportDocument } from './report.ts';
import { linkText } from './reportLinks.ts';

/** What the devices can carry, as text for every form of the report. */
export interface CapacityText {
  readonly sentence: string;
  readonly caption: string;
  /** what is told, of the small system, of the large one */
  readonly rows: readonly (readonly [what: string, small: string, large: string])[];
}

/** What the optimum under capacity does with each system's devices; undefined where no devices were told. */
export function capacityText({ capacity, study, uncertainty }: ReportDocument): CapacityText | undefined {
  if (capacity === undefined) return undefined;
  const row = (what: string, of: (load: CapacityLoad) => string): CapacityText['rows'][number] => [
    what,
    of(capacity.small),
    of(capacity.large),
  ];
  const unit = study.settings.lambda === 1 && study.settings.cost === 'raw' ? 'J' : 'of the cost U';
  return {
    sentence: capacity.text,
    caption: `At ${formatNumber(capacity.arrivalRate)} queries per second`,
    rows: [
      row('Devices', ({ devices }) => String(devices)),
      row('Share of the queries', ({ queries }) => formatPercent(queries)),
      ...shareIntervals(uncertainty?.capacity?.queries),
      row('Busy', ({ utilisation }) => (utilisation === null ? 'n/a' : formatPercent(utilisation))),
      row('Devices busy if every query came here', ({ alone }) => formatFixed(alone, 2)),
      row(`One more device saves, ${unit} over the workload`, ({ oneMoreSaves }) =>
        formatNumber(oneMoreSaves, 4),
      ),
      row(`Shadow price of a device, ${unit} over the workload`, ({ shadowPrice }) =>
        formatNumber(shadowPrice, 4),
      ),
    ],
  };
}

/** The 95% intervals of both shares, where they can be told. */
function shareIntervals(queries: readonly Interval95[] | undefined): CapacityText['rows'][number][] {
  if (queries === undefined) return [];
  const [small, large] = queries.map(([low, high]) => `${formatPercent(low)} to ${formatPercent(high)}`);
  return [['Interval of that share', small!, large!]];
}

/** The same as HTML. */
export function capacityTable(report: ReportDocument): Markup | undefined {
  const found = capacityText(report);
  if (found === undefined) return undefined;
  const link = linkText(report);
  const { small, large } = report.systems;
  return markup`<p>${link(found.sentence, 'from-capacity', [
    [/[\d.,]+ queries per second|\(\d+ devices?/g, 'setting-capacity'],
  ])}</p><div class="wide keep"><table class="facts two devices"><caption>${link(
    found.caption,
    'setting-capacity',
  )}</caption><thead><tr><td></td><th scope="col" class="small">${small.label}</th><th scope="col" class="large">${
    large.label
  }</th></tr></thead><tbody>${found.rows.map(([what, ...cells], i) => {
    const source = i === 0 ? 'setting-capacity' : 'from-capacity';
    return markup`<tr><th scope="row">${what}</th>${cells.map((cell) => markup`<td>${link(cell, source)}</td>`)}</tr>`;
  })}</tbody></table></div>`;
}
