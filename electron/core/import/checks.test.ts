import { describe, expect, test } from 'vitest';
import { bundledProfiles } from '../../test/bundled.ts';
import { madeReading, madeRow, madeRows } from '../../test/madeReading.ts';
import { diagnose } from './doctor.ts';
import type { Diagnosis } from './diagnosis.ts';
import type { Observation, Reading } from './observation.ts';
import type { ImportOptions } from './options.ts';

/** Sound rows of which one thing is not known. */
function without(key: keyof Observation): Observation[] {
  return madeRows(3).map(
    (row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => name !== key)) as unknown as Observation,
  );
}

function diagnosed(reading: Reading, options: ImportOptions = {}): Diagnosis {
  return diagnose([reading], options, { stored: bundledProfiles });
}

const SOUND = madeReading(madeRows(3));

/** Each finding: a source in which it has to come, and one like it in which it may not. */
const FINDINGS: readonly (readonly [
  kind: string,
  level: 'error' | 'warning' | 'note',
  fires: readonly [Reading, ImportOptions?],
  not: readonly [Reading, ImportOptions?],
  message: RegExp,
])[] = [
  [
    'unit-slip',
    'error',
    [madeReading(madeRows(3, { energyJ: { gpu: 200_000 } }))],
    [SOUND],
    /200,000 W, and 1 × A100 can draw 400 W\. "Energy" is read as J and is 1,000 times too large: the column is probably in mJ\./,
  ],
  [
    'unit-slip',
    'error',
    [madeReading(madeRows(3, { energyJ: { gpu: 0.2 } }))],
    [madeReading(madeRows(3, { energyJ: { gpu: 30 } }))],
    /less than 1 × A100 draw idle\. "Energy" is read as J and is 1,000 times too small: the column is probably in kJ/,
  ],
  [
    'unit-slip',
    'error',
    [madeReading(madeRows(3, { runtimeS: 4000, energyJ: { gpu: 800 } }))],
    [madeReading(madeRows(3, { runtimeS: 4, energyJ: { gpu: 800 } }))],
    /"Runtime" is read as s and is 1,000 times too large: the column is probably in ms/,
  ],
  [
    'above-rated',
    'error',
    [madeReading(madeRows(3, { energyJ: { gpu: 2000 } }))],
    [madeReading(madeRows(3, { energyJ: { gpu: 2000 } })), { gpus: 8 }],
    /2,000 W, and 1 × A100 can draw 400 W/,
  ],
  [
    'above-rated',
    'warning',
    [madeReading([...madeRows(5), madeRow({ energyJ: { gpu: 900 } }, 9)])],
    [madeReading([...madeRows(5), madeRow({ energyJ: { gpu: 430 } }, 9)])],
    /^1 row of 6 would have drawn more GPU power than 1 × A100 can \(400 W\)/,
  ],
  [
    'above-rated',
    'error',
    [SOUND, { ratedW: 50 }],
    [SOUND, { ratedW: 250 }],
    /the hardware as stated can draw 50 W/,
  ],
  [
    'below-idle',
    'warning',
    [madeReading(madeRows(3, { energyJ: { gpu: 10 } }))],
    [madeReading(madeRows(3, { energyJ: { gpu: 25 } }))],
    /10 W, less than 1 × A100 draw idle/,
  ],
  [
    'time-per-token',
    'warning',
    [madeReading(madeRows(3, { n: 2, runtimeS: 1000, energyJ: { gpu: 200_000 } }))],
    [madeReading(madeRows(3, { n: 2, runtimeS: 100, energyJ: { gpu: 20_000 } }))],
    /500 s for each output token, longer than any engine needs/,
  ],
  [
    'batch',
    'warning',
    [madeReading(madeRows(3, { batch: 32 }), { kvCache: true, singlePrompts: true })],
    [madeReading(madeRows(3, { batch: 1 }), { kvCache: true, singlePrompts: true })],
    /^The batch size says 32 for single prompts: each row is one query, so its energy is not divided\./,
  ],
  [
    'batch',
    'warning',
    [madeReading(madeRows(3, { batch: 4 }))],
    [madeReading(madeRows(3, { batch: 4 })), { batch: 'divide' }],
    /taken as that of the whole batch, and divided by it/,
  ],
  [
    'batch',
    'warning',
    [madeReading(madeRows(3, { batch: 32, energyJ: { gpu: 6 } }))],
    [madeReading(madeRows(3, { batch: 32 }), { kvCache: true, energyPer: 'query' })],
    /too small for a whole batch, so it is taken as that of one query/,
  ],
  [
    'token-sum',
    'warning',
    [madeReading([...madeRows(2, { totalTokens: 40 }), madeRow({ totalTokens: 30 }, 9)])],
    [madeReading(madeRows(3, { totalTokens: 40 }))],
    /^In 1 of 3 rows the total is not input plus output tokens \(8 \+ 32, the total says 30\)/,
  ],
  [
    'output-limit',
    'warning',
    [madeReading([...madeRows(2, { askedN: 32 }), madeRow({ n: 30, askedN: 32 }, 9)])],
    [madeReading(madeRows(3, { askedN: 32 }))],
    /^In 1 of 3 rows other output tokens came than were asked for/,
  ],
  [
    'negative',
    'warning',
    [madeReading([...madeRows(3), madeRow({ energyJ: { gpu: -5 } }, 9)])],
    [SOUND],
    /^1 row has a negative energy/,
  ],
  [
    'non-finite',
    'warning',
    [madeReading([...madeRows(3), madeRow({ runtimeS: Infinity }, 9)])],
    [SOUND],
    /^1 row has a number that is not finite/,
  ],
  [
    'coverage',
    'warning',
    [madeReading([...madeRows(3), madeRow({ coverage: 0.425 }, 9)])],
    [madeReading(madeRows(3, { coverage: 0.96 }))],
    /less than 95% of the time of 1 row \(the least 43%\)/,
  ],
  [
    'duplicates',
    'warning',
    [
      madeReading([
        ...madeRows(3),
        madeRow({}, 2),
        madeRow({ energyJ: { gpu: 123.456 }, runtimeS: 1.23456 }, 8),
        madeRow({ energyJ: { gpu: 123.456 }, runtimeS: 1.23456 }, 9),
      ]),
    ],
    [
      madeReading(
        madeRows(3, { energyJ: { gpu: 200 } }).map((row) => ({ ...row, energyJ: { gpu: 200 }, runtimeS: 1 })),
      ),
    ],
    /^1 row is a copy of others to the last digit/,
  ],
  ['few-trials', 'warning', [madeReading(madeRows(2))], [SOUND], /^1 of 1 cells has fewer than 3 trials/],
  [
    'warm-up',
    'warning',
    [madeReading([8, 16].flatMap((m) => [madeRow({ m, runtimeS: 3 }, 100 + m), ...madeRows(3, { m }, m)]))],
    [madeReading([8, 16].flatMap((m) => madeRows(4, { m }, m)))],
    /^In 2 cells the first row takes far longer/,
  ],
  [
    'mixed-systems',
    'error',
    [madeReading([...madeRows(3), madeRow({ system: 'H100' }, 9)])],
    [madeReading([...madeRows(3), madeRow({ system: 'H100' }, 9)]), { onlySystem: 'a100 of mine' }],
    /^The files mix 2 systems: A100 of mine, H100\. A profile is of one\.$/,
  ],
  [
    'mixed-models',
    'error',
    [madeReading([...madeRows(3), madeRow({ model: 'Mistral 7B' }, 9)])],
    [madeReading([...madeRows(3), madeRow({ model: 'Mistral 7B' }, 9)]), { onlyModel: 'Falcon 7B' }],
    /^The files mix 2 models/,
  ],
  [
    'unknown-system',
    'error',
    [SOUND, { onlySystem: 'H100' }],
    [SOUND, { onlySystem: 'A100 of mine' }],
    /^No row is of the system "H100"\.$/,
  ],
  [
    'mixed-gpus',
    'warning',
    [madeReading([...madeRows(3, { gpus: 1 }), ...madeRows(3, { gpus: 2 }, 5)])],
    [madeReading(madeRows(3, { gpus: 2 }))],
    /^The rows have 1 and 2 GPUs/,
  ],
  [
    'modelled',
    'warning',
    [madeReading(madeRows(3), { kvCache: true, energyIs: 'modelled' })],
    [madeReading(madeRows(3), { kvCache: true, energyIs: 'measured' })],
    /^The energy was not measured per query/,
  ],
  [
    'estimate',
    'warning',
    [madeReading(madeRows(3), { kvCache: true, energyIs: 'estimated' })],
    [SOUND],
    /^The energy is an estimate of the source/,
  ],
  ['kv-cache', 'warning', [madeReading(madeRows(3), {})], [SOUND], /taken as on/],
  [
    'rails',
    'note',
    [SOUND],
    [madeReading(madeRows(3, { energyJ: { cpu: 20, gpu: 200 } }))],
    /^It has the energy of GPU; .* has CPU and GPU\. A comparison counts GPU/,
  ],
  [
    'rails',
    'warning',
    [madeReading(madeRows(3, { energyJ: { wall: 300 } }))],
    [madeReading(madeRows(3, { energyJ: { cpu: 20, gpu: 200 } }))],
    /They share none/,
  ],
  [
    'no-system',
    'error',
    [madeReading(without('system'))],
    [madeReading(without('system')), { system: 'A100' }],
    /on which system/,
  ],
  [
    'no-model',
    'error',
    [madeReading(without('model'))],
    [madeReading(without('model')), { model: 'X' }],
    /which model ran/,
  ],
  ['no-tokens', 'error', [madeReading(without('n'))], [SOUND], /^No row tells its output tokens/],
  [
    'no-energy',
    'error',
    [madeReading(madeRows(3).map((row) => ({ ...row, energyJ: {} })))],
    [SOUND],
    /^No row has an energy/,
  ],
  ['no-runtime', 'error', [madeReading(without('runtimeS'))], [SOUND], /^No row has a runtime/],
  ['no-rows', 'error', [madeReading([])], [SOUND], /^The files have no row/],
  [
    'no-queries',
    'error',
    [madeReading(madeRows(3)), { phase: 'decode' }],
    [madeReading(madeRows(3).map((row, i) => (i === 0 ? { ...row, m: 0 } : row)))],
    /^None of 3 rows counts as a query/,
  ],
  [
    'idle',
    'error',
    [SOUND, { idle: 'subtract' }],
    [SOUND, { idle: 'gross' }],
    /^The idle energy was to be taken away, but/,
  ],
  [
    'idle',
    'warning',
    [SOUND, { idle: 'subtract', idleW: { gpu: 50 } }],
    [SOUND],
    /^The idle energy of GPU was taken away/,
  ],
  ['idle', 'note', [SOUND, { idleW: { gpu: 50 } }], [SOUND], /^The energies are gross/],
  [
    'model-name',
    'note',
    [madeReading(madeRows(3, { model: 'tiiuae/falcon-7b-instruct' }))],
    [SOUND],
    /is taken as Falcon 7B/,
  ],
  [
    'design',
    'error',
    [SOUND, { design: 'sweeps' }],
    [SOUND, { design: 'cells' }],
    /^The cells are no two sweeps/,
  ],
];

/** Rows without a phase are of none, so that a phase that is asked for drops no row of theirs. */
const inPhase = (reading: Reading): Reading => ({
  ...reading,
  observations: reading.observations.map((row) => ({ ...row, phase: 'prefill' })),
});

describe('each finding comes where it has to, and only there', () => {
  test.each(FINDINGS)('%s (%s)', (kind, level, fires, not, message) => {
    const given = kind === 'no-queries' ? inPhase(fires[0]) : fires[0];
    const found = diagnosed(given, fires[1]).findings.filter(
      (each) => each.kind === kind && each.level === level,
    );
    expect(found.map((each) => each.message)).toEqual([expect.stringMatching(message)]);
    expect(found[0]!.message).toMatch(/\S\.$/);
    if (level !== 'note') expect(found[0]!.todo).toMatch(/\S\.$/);
    const without = diagnosed(not[0], not[1]).findings;
    expect(without.filter((each) => each.kind === kind && each.level === level)).toEqual([]);
  });
});

test('a sound source has nothing to be said but what a comparison would count', () => {
  const { findings, profile } = diagnosed(madeReading(madeRows(3, { energyJ: { cpu: 20, gpu: 200 } })));
  expect(findings).toEqual([]);
  expect(profile).not.toBeNull();
});

test('an error stands in the way, a warning does not', () => {
  expect(diagnosed(madeReading(madeRows(3, { energyJ: { gpu: 200_000 } }))).profile).toBeNull();
  expect(diagnosed(madeReading(madeRows(2))).profile).not.toBeNull();
});
