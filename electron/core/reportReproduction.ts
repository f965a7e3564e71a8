import { formatCount, formatNumber, formatPercent } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { railNames } from './profile.ts';
import type { ReportDocument } from './report.ts';
import type { SettingId } from './reportLinks.ts';
import type { StudySettings } from './study.ts';

/** A setting of the study in words, with the id of its row where numbers lead to it. */
export interface SettingRow {
  readonly name: string;
  readonly value: string;
  readonly id?: SettingId;
}

/** Everything that was set, for every form of the report. */
export function settingRows({ study, systems, versions }: ReportDocument): SettingRow[] {
  const { settings: s, boundary } = study;
  const stated = (side: 'small' | 'large'): SettingRow[] => {
    const found = s.stated?.[side];
    return found === undefined
      ? []
      : [
          {
            name: `Stated of the ${systems[side].label}`,
            value: statedText(found),
            id: `setting-stated-${side}`,
          },
        ];
  };
  return [
    { name: 'Study', value: study.id },
    { name: 'Energy model', value: s.energyModel },
    { name: 'Policy', value: s.policy },
    { name: 'λ', value: String(s.lambda), id: 'setting-lambda' },
    { name: 'Cost', value: s.cost },
    { name: 'Boundary', value: `${s.boundary}: ${boundary.name}` },
    { name: 'Idle energy', value: s.idle === 'above-idle' ? 'taken off' : 'counted' },
    { name: 'Thresholds', value: thresholdsText(s), id: 'setting-thresholds' },
    { name: 'Least useful saving', value: formatPercent(s.minSaving), id: 'setting-min-saving' },
    {
      name: 'Intervals',
      value:
        (s.bootstrap ?? 0) === 0
          ? 'none'
          : `95%, of ${formatCount(s.bootstrap!)} replicates, seed ${s.seed ?? 1}`,
      id: 'setting-bootstrap',
    },
    ...(s.capacity === undefined
      ? []
      : [
          {
            name: 'Devices',
            value:
              `${s.capacity.devices.small} ${systems.small.label}, ${s.capacity.devices.large} ${systems.large.label}; ` +
              `${formatNumber(s.capacity.arrivalRate)} queries per second`,
            id: 'setting-capacity' as const,
          },
        ]),
    ...stated('small'),
    ...stated('large'),
    { name: 'Crossover', value: versions.crossover },
  ];
}

function thresholdsText({ thresholds, chosen }: StudySettings): string {
  const looked = thresholds === 'powers-of-two' ? 'powers of two from 8' : 'every whole number';
  return chosen === undefined
    ? looked
    : `${looked}; settled on ${Object.values(chosen)
        .map((part) => String(part))
        .join(', ')}`;
}

function statedText({
  rails = [],
  idleW,
  pue,
}: NonNullable<NonNullable<StudySettings['stated']>['small']>): string {
  return [
    ...rails.map(
      ({ rail, of = {}, watts }) =>
        `${railNames([rail])} = ${[
          ...Object.entries(of).map(([measured, factor]) => `${factor} × ${measured}`),
          ...(watts === undefined ? [] : [`${watts} W × runtime`]),
        ].join(' + ')}`,
    ),
    ...(idleW === undefined ? [] : [`${idleW} W idle`]),
    ...(pue === undefined ? [] : [`PUE ${pue}`]),
  ].join('; ');
}

/** A command line that breaks between its words alone, not at the dashes in them. */
function words(command: string): Markup[] {
  return command.split(' ').map((word, i) => markup`${i === 0 ? '' : ' '}<span>${word}</span>`);
}

/** How to repeat the study: the command, and every setting of it, to which numbers lead. */
export function reproduction(report: ReportDocument): Markup {
  return markup`<section class="panel"><h2>How to reproduce it</h2><p class="leads">The same settings on the same inputs give the same figures to the last digit.</p><pre>${words(
    report.command,
  )}</pre><table class="facts" id="settings"><tbody>${settingRows(report).map(
    ({ name, value, id }) =>
      markup`<tr${id === undefined ? undefined : markup` id="${id}"`}><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table></section>`;
}

/** What the study was computed from: publications, and the files by their hashes. */
export function sourcesSection({ systems: { small, large }, workload }: ReportDocument): Markup {
  const cited = [small, large].map(({ source }) =>
    [
      `${source.authors}: ${source.title}.`,
      source.doi && `doi:${source.doi}.`,
      source.arxiv && `arXiv:${source.arxiv}.`,
      source.repository && `Data: ${source.repository}${source.commit ? ` at ${source.commit}` : ''}.`,
    ]
      .filter(Boolean)
      .join(' '),
  );
  const hashes = [
    ['profile-small', small.profile.name, small.profile.id, small.profile.sha256],
    ['profile-large', large.profile.name, large.profile.id, large.profile.sha256],
    ['workload', workload.name, workload.id, workload.sha256],
  ] as const;
  return markup`<section class="panel"><h2>Sources</h2><ul class="plain cited">${[...new Set(cited)].map(
    (text) => markup`<li>${text}</li>`,
  )}<li>${workload.name}: ${workload.source}. From ${workload.upstream}. Licence: ${workload.licence}.</li></ul><h3>SHA-256 of the inputs</h3><table class="facts hashes"><tbody>${hashes.map(
    ([row, name, id, hash]) =>
      markup`<tr id="${row}"><th scope="row">${id}</th><td><bdi>${name}</bdi><br><span class="hash">${hash}</span></td></tr>`,
  )}</tbody></table></section>`;
}
