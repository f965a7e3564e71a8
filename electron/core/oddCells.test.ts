import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bundledProfile, bundledProfiles, bundledWorkload, madeProfile } from '../test/bundled.ts';
import { oddCells, oddPoints, type OddPoint } from './oddCells.ts';
import { analyse, parseSettings } from './study.ts';

test('of all bundled profiles two cells are far off, and no good one is', () => {
  const found = bundledProfiles.flatMap((profile) =>
    oddCells(profile).map(({ cell: { m, n }, reasons }) => [profile.id, m, n, ...reasons]),
  );
  expect(found).toEqual([
    [
      'm1-pro.llama-2-7b.grid',
      21,
      1,
      'Its GPU energy is 0.78% of the whole, where 91.2% is usual.',
      'Its GPU energy of 0.00793 J is 1/209 of what its neighbours suggest, 1.66 J.',
    ],
    // The first query of a run of single trials: longer than the one with twice as many output tokens.
    [
      'swing-a100.llama-2-13b.grid',
      8,
      8,
      'Its runtime of 2.31 s is 7.6 times what its neighbours suggest, 0.304 s.',
    ],
  ]);
});

const LENGTHS = [8, 16, 32, 64, 128, 256, 512, 1024];
/** A power law that bends, with a tenth of scatter. */
const law = (length: number, noise: number): number => (20 + 3 * length ** 1.2) * Math.exp(0.1 * noise);
const noises = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 64, maxLength: 64 });
const sweepOf = (noise: readonly number[]): OddPoint[] =>
  [...LENGTHS, 2048, 4096].map((m, i) => ({
    m,
    n: 32,
    sweep: 'input',
    value: law(m, noise[i]!),
    doubted: false,
  }));
const gridOf = (noise: readonly number[]): OddPoint[] =>
  LENGTHS.flatMap((m, i) =>
    LENGTHS.map((n, k) => ({ m, n, value: law(m, noise[8 * i + k]!) * n, doubted: false })),
  );

test('cells that scatter are no odd cells', () => {
  fc.assert(
    fc.property(noises, fc.constantFrom(sweepOf, gridOf), (noise, of) => {
      expect(oddPoints(of(noise))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('of a sweep or a grid the one cell that is off is found, and its neighbours are not', () => {
  fc.assert(
    fc.property(
      noises,
      fc.constantFrom(sweepOf, gridOf),
      fc.nat(63),
      fc.constantFrom(0.005, 0.02, 50, 200),
      (noise, of, which, factor) => {
        // Half the scatter: at the end of a sweep that scatters by more, one cell in fifty times the law can be missed.
        const points = of(noise.map((each) => each / 2));
        const index = which % points.length;
        const found = oddPoints(
          points.map((point, i) => (i === index ? { ...point, value: factor * point.value } : point)),
        );
        expect(found.map((odd) => odd.index)).toEqual([index]);
        expect(Math.abs(Math.log(found[0]!.found / found[0]!.usual / factor))).toBeLessThan(1.5);
      },
    ),
    { numRuns: 200 },
  );
});

test('a cell in doubt already, and too few cells, are not told of', () => {
  const points = sweepOf(Array.from({ length: 64 }, () => 0)).with(3, {
    m: 64,
    n: 32,
    sweep: 'input',
    value: 1e9,
    doubted: false,
  });
  expect(oddPoints(points)).toHaveLength(1);
  expect(oddPoints(points.map((point) => ({ ...point, doubted: point.value === 1e9 })))).toEqual([]);
  expect(oddPoints(points.slice(0, 7))).toEqual([]);
  expect(
    oddCells(
      madeProfile('mac', [
        [8, 1, 1],
        [16, 1e6, 1],
      ]),
    ),
  ).toEqual([]);
});

test('a study that rests on such a cell warns of it, with what the model would foretell without it', () => {
  const inputs = {
    small: bundledProfile('m1-pro.llama-2-7b.grid'),
    large: bundledProfile('swing-a100.llama-2-7b.grid'),
    workload: bundledWorkload('gsm8k'),
  };
  const odd = (): string[] =>
    analyse(
      parseSettings({
        small: inputs.small.id,
        large: inputs.large.id,
        workload: 'gsm8k',
        energyModel: 'physical',
        boundary: 'like-for-like',
      }),
      inputs,
    )
      .assumptions.filter(({ short }) => short === '1 odd cell')
      .map(({ message }) => message);
  const [message, ...more] = odd();
  expect(more).toEqual([]);
  expect(message).toContain('(21, 1): Its counted energy is 0.78% of the whole');
  expect(message).toMatch(/With it the physical model foretells .* in the mean, without it \d/);
  expect(message).toContain('used all the same');
});

test('a point that no law speaks of any more is no sign that one is odd', () => {
  // m·n, two of them a hundred times that: without (8, 8) or (128, 16) others can no longer be judged.
  const lengths: readonly (readonly [number, number])[] = [
    [8, 8],
    [16, 16],
    [16, 32],
    [16, 64],
    [32, 8],
    [32, 128],
    [64, 16],
    [64, 64],
    [128, 8],
    [128, 16],
    [128, 256],
    [256, 16],
    [256, 512],
    [512, 8],
    [512, 128],
    [512, 512],
  ];
  const points = lengths.map(([m, n], i) => ({
    ...{ m, n, doubted: false },
    value: m * n * (i === 3 || i === 6 ? 100 : 1),
  }));
  expect(oddPoints(points).map(({ index }) => index)).toEqual([6, 3]);
});
