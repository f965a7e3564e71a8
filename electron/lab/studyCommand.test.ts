import { expect, test } from 'vitest';
import { settingsSchema } from '#core/study';
import { studyCommand } from './studyCommand.ts';

const chosen = { small: 'a', large: 'b', workload: 'w', bootstrap: 1000, seed: 1 };

test('a study with default settings names its pair and its workload', () => {
  expect(studyCommand(settingsSchema.parse(chosen))).toBe(
    'crossover analyze --small a --large b --workload w',
  );
});

test('every setting that is not at its default is named', () => {
  const settings = settingsSchema.parse({
    ...chosen,
    policy: 'all',
    lambda: 0.5,
    cost: 'normalised',
    boundary: 'gpu',
    thresholds: 'every-integer',
    minSaving: 0.05,
    bootstrap: 200,
    seed: 7,
  });
  expect(studyCommand(settings)).toBe(
    'crossover analyze --small a --large b --workload w --model paper --policy all --lambda 0.5 --cost normalised ' +
      '--boundary gpu --thresholds every-integer --min-saving 0.05 --bootstrap 200 --seed 7',
  );
});

test('a study without intervals says so, and has no seed', () => {
  expect(studyCommand(settingsSchema.parse({ ...chosen, bootstrap: 0, seed: 9 }))).toBe(
    'crossover analyze --small a --large b --workload w --bootstrap 0',
  );
  const old = settingsSchema.parse({ small: 'a', large: 'b', workload: 'w' });
  expect(studyCommand(old)).toMatch(/--bootstrap 0$/);
});
