import type { CapacityLoad } from './analysis/capacity.ts';
import { formatFixed, formatNumber, formatPercent } from './format.ts';
import { markup, type Markup, type MarkupValue } from './markup.ts';
import type { ReportDocument } from './report.ts';

/** What the optimum under capacity does with each system's devices; undefined where no devices were told. */
export function capacityTable(report: ReportDocument): Markup | undefined {
  const { capacity, systems, study } = report;
  if (capacity === undefined) return undefined;
  const row = (title: string, of: (load: CapacityLoad) => MarkupValue): Markup =>
    markup`<tr><th scope="row">${title}</th><td>${of(capacity.small)}</td><td>${of(capacity.large)}</td></tr>`;
  const unit = study.settings.lambda === 1 && study.settings.cost === 'raw' ? 'J' : 'of the cost U';
  return markup`<p>${capacity.text}</p><div class="wide keep"><table class="facts two"><caption>At ${formatNumber(
    capacity.arrivalRate,
  )} queries per second</caption><thead><tr><td></td><th scope="col" class="small">${
    systems.small.label
  }</th><th scope="col" class="large">${systems.large.label}</th></tr></thead><tbody>${[
    row('Devices', ({ devices }) => String(devices)),
    row('Share of the queries', ({ queries }) => formatPercent(queries)),
    row('Busy', ({ utilisation }) => (utilisation === null ? 'n/a' : formatPercent(utilisation))),
    row('Devices busy if every query came here', ({ alone }) => formatFixed(alone, 2)),
    row(`One more device saves, ${unit} over the workload`, ({ oneMoreSaves }) =>
      formatNumber(oneMoreSaves, 4),
    ),
    row(`Shadow price of a device, ${unit} over the workload`, ({ shadowPrice }) =>
      formatNumber(shadowPrice, 4),
    ),
  ]}</tbody></table></div>`;
}
