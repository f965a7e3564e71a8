/** Every number of a report leads to its source: the way from each goes on to a setting, a cell, trials or a file. */
import { describe, expect, test } from 'vitest';
import { FULL_SETTINGS, madeReport } from '../test/madeReport.ts';
import { numbersIn, textsOf, type PageText } from '../test/numbersInPage.ts';
import { formatNumber } from './format.ts';
import type { Cell } from './profile.ts';
import type { ReportDocument } from './report.ts';
import { reportHtml } from './reportHtml.ts';
import { trialsText } from './reportSources.ts';
import { listsTrials } from './reportTrials.ts';
import type { StudyInputs } from './study.ts';

/** A computer with a name like a number, that measured its profile itself. */
const ownMac = (inputs: StudyInputs): StudyInputs => ({
  ...inputs,
  small: {
    ...inputs.small,
    name: 'Rack 12, slot 3',
    system: { ...inputs.small.system, label: 'Mac 2', name: 'Mac Studio 2 (2023)' },
    source: {
      title: 'Measured with Crossover',
      authors: 'this computer',
      note: 'Run run-2024-05-06-a1b2 of 2024-05-06, seed 7, at most 3 warm-ups.',
    },
  },
});

/** Its cells with the values of three trials each. */
const withTrials = (inputs: StudyInputs): StudyInputs => {
  const own = ownMac(inputs);
  const cells = own.small.cells.map((cell): Cell => ({
    ...cell,
    trials: 3,
    trialValues: [0.98, 1, 1.02].map((factor) => ({
      energyJ: { cpu: cell.energyJ.cpu! * factor, gpu: cell.energyJ.gpu! * factor },
      runtimeS: cell.runtimeS * factor,
    })),
  }));
  return { ...own, small: { ...own.small, cells } };
};

const STUDIES: Readonly<Record<string, () => Promise<ReportDocument>>> = {
  "the paper's": () => madeReport(),
  'everything at once': () => madeReport(FULL_SETTINGS),
  'no useful threshold': () => madeReport({ policy: 'threshold-out', lambda: 0.3, cost: 'normalised' }),
  'settled on, with statements': () =>
    madeReport({
      energyModel: 'physical',
      policy: 'all',
      lambda: 0,
      chosen: { policy: 'threshold-both', threshold: 64, outputThreshold: 100 },
      stated: { small: { idleW: 5 }, large: { idleW: 60 } },
    }),
  'measured here, named like numbers': () => madeReport({ ...FULL_SETTINGS, bootstrap: 20 }, withTrials),
  'a modelled workload': () => madeReport({ workload: 'alpaca-gpt4', energyModel: 'grid', policy: 'all' }),
};

/**
 * Where a number may stand without a link: where it is itself what others lead to, or no number of the study at all.
 */
const ALLOWED: readonly ((around: PageText['within'][number]) => boolean)[] = [
  // The ends of the way: settings, hashed files, keys of the cells' rows, trials, the workload's own entry.
  ({ id }) => id === 'settings' || id === 'from-workload' || /^trials-/.test(id ?? ''),
  ({ classes }) => classes.includes('key') || classes.includes('hash'),
  // Publications by their identifiers; titles; commands; what formulas consist of; scales of axes; texts for those who
  // do not see a chart, whose numbers stand in its caption and tables.
  ({ classes }) => ['cited', 'formula', 'tick'].some((name) => classes.includes(name)),
  ({ name }) => ['title', 'desc', 'h1', 'pre', 'code'].includes(name),
];

function without(text: string, { title, systems, workload }: ReportDocument): string {
  const names = [systems.small, systems.large].flatMap(({ label, name, model, profile, conditions }) => [
    profile.name,
    profile.id,
    name,
    label,
    model,
    conditions.engine,
  ]);
  return [title, ...names, workload.name, '(1−λ)'].reduce((left, name) => left.replaceAll(name, ' '), text);
}

describe.each(Object.entries(STUDIES))('%s', (_, make) => {
  test('no number stands without a link, and every link leads to a source', async () => {
    const report = await make();
    const texts = textsOf(reportHtml(report));
    const stray = texts
      .filter(({ within }) => !within.some(({ href }) => href !== undefined))
      .filter(({ within }) => !within.some((around) => ALLOWED.some((allowed) => allowed(around))))
      .filter(({ text }) => numbersIn(without(text, report)).length > 0);
    expect(stray.map(({ text }) => text)).toEqual([]);

    const leads = new Map<string, Set<string>>();
    for (const { within } of texts) {
      const targets = within.flatMap(({ href }) => (href === undefined ? [] : [href.slice(1)]));
      for (const { id } of within) {
        if (id !== undefined) leads.set(id, new Set([...(leads.get(id) ?? []), ...targets]));
      }
    }
    const asked = new Set([...leads.values()].flatMap((targets) => [...targets]));
    expect([...asked].filter((id) => !leads.has(id))).toEqual([]);
    expect([...asked].filter((id) => !reachesSource(id, leads))).toEqual([]);
    // The way from the big numbers goes down to trials.
    const down = [...reached('from-savings', leads)];
    for (const side of ['small', 'large']) {
      expect(down.filter((id) => id.startsWith(`trials-${side}`))).not.toEqual([]);
    }
  });
});

/** Everything that links lead to from an element on. */
function reached(from: string, leads: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set([from]);
  for (const id of found) for (const next of leads.get(id) ?? []) found.add(next);
  return found;
}

function reachesSource(from: string, leads: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  return [...reached(from, leads)].some((id) => /^(settings?|profile|trials|workload)(-|$)/.test(id));
}

test('what the words around a number say decides where it leads', async () => {
  const html = reportHtml(await madeReport(FULL_SETTINGS));
  for (const [source, number] of [
    ['setting-lambda', '0.5'],
    ['setting-min-saving', '1.0%'],
    ['setting-bootstrap', '40'],
    ['setting-capacity', '40'],
    ['from-thresholds', '976'],
    ['from-intervals', '1.5%'],
    ['from-capacity', '54.4%'],
    ['from-model', '9.6%'],
    ['profile-small', '32'],
    ['cell-small-input-16-32', '16'],
    ['trials-large', '218 trials'],
  ]) {
    expect(html).toContain(`<a class="from" href="#${source}">${number}</a>`);
  }
});

describe('the trials of a profile', () => {
  test('measured here are in a bundle, entry by entry', async () => {
    const { systems, cells } = await madeReport({}, ownMac);
    expect(trialsText(systems.small, cells.small)).toContain(
      'every trial of them (runs/run-2024-05-06-a1b2.json)',
    );
  });

  test('are listed where their values are known, each cell leading to its own', async () => {
    const report = await madeReport({}, withTrials);
    const html = reportHtml(report);
    const [{ m, n, energyJ, runtimeS }] = report.cells.small as [Cell];
    expect(html).toMatch(
      new RegExp(
        `<a class="from" href="#trials-small-input-${m}-${n}">${formatNumber(energyJ.total, 4)}</a>`,
      ),
    );
    const listed = html.split(`<tbody id="trials-small-input-${m}-${n}">`)[1]!.split('</tbody>')[0]!;
    const values = listed
      .split('</tr>')
      .slice(0, 3)
      .map((row) => numbersIn(row.replace(/<[^>]*>/g, ' ')));
    expect(values).toEqual(
      [0.98, 1, 1.02].map((factor, i) =>
        [
          m,
          n,
          i + 1,
          ...[energyJ.cpu!, energyJ.gpu!, energyJ.cpu! + energyJ.gpu!, runtimeS].map((x) => x * factor),
        ].map((value) => formatNumber(value, 5)),
      ),
    );
    expect(trialsText(report.systems.small, report.cells.small)).toContain(
      'The HTML form lists their energies',
    );
  });

  test('too many to list are said to be in the other forms', async () => {
    const { systems, cells } = await madeReport({}, withTrials);
    const many = cells.small.map((cell) => ({
      ...cell,
      trialValues: Array.from({ length: 80 }, () => cell.trialValues![0]!),
    }));
    expect(listsTrials(many)).toBe(false);
    const { source } = systems.large;
    expect(trialsText({ ...systems.small, source }, many)).toContain('the JSON form and a bundle have them');
  });

  test('of others are not here, and it is said where they are', async () => {
    const { systems, cells } = await madeReport();
    const text = trialsText(systems.large, cells.large);
    expect(text).toContain('no single trial is in this file or in a bundle');
    expect(text).toContain('grantwilkins/energy-inference (5c2cfa4');
  });
});
