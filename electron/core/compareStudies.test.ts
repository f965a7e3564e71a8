import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { compareStudies, type ComparedStudy } from './compareStudies.ts';
import { analyse, PAPER_SETTINGS, settingsSchema, type StudySettings } from './study.ts';
import { analyseWithUncertainty } from './studyUncertainty.ts';

function study(id: string, changes: Partial<StudySettings> = {}): ComparedStudy {
  const settings = settingsSchema.parse({ ...PAPER_SETTINGS, ...changes });
  const inputs = {
    small: bundledProfile(settings.small),
    large: bundledProfile(settings.large),
    workload: bundledWorkload(settings.workload),
  };
  const hashes = {
    small: `#${settings.small}`,
    large: `#${settings.large}`,
    workload: `#${settings.workload}`,
  };
  return { study: { id, settings, hashes, result: analyse(settings, inputs) }, inputs, title: `Study ${id}` };
}

test('a study beside itself differs in nothing', () => {
  const found = compareStudies(study('x'), study('x'));
  expect(found).toMatchObject({
    settings: [],
    inputs: [],
    sameInputs: [
      { input: 'small', id: PAPER_SETTINGS.small, hash: `#${PAPER_SETTINGS.small}` },
      { input: 'large', id: PAPER_SETTINGS.large },
      { input: 'workload', id: PAPER_SETTINGS.workload },
    ],
    sizes: { a: { queries: 51_941 }, b: { queries: 51_941 } },
    systems: { a: { small: { place: 'mac' }, large: { id: 'swing-a100' } } },
    verdict: { same: true },
    assumptions: { a: [], b: [] },
    sameCost: true,
  });
  expect(found.policies.map(({ policy }) => policy)).toEqual(['small', 'large', 'threshold-in']);
  expect(
    found.policies.every(({ energyChange, runtimeChange }) => energyChange === 0 && runtimeChange === 0),
  ).toBe(true);
});

test('each policy has the intervals of its own study, and none where the study has none', () => {
  const plain = study('a', { bootstrap: 0 });
  const { study: of, inputs } = plain;
  const settings = { ...of.settings, bootstrap: 60 };
  const sure = { ...plain, study: { ...of, settings, result: analyseWithUncertainty(settings, inputs) } };
  for (const { policy, a, b } of compareStudies(plain, sure).policies) {
    expect(a!.intervals95).toBeUndefined();
    const [low, high] = b!.intervals95!.energyJ;
    expect(low < b!.energyJ && b!.energyJ < high, policy).toBe(true);
    expect(b!.intervals95!.threshold === undefined).toBe(policy !== 'threshold-in');
  }
});

test("another workload: the inputs differ, the energies by their ratio, and so does the verdict's policy", () => {
  const grid = { energyModel: 'grid', policy: 'all', thresholds: 'every-integer' } as const;
  const [a, b] = [study('a', grid), study('b', { ...grid, workload: 'gsm8k' })];
  const found = compareStudies(a, b);
  expect(found.studies).toEqual({ a: { id: 'a', title: 'Study a' }, b: { id: 'b', title: 'Study b' } });
  expect(found.settings).toEqual([]);
  expect(found.inputs).toEqual([
    {
      input: 'workload',
      a: { id: 'alpaca-davinci', name: a.inputs.workload.name, hash: '#alpaca-davinci' },
      b: { id: 'gsm8k', name: b.inputs.workload.name, hash: '#gsm8k' },
    },
  ]);
  const large = found.policies.find(({ policy }) => policy === 'large')!;
  expect(large.energyChange).toBeCloseTo(large.b!.energyJ / large.a!.energyJ - 1, 12);
  expect(large.energyChange).not.toBe(0);
  expect(found.verdict).toMatchObject({
    same: false,
    a: { kind: 'threshold', policy: 'threshold-product' },
    b: { kind: 'no-useful-threshold', policy: 'large' },
  });
});

test('other settings: each that differs is named, policies of one side alone have no change', () => {
  const [a, b] = [
    study('a'),
    study('b', { energyModel: 'grid', policy: 'oracle', lambda: 0.5, thresholds: 'every-integer' }),
  ];
  const found = compareStudies(a, b);
  expect(found.settings).toEqual([
    { setting: 'energyModel', a: 'paper', b: 'grid' },
    { setting: 'lambda', a: 1, b: 0.5 },
    { setting: 'policy', a: 'threshold-in', b: 'oracle' },
    { setting: 'thresholds', a: 'powers-of-two', b: 'every-integer' },
  ]);
  expect(found.sameCost).toBe(false);
  const [threshold, oracle] = ['threshold-in', 'oracle'].map((name) =>
    found.policies.find(({ policy }) => policy === name)!,
  );
  expect(threshold).toMatchObject({ b: null, energyChange: null, a: { threshold: 32 } });
  expect(oracle).toMatchObject({ a: null, energyChange: null });
  expect(found.assumptions.b.some((sentence) => sentence.includes('interpolated'))).toBe(true);
  expect(found.assumptions.a).not.toContain(found.assumptions.b[0]);
});

test('a setting that only one study names, and a profile whose content has changed', () => {
  const a = study('a');
  const b = {
    ...study('b', { idle: 'gross' }),
  };
  const changed = { ...b, study: { ...b.study, hashes: { ...b.study.hashes, small: '#refreshed' } } };
  const found = compareStudies(a, changed);
  expect(found.settings).toEqual([{ setting: 'idle', a: null, b: 'gross' }]);
  expect(found.inputs).toMatchObject([
    { input: 'small', a: { id: a.inputs.small.id }, b: { hash: '#refreshed' } },
  ]);
});
