import { describe, expect, test } from 'vitest';
import { comparedRails } from './comparedRails.ts';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../test/bundled.ts';
import { LabError } from './errors.ts';
import { analyse, parseSettings, studyTitle, type StudyInputs, type StudyResult } from './study.ts';
import { kilowattHours } from './units.ts';

const M1 = 'm1-pro.llama-2-7b.sweeps';
const SWING = 'swing-a100.llama-2-7b.sweeps';

function inputsOf(ids: { small?: string; large?: string; workload?: string }): StudyInputs {
  return {
    small: bundledProfile(ids.small ?? M1),
    large: bundledProfile(ids.large ?? SWING),
    workload: bundledWorkload(ids.workload ?? 'alpaca-davinci'),
  };
}

/** A study of the bundled Llama-2 7B pair on Alpaca, unless the settings say otherwise. */
function study(settings: Record<string, unknown> = {}): StudyResult {
  const parsed = parseSettings({ small: M1, large: SWING, workload: 'alpaca-davinci', ...settings });
  return analyse(parsed, inputsOf(parsed));
}

const refusal = (work: () => unknown): LabError => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return error as LabError;
  }
  throw new Error('was accepted');
};

describe('settings', () => {
  test('default to the paper: its model, an input threshold in powers of two, energy alone', () => {
    expect(parseSettings({ small: 'a', large: 'b', workload: 'c' })).toEqual({
      small: 'a',
      large: 'b',
      workload: 'c',
      energyModel: 'paper',
      policy: 'threshold-in',
      lambda: 1,
      cost: 'raw',
      boundary: 'like-for-like',
      thresholds: 'powers-of-two',
      minSaving: 0.01,
    });
  });

  test.each([
    ['λ above 1', { lambda: 1.01 }, 'lambda'],
    ['λ below 0', { lambda: -0.1 }, 'lambda'],
    ['a λ that is no number', { lambda: NaN }, 'lambda'],
    ['a policy that does not exist', { policy: 'oracel' }, 'policy'],
    ['an energy model that does not exist', { energyModel: 'cubic' }, 'energyModel'],
    ['a setting that does not exist', { lamda: 0.5 }, 'lamda'],
  ])('%s is refused by name', (_, change, field) => {
    const error = refusal(() => parseSettings({ small: 'a', large: 'b', workload: 'c', ...change }));
    expect(error.kind).toBe('bad-setting');
    expect(error.message).toContain(field);
  });
});

/*
 * Golden values: recomputed by an independent script from the tables that the bundled files were made from. It
 * took their totals where the lab adds up rails, each of six digits, so energies and savings agree to about 1e-6.
 */
describe('Llama-2 7B on the M1 Pro against the A100 of Swing, Alpaca', () => {
  test('an input threshold of 32 saves 7.365% against the A100 and 6.705% against the M1 Pro', () => {
    const { verdict, policies } = study();
    expect(verdict).toMatchObject({
      kind: 'threshold',
      policy: 'threshold-in',
      threshold: 32,
      bestSingle: 'small',
    });
    const [small, large, hybrid] = policies;
    expect(kilowattHours(small!.energyJ)).toBeCloseTo(0.796829, 5);
    expect(kilowattHours(large!.energyJ)).toBeCloseTo(0.802508, 5);
    expect(kilowattHours(hybrid!.energyJ)).toBeCloseTo(0.743403, 5);
    expect(hybrid!.saving.vsLarge).toBeCloseTo(0.0736496, 5);
    expect(hybrid!.saving.vsSmall).toBeCloseTo(0.0670483, 5);
    expect(hybrid!.saving.vsBestSingle).toBe(hybrid!.saving.vsSmall);
    expect(hybrid!.runtimeS).toBeCloseTo(478_530.821, 3);
    expect(small!.runtimeS).toBeCloseTo(559_434.758, 3);
    expect(large!.runtimeS).toBeCloseTo(50_407.4, 3);
  });

  test('among all lengths, 22 is better than the powers of two', () => {
    const { verdict, policies } = study({ thresholds: 'every-integer' });
    expect(verdict.threshold).toBe(22);
    expect(policies[2]!.saving.vsLarge).toBeCloseTo(0.0821671, 5);
  });

  test('with the true output lengths no output threshold is useful: the A100 does it all', () => {
    const { verdict, policies } = study({ policy: 'threshold-out' });
    expect(verdict).toMatchObject({ kind: 'no-useful-threshold', policy: 'large', threshold: null });
    const hybrid = policies.find(({ policy }) => policy === 'threshold-out')!;
    expect(hybrid.threshold).toBe(32);
    expect(hybrid.saving.vsLarge).toBeCloseTo(0.0039897, 5);
    expect(kilowattHours(hybrid.energyJ)).toBeCloseTo(4.391085, 5);
  });

  test('the more time counts, the less the M1 Pro is of use', () => {
    expect(study({ lambda: 0.9 }).verdict).toMatchObject({ kind: 'threshold', threshold: 32 });
    expect(study({ lambda: 0.9 }).verdict.saving).toBeCloseTo(0.0570735, 5);
    expect(study({ lambda: 0.5 }).verdict.saving).toBeCloseTo(-0.0001845, 5);
    const fastest = study({ lambda: 0 });
    expect(fastest.verdict).toMatchObject({ kind: 'no-useful-threshold', policy: 'large' });
    expect(fastest.verdict.saving).toBeCloseTo(-0.1065856, 7);
  });

  test('with λ = 1 the raw and the normalised cost save the same', () => {
    expect(study({ cost: 'normalised' }).verdict.saving).toBeCloseTo(study().verdict.saving, 12);
  });

  test('a higher minimum turns the same figures into "no useful threshold"', () => {
    expect(study({ minSaving: 0.067 }).verdict.kind).toBe('threshold');
    expect(study({ minSaving: 0.0671 }).verdict).toMatchObject({
      kind: 'no-useful-threshold',
      policy: 'small',
    });
  });

  test('asked for one system, the study lists both and still knows the best threshold', () => {
    const result = study({ policy: 'large' });
    expect(result.policies.map(({ policy }) => policy)).toEqual(['small', 'large']);
    expect(result.verdict.threshold).toBe(32);
  });

  test('asked for all policies, each axis has its own totals of the single systems', () => {
    const { policies, axis } = study({ policy: 'all' });
    expect(policies.map(({ policy, axis: along }) => `${policy} ${along}`)).toEqual([
      'small input',
      'large input',
      'threshold-in input',
      'small output',
      'large output',
      'threshold-out output',
    ]);
    expect(axis).toBe('input');
  });

  test('few queries are beyond the measured lengths, and the assumptions say how many', () => {
    const { extrapolated, assumptions } = study();
    const { pairs } = bundledWorkload('alpaca-davinci');
    const beyond = pairs.filter(([m]) => m < 8 || m > 2048).reduce((total, [, , count]) => total + count, 0);
    expect(extrapolated.queries).toBeCloseTo(beyond / 51_941, 12);
    expect(extrapolated.energy).toBeLessThan(extrapolated.queries);
    expect(assumptions.find(({ kind }) => kind === 'extrapolated')!.level).toBe('note');
  });

  test('the same study twice is the same to the last digit', () => {
    expect(study({ policy: 'all', lambda: 0.3 })).toEqual(study({ policy: 'all', lambda: 0.3 }));
  });
});

describe('other workloads', () => {
  test('GSM8K has no useful threshold: its questions are too long for the M1 Pro', () => {
    const { verdict } = study({ workload: 'gsm8k' });
    expect(verdict).toMatchObject({ kind: 'no-useful-threshold', policy: 'large', threshold: null });
    expect(verdict.saving).toBeCloseTo(5.36e-6, 8);
  });

  test('a third of the energy of Azure conversations lies beyond what was measured: a warning', () => {
    const { extrapolated, assumptions } = study({ workload: 'azure-conversation' });
    expect(extrapolated.energy).toBeGreaterThan(0.3);
    expect(assumptions.find(({ kind }) => kind === 'extrapolated')!.level).toBe('warning');
  });

  test('a modelled workload is called so', () => {
    const { assumptions } = study({ workload: 'alpaca-gpt4' });
    expect(assumptions.find(({ kind }) => kind === 'modelled')).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('1,000 records') as string,
    });
  });
});

describe('the boundary', () => {
  test('of both sweeps is CPU and GPU', () => {
    expect(study()).toMatchObject({ boundary: 'gpu+cpu', rails: ['cpu', 'gpu'] });
  });

  test('of a grid with GPU alone leaves the CPU of the other out, and warns', () => {
    const result = study({ small: 'm1-pro.llama-2-7b.grid', large: 'swing-a100.llama-2-7b.grid' });
    expect(result).toMatchObject({ boundary: 'gpu', rails: ['gpu'] });
    expect(result.assumptions.find(({ kind }) => kind === 'boundary')).toMatchObject({
      level: 'warning',
      short: 'CPU left out',
    });
    const whole = study({ small: 'm1-pro.llama-2-7b.grid' });
    expect(result.policies[0]!.energyJ).toBeLessThan(whole.policies[0]!.energyJ);
  });

  test('asked for by name must be there on both sides', () => {
    const error = refusal(() => study({ boundary: 'wall' }));
    expect(error.kind).toBe('incompatible');
    expect(error.message).toContain('wall');
    expect(error.hint).toContain('like-for-like');
    expect(study({ boundary: 'gpu' }).rails).toEqual(['gpu']);
  });

  test('is refused where the two share no rail', () => {
    const wall = madeProfile('wall', [[8, 10, 1]], undefined, { rails: ['wall'], boundary: 'wall' });
    const gpu = madeProfile('gpu', [[8, 10, 1]]);
    expect(refusal(() => comparedRails(wall, gpu, 'like-for-like')).kind).toBe('incompatible');
  });
});

describe('what cannot be compared', () => {
  const workload = madeWorkload([[8, 8, 1]]);

  test('is a profile with itself', () => {
    const profile = madeProfile('a', [[8, 10, 1]]);
    const settings = parseSettings({ small: 'a', large: 'a', workload: 'w' });
    const error = refusal(() => analyse(settings, { small: profile, large: profile, workload }));
    expect(error.kind).toBe('bad-setting');
    expect(error.message).toContain('nothing to compare');
  });

  test('are profiles measured below 8 tokens, with the paper’s thresholds', () => {
    const short = (id: string) => madeProfile(id, [[4, 10, 1]]);
    const settings = parseSettings({ small: 'a', large: 'b', workload: 'w' });
    const inputs = { small: short('a'), large: short('b'), workload };
    expect(refusal(() => analyse(settings, inputs)).kind).toBe('incompatible');
    expect(analyse({ ...settings, thresholds: 'every-integer' }, inputs).sweep).toHaveLength(1);
  });
});

test('a title names the pair, the model and the workload', () => {
  expect(studyTitle(inputsOf({}))).toBe('M1 Pro against A100 (Swing) · Llama-2 7B · Alpaca, davinci outputs');
});

test('a workload whose queries have no tokens along the axis gives a reason, never a number', () => {
  const inputs = {
    small: madeProfile('s', [[8, 10, 1]]),
    large: madeProfile('l', [[8, 20, 1]]),
    workload: madeWorkload([[0, 10, 5]]),
  };
  const settings = parseSettings({
    small: 's',
    large: 'l',
    workload: 'made-up',
    thresholds: 'every-integer',
  });
  expect(() => analyse(settings, inputs)).toThrow(/costs nothing along the input axis/);
});
