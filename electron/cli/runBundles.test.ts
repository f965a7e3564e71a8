import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { RunImport } from '#core/runImport';
import { openForWriting } from '../store/database.ts';
import { stored } from '../test/madeBundle.ts';
import { madeRun } from '../test/madeRun.ts';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

/** A data folder with one run in it. */
function home(run = madeRun({ state: 'done' })): { data: string; id: string } {
  const data = temporaryFolder();
  const db = openForWriting(data);
  stored(db, { run });
  db.close();
  return { data, id: run.id };
}

interface ProfileJson {
  contentHash: string;
  kind: string;
  cells: unknown[];
}

test('a run goes from one data folder to another and is the same there, to its profile’s hash', async () => {
  const { data, id } = home();
  const away = temporaryFolder();
  const file = path.join(temporaryFolder(), 'mine.crossover-run.zip');
  const exported = await runJson(['runs', 'export', id, '--out', file, '--data', data]);
  expect(exported.json).toMatchObject({ run: id, file, samples: 5000 });

  const check = await runJson<RunImport>(['runs', 'import', file, '--check', '--data', away]);
  expect(check.json).toMatchObject({ check: true, runs: [{ run: id, already: false }] });
  expect((await runJson<{ runs: unknown[] }>(['runs', 'list', '--data', away])).json.runs).toEqual([]);

  const imported = await runJson<RunImport>(['runs', 'import', file, '--data', away]);
  expect(imported.json).toMatchObject({
    runs: [{ run: id, trials: 4, samples: 5000 }],
    merged: [],
    warnings: [],
  });
  const profile = imported.json.runs[0]!.profile!;
  const [there, here] = await Promise.all(
    [away, data].map((folder) => runJson<ProfileJson>(['profiles', 'show', profile, '--data', folder])),
  );
  expect(there!.json).toEqual({ ...here!.json, kind: 'imported', likeForLike: null });
  for (const command of ['show', 'samples']) {
    const [one, other] = await Promise.all(
      [away, data].map((folder) => runJson(['runs', command, id, '--data', folder])),
    );
    expect(one!.json).toEqual(other!.json);
  }
  const again = await runCli(['runs', 'import', file, '--data', away]);
  expect(again.out).toContain('was here already');

  expect((await runJson(['runs', 'remove', id, '--data', away])).json).toEqual({ removed: id });
  expect((await runCli(['profiles', 'show', profile, '--data', away])).code).toBe(3);
});

test('a run whose program died can be exported; the file never replaces another unasked', async () => {
  const { data, id } = home(madeRun({ state: 'running' }));
  const file = path.join(temporaryFolder(), 'died.crossover-run.zip');
  expect(await runCli(['runs', 'export', id, '--out', file, '--data', data])).toMatchObject({ code: 0 });
  expect(existsSync(file)).toBe(true);
  expect((await runJson(['runs', 'show', id, '--data', data])).json['state']).toBe('interrupted');
  const again = await runJson(['runs', 'export', id, '--out', file, '--data', data]);
  expect(again.json).toMatchObject({ error: { kind: 'file-exists' } });
  expect((await runCli(['runs', 'export', id, '--out', file, '--force', '--data', data])).code).toBe(0);
});

test('profiles import takes run bundles too, and nothing else beside them', async () => {
  const { data, id } = home();
  const away = temporaryFolder();
  const file = path.join(away, 'mine.zip');
  await runCli(['runs', 'export', id, '--out', file, '--data', data]);
  const table = path.join(away, 'trials.csv');
  writeFileSync(table, 'm,n,energy_j,runtime_s\n8,32,1,1\n');
  const mixed = await runJson(['profiles', 'import', file, table, '--data', away]);
  expect(mixed).toMatchObject({ code: 3, json: { error: { kind: 'bad-setting' } } });
  const check = await runJson(['profiles', 'import', file, '--check', '--data', away]);
  expect(check.json).toMatchObject({ check: true, runs: [{ run: id }] });
  const { json } = await runJson<RunImport>(['profiles', 'import', file, '--data', away]);
  expect(json.runs[0]).toMatchObject({ run: id, already: false, profile: expect.any(String) as string });
});

test('unknown runs and what is no bundle end with 3', async () => {
  const { data, id } = home();
  const unknown = await runJson(['runs', 'export', `${id}x`, '--data', data]);
  expect(unknown).toMatchObject({ code: 3, json: { error: { kind: 'unknown-run' } } });
  const none = await runJson(['runs', 'import', path.join(data, 'crossover.db'), '--data', data]);
  expect(none).toMatchObject({ code: 3, json: { error: { kind: 'bad-bundle' } } });
});

test.each([
  [['--shard', '3'], 'bad-setting', 'is no shard of a sweep'],
  [['--shard', '4/3'], 'bad-setting', 'is no shard of a sweep'],
  [['--shard', '1/50', '--sweep', '8,8 16,16'], 'bad-setting', '2 different cells'],
  [['--run', 'Not An Id'], 'bad-setting', 'cannot be the id of a run'],
  [['--run', 'a', '--resume', 'b'], 'wrong-usage', 'Both --run and --resume'],
])('measure %s is refused before anything is started', async (flags, kind, words) => {
  const { json } = await runJson<{ error: { kind: string; message: string } }>([
    ...['measure', '--data', temporaryFolder()],
    ...flags,
  ]);
  expect(json.error.kind).toBe(kind);
  expect(json.error.message).toContain(words);
});
