import { boundaryName } from '#core/assumptions';
import type { ManySettings } from '#core/analysis/manySettings';
import type { ManyPolicy, ManyResult } from '#core/analysis/manySystems';
import type { ManyIntervals } from '#core/analysis/manyBootstrap';
import type { Interval95 } from '#core/analysis/uncertainty';
import { LabError } from '#core/errors';
import { formatNumber, formatPercent } from '#core/format';
import { PAPER_SETTINGS } from '#core/study';
import { loadCells, loadTable, parseArrivalRate, parseDevices } from './capacityFlags.ts';
import type { StoredComparison } from '#core/storedComparison';
import { manyCommand } from '../lab/manyCommand.ts';
import type { Answer, Context } from './command.ts';
import { bullets, facts, heading, paragraphs, sameDecimals, table, wrap } from './text.ts';
import { nextText } from './uncertaintyText.ts';
import { workloadReporter } from './workloadImportAnswer.ts';

/** What `analyze --profiles` takes of the flags of `analyze`, as text. */
export interface ManyFlags {
  readonly profiles: string;
  readonly devices?: string;
  readonly arrivalRate?: string;
}

/** Flags of `analyze` that make sense for two systems alone. */
export interface TwoSystemFlags {
  readonly small: string;
  readonly large: string;
  readonly policy: string;
  readonly model?: string;
  readonly thresholds?: string;
  readonly at?: string;
  readonly assume?: readonly string[];
  readonly surface?: string | true;
}

/**
 * The profiles of `--profiles a,b,c`, with the devices that are told by their ids.
 * @throws LabError "bad-setting" when something does not fit
 */
export function manyProfiles(flags: ManyFlags & TwoSystemFlags): Pick<ManySettings, 'profiles' | 'capacity'> {
  refuseTwoSystemFlags(flags);
  const profiles = flags.profiles
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const { devices, arrivalRate } = flags;
  if ((devices === undefined) !== (arrivalRate === undefined)) {
    throw new LabError(
      'bad-setting',
      'A capacity needs both, numbers of devices and an arrival rate.',
      `Write it like --devices ${profiles.map((id) => `${id}=2`).join(',')} --arrival-rate 2.5.`,
    );
  }
  if (devices === undefined || arrivalRate === undefined) return { profiles };
  const counts = parseDevices(devices, profiles);
  return {
    profiles,
    capacity: { devices: profiles.map((id) => counts[id]!), arrivalRate: parseArrivalRate(arrivalRate) },
  };
}

function refuseTwoSystemFlags(flags: TwoSystemFlags): void {
  const given: [string, boolean][] = [
    ['--small', flags.small !== PAPER_SETTINGS.small],
    ['--large', flags.large !== PAPER_SETTINGS.large],
    ['--thresholds powers-of-two', flags.thresholds === 'powers-of-two'],
    ['--model paper', flags.model === 'paper'],
    ['--at', flags.at !== undefined],
    ['--assume', flags.assume !== undefined],
    ['--surface', flags.surface !== undefined],
  ];
  const wrong = given.filter(([, is]) => is).map(([flag]) => flag);
  if (wrong.length === 0) return;
  throw new LabError(
    'bad-setting',
    `${wrong.join(' and ')} ${wrong.length === 1 ? 'belongs' : 'belong'} to a study of two systems, and --profiles ` +
      'compares any number of them.',
    'Leave one or the other out.',
  );
}

/** `analyze --profiles`: any number of systems, from the one for the shortest queries to the one for the longest. */
export function analyzeMany(context: Context, settings: unknown): Promise<Answer> {
  const watch = { signal: context.takeInterrupt(), onProgress: workloadReporter(context.say) };
  return context.inLabAsync(async (lab): Promise<Answer> => {
    const { id } = await lab.comparisons.save(settings, watch);
    return comparisonAnswer(lab.comparisons.show(id));
  });
}

/** A stored comparison, as `analyze --profiles` and `studies show` answer. */
export function comparisonAnswer(comparison: StoredComparison): Answer {
  const { id, title, name, note, storedAt, settings, hashes, result, versions } = comparison;
  return {
    data: {
      study: id,
      title,
      name,
      note,
      storedAt,
      versions,
      ...settings,
      ...result,
      inputHashes: hashes,
      command: manyCommand(settings),
    },
    text: (columns) =>
      paragraphs(
        name === '' ? '' : heading(name),
        note === '' ? '' : wrap(note, columns),
        manyText(settings, result, columns),
        `Stored as ${id}. For a report: crossover report ${id} --out report.html`,
      ),
  };
}

function manyText(settings: ManySettings, result: ManyResult, columns: number): string {
  const { systems, capacity, extrapolated, flips } = result;
  return paragraphs(
    heading(`${systems.map(({ label }) => label).join(', ')} · ${settings.workload}`),
    wrap(result.text, columns),
    wrap(
      `Under the ${result.energyModel} model, on the joint distribution of input and output tokens` +
        `${result.uncertainty === undefined ? '; point estimates, without intervals' : ''}. Systems in the order given, ` +
        'the one for the shortest queries first.',
      columns,
    ),
    facts(
      [
        ...systems.map(({ id, label }, s): [string, string] => [`${s + 1}`, `${label} (${id})`]),
        ['λ', `${settings.lambda}, ${settings.cost} cost`],
        ['boundary', `${boundaryName(result.boundary)}: ${result.rails.join(' + ')}`],
        ['beyond', `${formatPercent(extrapolated.queries)} of the queries lie beyond what was measured`],
      ],
      columns,
    ),
    policyTable(result),
    manyUncertaintyText(result, columns),
    capacity === undefined
      ? ''
      : `At ${formatNumber(capacity.arrivalRate)} queries per second:\n${loadTable(
          capacity.systems.map((load, s) => loadCells(systems[s]!.label, load)),
        )}`,
    flips.length === 0
      ? 'The same policy is best at every λ.'
      : `The best policy changes at ${flips.length} value${flips.length === 1 ? '' : 's'} of λ, the last of them:\n${bullets(
          flips.slice(-5).map(({ lambda, to }) => ({
            mark: '·',
            text: `${formatNumber(lambda, 4)}: to ${to.policy}${'thresholds' in to ? ` ${to.thresholds.map((each) => formatNumber(each, 4)).join(', ')}` : ''}`,
          })),
          columns,
        )}`,
  );
}

/** What each policy is called in a table. */
function policyNames({ systems, policies }: ManyResult): string[] {
  return policies.map(({ policy, system }) =>
    policy === 'single' ? systems.find(({ id }) => id === system)!.label : policy,
  );
}

function policyTable(result: ManyResult): string {
  const { policies } = result;
  const names = policyNames(result);
  const kwh = sameDecimals(policies.map(({ energyJ }) => energyJ / 3.6e6));
  const hours = sameDecimals(policies.map(({ runtimeS }) => runtimeS / 3600));
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  return table(
    [
      { title: 'policy' },
      right('T'),
      right('energy kWh'),
      right('runtime h'),
      right('saved'),
      right('regret'),
      right('queries by system'),
    ],
    policies.map((policy, i) => [
      names[i]!,
      thresholdsText(policy),
      kwh[i]!,
      hours[i]!,
      formatPercent(policy.saving, 2),
      policy.regret === null ? '–' : formatPercent(policy.regret, 2),
      policy.queries?.map((share) => formatPercent(share, 1)).join(' ') ?? '–',
    ]),
  );
}

function thresholdsText({ thresholds, outputThresholds, products }: ManyPolicy): string {
  if (thresholds === undefined) return '–';
  if (products !== undefined) return products.map((product) => `mn≤${product}`).join(' ');
  return thresholds
    .map((threshold, s) =>
      outputThresholds === undefined ? threshold : `${threshold},${outputThresholds[s]}`,
    )
    .join(' ');
}

/** How sure a comparison is, and what to measure next. */
function manyUncertaintyText(result: ManyResult, columns: number): string {
  const { uncertainty, systems } = result;
  if (uncertainty === undefined) return '';
  const { replicates, seed, probabilityHybridWins, hybrid, measureNext, workloadShare } = uncertainty;
  return paragraphs(
    wrap(
      `Of ${replicates} replicates of the trials and the queries (seed ${seed}), the best thresholds ` +
        `(${hybrid.policy}) beat the best single system in ${formatPercent(probabilityHybridWins)}. 95% intervals:`,
      columns,
    ),
    intervalTable(result),
    nextText(
      systems.map(({ label }) => label),
      { measureNext, workloadShare },
      columns,
    ),
    bullets(
      uncertainty.assumptions.map(({ level, message }) => ({
        mark: level === 'warning' ? '!' : '·',
        text: message,
      })),
      columns,
    ),
  );
}

function intervalTable(result: ManyResult): string {
  const names = policyNames(result);
  const rows = result.policies.flatMap(({ intervals }, i) =>
    intervals === undefined ? [] : [{ name: names[i]!, intervals }],
  );
  const both = (ends: readonly number[]): string[] => {
    const written = sameDecimals(ends);
    return rows.map((_, i) => `${written[2 * i]} to ${written[2 * i + 1]}`);
  };
  const energies = both(rows.flatMap(({ intervals }) => intervals.energyJ.map((each) => each / 3.6e6)));
  const runtimes = both(rows.flatMap(({ intervals }) => intervals.runtimeS.map((each) => each / 3600)));
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  return table(
    [{ title: 'policy' }, right('energy kWh'), right('runtime h'), right('saved'), right('best T')],
    rows.map(({ name, intervals: { saving, best } }, i) => [
      name,
      energies[i]!,
      runtimes[i]!,
      `${formatPercent(saving[0], 2)} to ${formatPercent(saving[1], 2)}`,
      best === undefined ? '–' : bestText(best),
    ]),
  );
}

function bestText({ thresholds, outputThresholds, products }: NonNullable<ManyIntervals['best']>): string {
  const whole = ([low, high]: Interval95): string => (low === high ? String(low) : `${low} to ${high}`);
  if (products !== undefined) return products.map((each) => `mn ${whole(each)}`).join('; ');
  return thresholds
    .map((each, s) =>
      outputThresholds === undefined ? whole(each) : `${whole(each)}, ${whole(outputThresholds[s]!)}`,
    )
    .join('; ');
}
