import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../../test/bundled.ts';
import { labErrorOf } from '../../test/thrown.ts';
import { analyse, parseSettings, START_SETTINGS, type StudyInputs } from '../study.ts';
import { answerVariations, bareSettings, distinctVariations, FACTORS, variationsOf } from './variations.ts';

const WORKLOADS = ['gsm8k', 'alpaca-davinci'];
const joint = parseSettings({
  ...START_SETTINGS,
  workload: 'gsm8k',
  lambda: 0.6,
  chosen: { policy: 'threshold-in', threshold: 12 },
});
const paper = parseSettings({ small: joint.small, large: joint.large, workload: 'gsm8k' });
const inputs: StudyInputs = {
  small: bundledProfile(joint.small),
  large: bundledProfile(joint.large),
  // A part of it is enough, and quick.
  workload: {
    ...bundledWorkload('gsm8k'),
    pairs: bundledWorkload('gsm8k').pairs.filter((_, i) => i % 25 === 0),
  },
};

describe('variations', () => {
  test.each([
    ['joint', joint],
    ['paper', paper],
  ] as const)('of a %s study differ from it in exactly one setting, and are it once a factor', (_, study) => {
    const own = bareSettings(study);
    const variations = variationsOf(study, WORKLOADS);
    const factors = [...new Set(variations.map(({ factor }) => factor))];
    expect(factors).toEqual(study === joint ? FACTORS : FACTORS.filter((factor) => factor !== 'idle'));
    for (const { settings, now, factor } of variations) {
      const changed = [...new Set([...Object.keys(own), ...Object.keys(settings)])].filter(
        (key) => settings[key as keyof typeof own] !== own[key as keyof typeof own],
      );
      const key = factor === 'model' ? 'energyModel' : factor;
      expect(changed).toEqual(now ? [] : [key]);
    }
    for (const factor of factors) {
      expect(variations.filter((each) => each.factor === factor && each.now)).toHaveLength(1);
    }
    expect(new Set(variations.map(({ factor, value }) => `${factor} ${value}`)).size).toBe(variations.length);
  });

  test('that count the same rails are one: like for like is CPU and GPU here', () => {
    const boundaries = (study: typeof joint): string[] =>
      distinctVariations(variationsOf(study, WORKLOADS), inputs)
        .filter(({ factor }) => factor === 'boundary')
        .map(({ value }) => value);
    for (const study of [joint, paper]) {
      expect(boundaries(study)).toEqual(['like-for-like', 'gpu', 'soc', 'machine', 'wall']);
      expect(boundaries({ ...study, boundary: 'gpu+cpu' })).toEqual([
        'gpu',
        'gpu+cpu',
        'soc',
        'machine',
        'wall',
      ]);
    }
    const all = variationsOf(joint, WORKLOADS);
    expect(distinctVariations(all, inputs)).toHaveLength(all.length - 1);
  });

  test('look at the study’s own λ beside the usual ones, in order', () => {
    const lambdas = variationsOf(joint, WORKLOADS).filter(({ factor }) => factor === 'lambda');
    expect(lambdas.map(({ value }) => value)).toEqual(['0', '0.25', '0.5', '0.6', '0.75', '0.9', '1']);
  });

  test.each([
    ['joint', joint],
    ['paper', paper],
  ] as const)('of a %s study answer what its analysis says', (_, study) => {
    const variations = variationsOf(study, ['gsm8k']);
    const told: number[] = [];
    const answers = answerVariations(variations, inputs, { progress: (done) => told.push(done) });
    expect(told).toEqual(variations.map((_, i) => i + 1));
    variations.forEach(({ factor, value, now, settings }, i) => {
      const answer = answers[i]!;
      expect(answer).toMatchObject({ factor, value, now });
      if (answer.kind === 'impossible') {
        expect(labErrorOf(() => analyse(settings, inputs)).message).toBe(answer.why);
        return;
      }
      const { verdict, extrapolated } = analyse(settings, inputs);
      expect(answer).toMatchObject({
        kind: verdict.kind,
        saving: verdict.saving,
        bestSingle: verdict.bestSingle,
        extrapolated,
      });
    });
    expect(answers.filter(({ kind }) => kind === 'impossible')).not.toEqual([]);
    expect(answers.filter(({ kind }) => kind === 'no-useful-threshold').length).toBeGreaterThan(10);
  });

  test('name the best threshold, and of other workloads theirs', () => {
    const [davinci] = answerVariations(
      variationsOf(START_SETTINGS, ['alpaca-davinci']).filter(({ factor }) => factor === 'workload'),
      { ...inputs, workload: bundledWorkload('alpaca-davinci') },
    );
    expect(davinci).toMatchObject({
      now: true,
      kind: 'threshold',
      best: { policy: 'threshold-product', product: 1264 },
      bestSingle: 'large',
    });
  });
});
