import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../test/bundled.ts';
import type { Profile } from './profile.ts';
import { buildReport, profileOrigin, systemLabels, type ReportDocument } from './report.ts';
import { reportReadouts } from './reportReadouts.ts';
import { analyse, parseSettings, studyTitle, type StudyInputs } from './study.ts';

const M1 = 'm1-pro.llama-2-7b.sweeps';
const SWING = 'swing-a100.llama-2-7b.sweeps';

function report(
  settings: Record<string, unknown> = {},
  change: (inputs: StudyInputs) => StudyInputs = (inputs) => inputs,
): ReportDocument {
  const parsed = parseSettings({ small: M1, large: SWING, workload: 'alpaca-davinci', ...settings });
  const inputs = change({
    small: bundledProfile(parsed.small),
    large: bundledProfile(parsed.large),
    workload: bundledWorkload(parsed.workload),
  });
  return buildReport({
    study: {
      id: 'a-study',
      settings: parsed,
      hashes: { small: 'aa', large: 'bb', workload: 'cc' },
      result: analyse(parsed, inputs),
    },
    inputs,
    title: studyTitle(inputs),
    versions: { crossover: '1.2.3' },
    command: 'crossover analyze',
  });
}

describe('the report of the Llama-2 pair on Alpaca', () => {
  const made = report();

  test('carries the verdict, the policies in joules and kilowatt-hours, and the sweep', () => {
    expect(made).toMatchObject({ format: 'crossover-report', version: 1, objective: 'energy' });
    expect(made.verdict).toMatchObject({ kind: 'threshold', threshold: 32 });
    expect(made.policies.map(({ policy }) => policy)).toEqual(['small', 'large', 'threshold-in']);
    for (const { energyJ, energyKwh } of made.policies) expect(energyKwh).toBeCloseTo(energyJ / 3.6e6, 12);
    expect(made.sweep.points).toHaveLength(9);
    expect(made.sweep.best).toBe(made.sweep.points[2]);
    expect(made.sweep.small.energyJ).toBe(made.policies[0]!.energyJ);
  });

  test('knows which share of the queries the threshold sends to the M1 Pro', () => {
    const { pairs } = bundledWorkload('alpaca-davinci');
    const short = pairs.filter(([m]) => m <= 32).reduce((total, [, , count]) => total + count, 0);
    expect(made.sweep.shareToSmall).toBeCloseTo(short / 51_941, 12);
  });

  test('has the curves behind it, one axis for one policy, both for all', () => {
    expect(made.curves.map(({ axis, small, large }) => [axis, small.length, large.length])).toEqual([
      ['input', 9, 9],
    ]);
    expect(report({ policy: 'all' }).curves.map(({ axis }) => axis)).toEqual(['input', 'output']);
  });

  test('says where every kind of figure comes from', () => {
    expect(made.origins.map(({ origin }) => origin)).toEqual([
      'published',
      'published',
      'counted',
      'modelled',
      'assumed',
    ]);
    expect(made.systems.small.origin).toBe('published');
    expect(made.workload.origin).toBe('counted');
    expect(report({ workload: 'alpaca-gpt4' }).workload.origin).toBe('modelled');
  });

  test('holds what is needed to check it: settings, hashes, sources, command, version', () => {
    expect(made.study).toMatchObject({ id: 'a-study', hashes: { small: 'aa', large: 'bb', workload: 'cc' } });
    expect(made.study.settings.lambda).toBe(1);
    expect(made.systems.large.source.doi).toBe('10.1145/3632775.3662830');
    expect(made.systems.small.profile).toEqual({
      id: M1,
      name: 'M1 Pro · Llama-2 7B · two sweeps',
      sha256: 'aa',
    });
    expect(made.systems.large.trials).toBe(218);
    expect(made.command).toBe('crossover analyze');
    expect(made.versions).toEqual({ crossover: '1.2.3' });
  });

  test('survives JSON as it is, and is the same twice', () => {
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
    expect(JSON.stringify(report())).toBe(JSON.stringify(made));
  });

  test('admits its limits', () => {
    expect(made.limits.map(({ title }) => title)).toEqual([
      'Point estimates',
      "The paper's model is not the workload's energy",
      'KV cache off',
      'Boundaries',
      "Apple's caution",
      'No queues',
      'Beyond the measurements',
    ]);
    expect(report({ policy: 'threshold-out' }).limits.map(({ title }) => title)).toContain(
      'The output is not known in advance',
    );
    expect(report({ workload: 'alpaca-gpt4' }).limits.map(({ title }) => title)).toContain(
      'The workload is modelled',
    );
  });

  test('says of a KV cache and of batches what holds', () => {
    const off = (batch: number): string =>
      report({}, (inputs) => ({
        ...inputs,
        small: { ...inputs.small, conditions: { ...inputs.small.conditions, batch } },
        large: { ...inputs.large, conditions: { ...inputs.large.conditions, batch } },
      })).limits.find(({ title }) => title === 'KV cache off')!.text;
    expect(off(1)).toContain('without a KV cache and with one query at a time.');
    expect(off(8)).toContain('were measured without a KV cache. Each');
  });

  test('wall power holds all but the cooling, unless a PUE stands for that', () => {
    const wall = (profile: Profile): Profile => ({
      ...profile,
      rails: ['wall'],
      boundary: 'wall',
      cells: profile.cells.map((cell) => ({
        ...cell,
        energyJ: { total: cell.energyJ.total, wall: cell.energyJ.total },
      })),
    });
    const limit = (settings: Record<string, unknown>): string =>
      report(settings, (inputs) => ({ ...inputs, small: wall(inputs.small), large: wall(inputs.large) }))
        .limits.find(({ title }) => title === 'Boundaries')!
        .text.split('. ')
        .at(-1)!;
    const grid = { energyModel: 'grid', thresholds: 'every-integer' };
    expect(limit(grid)).toMatch(
      /Idle machines are not in it, nor is the cooling of the M1 Pro and the A100 \(Swing\)\.$/,
    );
    expect(limit({ ...grid, stated: { large: { pue: 1.2 } } })).toMatch(
      /nor is the cooling of the M1 Pro\.$/,
    );
    expect(limit({ ...grid, stated: { small: { pue: 1 }, large: { pue: 1.2 } } })).toMatch(
      /Idle machines are not in it\.$/,
    );
  });

  test('tells the rule by which a saving is useful: with an interval, by its lower end', () => {
    for (const settings of [{}, { energyModel: 'grid' }]) {
      const rule = (more: object): string =>
        report({ ...settings, ...more }).method.find(({ title }) => title === 'Threshold and verdict')!.text;
      expect(rule({})).toMatch(
        /saves at least 1\.0% of the cost against the better of the two single systems\.$/,
      );
      expect(rule({ bootstrap: 100 })).toMatch(
        /single systems, also at the lower end of its 95% interval\.$/,
      );
    }
  });

  test('describes its method with the cost that was used', () => {
    const formulas = (settings: object): string =>
      JSON.stringify(report({ ...settings }).method.flatMap((passage) => passage.formulas ?? []));
    expect(formulas({ lambda: 0.5 })).toContain('λ = 0.5');
    expect(formulas({})).not.toContain('E_{max}');
    expect(formulas({ cost: 'normalised' })).toContain('E_{max}');
  });
});

describe('the big numbers', () => {
  test('of a useful threshold: the saving, the energy, the runtime against both, the share of the queries', () => {
    const [saving, energy, runtime, share] = reportReadouts(report());
    expect(saving).toMatchObject({
      number: '6.7',
      unit: '%',
      what: 'of the energy saved against the M1 Pro alone',
    });
    expect(energy).toMatchObject({ number: '0.7434', unit: 'kWh' });
    // (478,531 − 559,435) s over 51,941 queries, and (478,531 − 50,407) s
    expect(runtime).toMatchObject({ number: '−1.56', unit: 's' });
    expect(runtime!.what).toContain('+8.24 s against the A100 (Swing)');
    expect(share).toMatchObject({ number: '88.3', unit: '%' });
  });

  test('of no useful threshold: what it would save, and what the better single system takes', () => {
    const [saving, energy, runtime, least] = reportReadouts(report({ policy: 'threshold-out' }));
    expect(saving).toMatchObject({ number: '0.40', unit: '%' });
    expect(saving!.what).toContain('T = 32');
    expect(energy).toMatchObject({ number: '4.409', unit: 'kWh' });
    expect(runtime!.number.startsWith('−')).toBe(true);
    expect(least).toMatchObject({ number: '1.0', unit: '%' });
  });
});

describe('names', () => {
  const a = madeProfile('a', [[8, 1, 1]]);

  test('are the systems’ labels where these differ', () => {
    expect(systemLabels({ small: a, large: madeProfile('b', [[8, 1, 1]]) })).toEqual({
      small: 'A',
      large: 'B',
    });
  });

  test('that are the same are told apart by the model, the profile’s name, or its id', () => {
    const other = { ...a, id: 'a2', model: { id: 'y', name: 'Other' } };
    expect(systemLabels({ small: a, large: other })).toEqual({ small: 'A, Made-up', large: 'A, Other' });
    const named = { ...a, id: 'a2', name: 'Again' };
    expect(systemLabels({ small: a, large: named })).toEqual({ small: 'Made-up a', large: 'Again' });
    expect(systemLabels({ small: a, large: { ...a, id: 'a2' } })).toEqual({ small: 'a', large: 'a2' });
  });
});

test('a profile is published, measured or estimated', () => {
  const made = madeProfile('a', [[8, 1, 1]]);
  expect(profileOrigin(bundledProfile(M1))).toBe('published');
  expect(profileOrigin(made)).toBe('measured');
  expect(profileOrigin({ ...bundledProfile(M1), estimate: true })).toBe('estimated');
});

test('a workload of one length has no correlation, and its report no NaN', () => {
  const made = report({}, (inputs) => ({ ...inputs, workload: madeWorkload([[16, 16, 5]]) }));
  expect(made.workload.correlation).toBeNull();
  expect(JSON.parse(JSON.stringify(made))).toEqual(made);
});
