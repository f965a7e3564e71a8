import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../../test/bundled.ts';
import { analyse, parseSettings } from '../study.ts';
import { PartReplicator } from './partReplicator.ts';
import { columnsOf } from './replicateColumns.ts';
import { bootstrapSetUp } from './bootstrapSetUp.ts';
import { intervalsOf, summariseBootstrap } from './uncertainty.ts';
import { bootstrapReplicates } from './bootstrap.ts';
import { binsOf, thinned } from './bootstrapPart.ts';

test('the row of the study itself has the study’s energies, runtimes and thresholds: every model, every policy', () => {
  for (const [energyModel, thresholds, sets] of [
    ['grid', 'every-integer', 'sweeps'],
    ['grid', 'powers-of-two', 'sweeps'],
    ['grid', 'every-integer', 'grid'],
    ['physical', 'every-integer', 'sweeps'],
    ['linear', 'every-integer', 'grid'],
    ['paper', 'powers-of-two', 'sweeps'],
  ] as const) {
    const [small, large] = [`m1-pro.llama-2-7b.${sets}`, `swing-a100.llama-2-7b.${sets}`];
    const settings = parseSettings({
      small,
      large,
      workload: 'alpaca-gpt4',
      energyModel,
      thresholds,
      policy: 'all',
      lambda: 0.9,
    });
    const inputs = {
      small: bundledProfile(small),
      large: bundledProfile(large),
      workload: bundledWorkload('alpaca-gpt4'),
    };
    const study = analyse(settings, inputs);
    const setUp = bootstrapSetUp(settings, inputs);
    const policies = setUp.parts.flatMap((part) => {
      const work = new PartReplicator(part);
      const row = new Float64Array(work.width);
      work.writeStudy(row);
      const { columns } = columnsOf({ parts: [part], judged: 0 });
      return part.policies.map((policy, p) => {
        const search = part.searches.findIndex(({ family }) => family === policy.policy);
        const at = columns[0]!.search(search);
        return {
          policy,
          energyJ: row[columns[0]!.energy(p)]!,
          runtimeS: row[columns[0]!.runtime(p)]!,
          best: search < 0 ? undefined : [row[at]!, row[at + 1]!],
        };
      });
    });
    expect(policies.map(({ policy }) => [policy.policy, policy.axis])).toEqual(
      study.policies.map(({ policy, axis }) => [policy, axis]),
    );
    // The paper's model adds up the rails of a cell, whose published total has digits of its own.
    const digits = energyModel === 'paper' ? 5 : 9;
    study.policies.forEach((outcome, i) => {
      const { energyJ, runtimeS, best } = policies[i]!;
      expect(energyJ / outcome.energyJ, `${energyModel} ${outcome.policy}`).toBeCloseTo(1, digits);
      expect(runtimeS / outcome.runtimeS).toBeCloseTo(1, digits);
      if (best === undefined) return;
      expect(best[0]).toBe(outcome.product ?? outcome.threshold);
      if (outcome.outputThreshold !== undefined) expect(best[1]).toBe(outcome.outputThreshold);
    });
  }
});

test('the best threshold’s own interval holds the threshold of the study', () => {
  const settings = parseSettings({
    small: 'm1-pro.llama-2-7b.sweeps',
    large: 'swing-a100.llama-2-7b.sweeps',
    workload: 'alpaca-gpt4',
    energyModel: 'grid',
    thresholds: 'every-integer',
    policy: 'all',
  });
  const inputs = {
    small: bundledProfile(settings.small),
    large: bundledProfile(settings.large),
    workload: bundledWorkload('alpaca-gpt4'),
  };
  const setUp = bootstrapSetUp(settings, inputs);
  const found = summariseBootstrap(setUp, 1, bootstrapReplicates(setUp, 1, 0, 200));
  const bests = analyse(settings, inputs).policies.filter(({ threshold }) => threshold !== null);
  expect(bests).toHaveLength(4);
  for (const policy of bests) {
    const { threshold, outputThreshold, product } = intervalsOf(found, policy)!.best!;
    for (const [interval, value] of [
      [threshold, policy.threshold],
      [outputThreshold, policy.outputThreshold],
      [product, policy.product],
    ] as const) {
      expect(interval === undefined).toBe(value === undefined);
      if (interval === undefined) continue;
      expect(interval[0]).toBeLessThanOrEqual(value!);
      expect(interval[1]).toBeGreaterThanOrEqual(value!);
    }
  }
});

test('a policy that was chosen is judged in place of the best', () => {
  const inputs = {
    small: madeProfile('mac', [
      [8, 1, 1],
      [512, 900, 10],
    ]),
    large: madeProfile('gpu', [
      [8, 2, 1],
      [512, 90, 2],
    ]),
    workload: madeWorkload([
      [8, 8, 100],
      [300, 300, 100],
    ]),
  };
  const base = {
    small: 'mac',
    large: 'gpu',
    workload: 'made-up',
    energyModel: 'grid',
    policy: 'threshold-in',
    thresholds: 'every-integer',
  };
  const settings = parseSettings({ ...base, chosen: { policy: 'threshold-in', threshold: 400 } });
  const setUp = bootstrapSetUp(settings, inputs);
  const found = summariseBootstrap(setUp, 1, bootstrapReplicates(setUp, 1, 0, 50));
  expect(found.hybrid).toEqual({ policy: 'threshold-in', threshold: 400 });
  expect(found.saving95[1]).toBeLessThan(0);
  expect(found.probabilityHybridWins).toBe(0);
  const study = analyse(settings, inputs, undefined, found);
  expect(study.verdict.interval95).toEqual(found.saving95);
  expect(study.policies.map(({ interval95 }) => interval95)).toEqual(
    study.policies.map((policy) => intervalsOf(found, policy)!.saving.vsBestSingle),
  );
});

test('bins are the first threshold that a value does not exceed', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: -1, max: 50 }), { minLength: 1, maxLength: 20 }),
      fc.array(fc.integer({ min: 0, max: 60 })),
      (thresholds, values) => {
        const sorted = Float64Array.from(thresholds).sort();
        expect([...binsOf(values, sorted)]).toEqual(
          values.map((value) => {
            const at = sorted.findIndex((threshold) => value <= threshold);
            return at < 0 ? sorted.length : at;
          }),
        );
      },
    ),
  );
});

test('thresholds are thinned by rank; the ends and the one in use stay', () => {
  const many = Float64Array.from({ length: 1000 }, (_, i) => i * i);
  const few = thinned(many, 11, [49]);
  expect(few).toHaveLength(12);
  expect([few[0], few.at(-1), few.includes(49)]).toEqual([0, 999 * 999, true]);
  expect(thinned(many, 1000)).toBe(many);
});
