import { expect, test } from 'vitest';
import { labErrorOf } from '../../test/thrown.ts';
import { parseWorkload } from '../workload.ts';
import { freeId, idOfWorkload, makeWorkload, nameOfWorkload } from './makeWorkload.ts';

test.each([
  ['trace.csv', 'trace'],
  ['trace.csv.gz', 'trace'],
  ['My Prompts (v2).jsonl', 'My Prompts (v2)'],
  ['.csv', 'Imported workload'],
])('%s is called %s', (file, name) => {
  expect(nameOfWorkload({}, [file])).toBe(name);
  expect(nameOfWorkload({}, [file, 'b.csv', 'c.csv'])).toBe(`${name} and 2 more`);
  expect(nameOfWorkload({ name: 'Mine' }, [file])).toBe('Mine');
});

test.each([
  ['trace', 'trace'],
  ['My Prompts (v2)', 'my-prompts-v2'],
  ['Übung 1.5', 'u-bung-1.5'],
  ['東京', 'workload'],
  ['--x--', 'x'],
])('%s has the id %s', (name, id) => expect(idOfWorkload({}, name)).toBe(id));

test('an id that is none is refused', () => {
  expect(idOfWorkload({ id: 'my-trace' }, 'x')).toBe('my-trace');
  expect(labErrorOf(() => idOfWorkload({ id: 'My trace' }, 'x')).kind).toBe('bad-setting');
});

test('a taken id gets a number', () => {
  expect(freeId('a', (id) => ['a', 'a-2'].includes(id))).toBe('a-3');
});

test('what is made is a workload', () => {
  const made = makeWorkload(
    { files: ['/secret/folder/trace.csv'] },
    {
      pairs: [[1, 2, 3]],
      modelled: false,
      tokenizer: null,
      note: 'Token counts as in the file (m, n).',
      arrivals: { queries: 3, spanS: 5, ratePerS: 0.4, peakPerMinute: 3, gapCv: 1, startsAt: null },
      provenance: {
        files: [{ name: 'trace.csv', bytes: 10, sha256: 'ab' }],
        format: 'joint',
        columns: [{ name: 'm', role: 'input' }],
        rows: 1,
        dropped: [],
        warnings: [],
      },
    },
  );
  expect(parseWorkload(JSON.parse(JSON.stringify(made)), 'made')).toEqual(made);
  expect(made).toMatchObject({
    id: 'trace',
    name: 'trace',
    licence: 'not stated',
    source: 'Imported from trace.csv',
    upstream: 'trace.csv, SHA-256 ab',
  });
  expect(JSON.stringify(made)).not.toContain('secret');
});
