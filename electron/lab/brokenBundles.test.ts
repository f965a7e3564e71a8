/** Bundles that are not whole and sound: each is refused, and nothing of it is kept. */
import { strToU8, zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { MANIFEST } from '#core/runBundle';
import { randomOf, shuffled } from '#core/sweep';
import { makeRunBundle } from '../store/runBundle/write.ts';
import { listRuns } from '../store/runs.ts';
import {
  contentOf,
  edit,
  everything,
  flip,
  forged,
  fresh,
  rowsIn,
  saved,
  stored,
  TRIALS,
} from '../test/madeBundle.ts';
import { steadySamples } from '../test/madeSamples.ts';
import { labErrorOf } from '../test/thrown.ts';
import { importRunBundles } from './runBundles.ts';

const BROKEN: [string, () => Uint8Array, string][] = [
  [
    'a wrong checksum of the trials',
    () => forged(flip('trials.jsonl', 30), { honest: false }),
    'the checksum of trials.jsonl is wrong',
  ],
  ['a wrong checksum of the samples', () => forged(flip('samples.bin', -1), { honest: false }), 'samples'],
  [
    'a missing entry',
    () => forged((entries) => delete entries['events.jsonl'], { honest: false }),
    '"samples.bin" stands where events.jsonl belongs',
  ],
  [
    'no samples',
    () =>
      forged(
        (entries) => {
          delete entries['samples.bin'];
          delete entries['profile.json'];
        },
        { honest: false },
      ),
    'samples.bin is missing',
  ],
  [
    'an entry too many',
    () => forged((entries) => (entries['../../evil.sh'] = strToU8('x'))),
    'holds "../../evil.sh", which its manifest does not name',
  ],
  [
    'entries in another order',
    () =>
      forged((entries) => {
        const run = entries['run.json']!;
        delete entries['run.json'];
        entries['run.json'] = run;
      }),
    '"trials.jsonl" stands where run.json belongs',
  ],
  [
    'another run in the manifest',
    () => forged(() => {}, { manifest: (text) => (text.run = 'run-other') }),
    'its run is not that of its manifest',
  ],
  [
    'another content in the manifest',
    () => forged(edit('run.json', (text) => text.replace('"seed":7', '"seed":8'))),
    'its content is not that of its manifest',
  ],
  [
    'a manifest of a later version',
    () => forged(() => {}, { manifest: (text) => Object.assign(text, { version: 2 }) }),
    'version',
  ],
  ['a run that is none', () => forged(edit('run.json', () => '{"id":"x"}')), 'run.json: '],
  [
    'a trial that is none',
    () =>
      forged(
        edit('trials.jsonl', (text) => text.replace('"m":8', '"m":-8')),
        { manifest: contentOf },
      ),
    'trials.jsonl: m',
  ],
  [
    'trials that are no JSON',
    () =>
      forged(
        edit('trials.jsonl', (text) => text.slice(0, 40)),
        { manifest: contentOf },
      ),
    'trials.jsonl is not readable',
  ],
  [
    'a trial twice',
    () =>
      forged(
        edit('trials.jsonl', (text) => text + text),
        { manifest: contentOf },
      ),
    'not numbered through',
  ],
  [
    'fewer samples than it says',
    () => forged(() => {}, { manifest: (text) => (text.samples = 4999) }),
    'it has 5000 samples and not 4999',
  ],
  [
    'samples that are cut',
    () =>
      forged((entries) => (entries['samples.bin'] = entries['samples.bin']!.slice(0, -3)), {
        manifest: contentOf,
      }),
    'its samples are cut',
  ],
  [
    'samples in the wrong order',
    () =>
      forged((entries) => (entries['samples.bin'] = swapped(entries['samples.bin']!)), {
        manifest: contentOf,
      }),
    'not in the order of time',
  ],
  [
    'samples with a column unknown here',
    () =>
      forged((entries) => (entries['samples.bin'] = withCode(entries['samples.bin']!, 99)), {
        manifest: contentOf,
      }),
    'not what Crossover writes',
  ],
  [
    'an entry longer than it says',
    () => forged((entries) => (entries['events.jsonl'] = new Uint8Array(1_000_000)), { honest: false }),
    'events.jsonl is longer than',
  ],
  ['no manifest', () => zipSync({ 'run.json': strToU8('{}') }), 'does not begin with crossover-run.json'],
  [
    'a manifest without end',
    () => zipSync({ [MANIFEST]: new Uint8Array(500_000) }),
    'crossover-run.json is too long',
  ],
  ['nothing', () => new Uint8Array(), 'does not begin with crossover-run.json'],
  ['no zip', () => strToU8('m,n,energy\n8,32,1\n'), 'does not begin with crossover-run.json'],
];

test.each(BROKEN)('a bundle with %s is refused whole, and says why', (_, make, reason) => {
  const db = fresh();
  const before = rowsIn(db);
  const error = labErrorOf(() => importRunBundles(db, [saved(make())]));
  expect(error.kind).toBe('bad-bundle');
  expect(error.message).toContain(reason);
  expect(error.message).toMatch(/^run\.crossover-run\.zip cannot be imported: .*\. Nothing was imported\.$/s);
  expect(rowsIn(db)).toEqual(before);
  db.close();
});

test('a zip bomb is refused at its first piece, whether its manifest calls it short or allows it', () => {
  const bomb = new Uint8Array(48 * 1024 * 1024);
  const reason = (honest: boolean): string => {
    const manifest = honest ? contentOf : undefined;
    const bytes = forged((entries) => (entries['samples.bin'] = bomb), { honest, manifest });
    expect(bytes.length).toBeLessThan(100_000);
    const db = fresh();
    const error = labErrorOf(() => importRunBundles(db, [saved(bytes)]));
    expect(error.kind).toBe('bad-bundle');
    expect(listRuns(db)).toEqual([]);
    db.close();
    return error.message;
  };
  expect(reason(false)).toContain('samples.bin is longer than the');
  expect(reason(true)).toContain('its samples are not readable');
  const claims = forged(() => {}, { manifest: (text) => (text.entries[3]!.bytes = 2 ** 50) });
  expect(labErrorOf(() => importRunBundles(fresh(), [saved(claims)])).message).toContain(
    'longer than anything',
  );
});

test('wherever a bundle is cut or a byte of it is changed, it is refused, or what it says is unchanged', () => {
  const home = fresh();
  const run = stored(home, { samples: steadySamples(600), trials: TRIALS.slice(0, 2) });
  const { bytes } = makeRunBundle(home, run.id)!;
  const expected = everything(home, run.id);
  const places = shuffled(
    Array.from({ length: bytes.length }, (_, i) => i),
    randomOf(11),
  ).slice(0, 60);
  let refused = 0;
  const db = fresh();
  const attempt = (changed: Uint8Array): void => {
    const file = saved(changed);
    try {
      importRunBundles(db, [file]);
    } catch (thrown) {
      expect(
        labErrorOf(() => {
          throw thrown;
        }).kind,
      ).toBe('bad-bundle');
      expect(listRuns(db)).toEqual([]);
      refused += 1;
      return;
    }
    expect(everything(db, run.id)).toEqual(expected);
    db.exec('DELETE FROM run');
  };
  for (const at of places) {
    attempt(bytes.slice(0, at));
    const changed = bytes.slice();
    changed[at]! ^= 1 << (at % 8);
    attempt(changed);
  }
  expect(refused).toBeGreaterThan(places.length);
});

/** The first two pieces of samples the other way round. */
function swapped(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes);
  const first = 4 + view.readUInt32LE(0);
  const second = 4 + view.readUInt32LE(first);
  return Buffer.concat([
    view.subarray(first, first + second),
    view.subarray(0, first),
    view.subarray(first + second),
  ]);
}

/** The last column's code changed to one that no version wrote. */
function withCode(bytes: Uint8Array, code: number): Uint8Array {
  const changed = Buffer.from(bytes);
  changed[4 + 8] = code;
  return changed;
}
