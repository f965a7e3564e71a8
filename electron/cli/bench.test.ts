import { expect, test } from 'vitest';
import { runCli, runJson } from '../test/runCli.ts';
import type { Benches } from './command.ts';

const never = new AbortController().signal;

/** Benches that find what they were asked for. */
function madeBenches(): Benches {
  return {
    names: ['launch', 'slider'],
    run: (names, started) => {
      for (const name of names) started(name);
      const result = (name: string): { title: string; conditions: string; measures: [] } => ({
        title: name,
        conditions: 'made',
        measures: [],
      });
      return Promise.resolve({
        machine: 'a machine',
        results: Object.fromEntries(names.map((name) => [name, result(name)])),
      });
    },
    text: ({ machine, results }) => `${Object.keys(results).join(' ')} on ${machine}\n`,
  };
}

test('bench runs those that are named, and answers with their figures', async () => {
  const tools = { benches: madeBenches() };
  expect(await runCli(['bench', 'slider'], never, tools)).toEqual({
    code: 0,
    out: 'slider on a machine\n',
    err: 'measuring slider …\n',
  });
  const { code, out } = await runCli(['bench', 'launch', 'slider', '--json'], never, tools);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual({
    machine: 'a machine',
    results: {
      launch: { title: 'launch', conditions: 'made', measures: [] },
      slider: { title: 'slider', conditions: 'made', measures: [] },
    },
  });
});

test('a bench that is not there is refused with those that are', async () => {
  const { code, out } = await runCli(['bench', 'speed', '--json'], never, { benches: madeBenches() });
  expect(code).toBe(2);
  expect(JSON.parse(out)).toEqual({
    error: {
      kind: 'wrong-usage',
      message: 'There is no bench speed. Nothing was measured.',
      hint: 'Choose from: launch, slider.',
    },
  });
});

test('without the source there are none, and that is said', async () => {
  const { code, json } = await runJson(['bench']);
  expect(code).toBe(4);
  expect(json).toMatchObject({ error: { kind: 'missing' } });
});
