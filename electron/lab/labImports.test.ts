import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { diagnosisSchema } from '#core/import/diagnosis';
import { openLab, type Lab } from '../lab.ts';
import { plistStream } from '../meters/fixtures/powermetrics.ts';
import { madeProfile } from '../test/bundled.ts';
import { paperTableText } from '../test/importFixtures.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { labErrorOf } from '../test/thrown.ts';

function fresh(): { lab: Lab; file: (content: string | Uint8Array, name?: string) => string } {
  const folder = temporaryFolder();
  const lab = openLab({ dataFolder: path.join(folder, 'lab'), program: 'command line', version: '0.0.0' });
  return {
    lab,
    file: (content, name = 'trials.csv') => {
      const at = path.join(folder, name);
      writeFileSync(at, content);
      return at;
    },
  };
}

test('a check writes nothing, an import stores, and undoing leaves nothing', async () => {
  const { lab, file } = fresh();
  const files = [file(paperTableText())];
  const before = lab.listProfiles();
  const diagnosis = await lab.imports.check(files, {});
  expect(diagnosisSchema.parse(diagnosis)).toEqual(diagnosis);
  expect(diagnosis).toMatchObject({
    format: 'paper-table',
    system: 'made A100',
    model: 'falcon-7b',
    rails: ['cpu', 'gpu'],
    cells: [
      { m: 8, n: 32, trials: 3, energyJ: { gpu: 132 }, runtimeS: 1.02 },
      { m: 16, n: 32, trials: 3, energyJ: { gpu: 212 }, runtimeS: 1.02 },
    ],
  });
  expect(lab.listProfiles()).toEqual(before);

  const accepted = await lab.imports.accept(files, {});
  expect(accepted.state).toBe('new');
  expect(lab.showProfile(accepted.profile)).toMatchObject({
    kind: 'imported',
    profile: JSON.parse(JSON.stringify(diagnosis.profile)) as object,
  });
  expect(lab.imports.of(accepted.profile)).toEqual(accepted.import);
  expect(lab.imports.list()).toEqual([accepted.import]);

  lab.imports.remove(accepted.profile);
  expect(lab.listProfiles()).toEqual(before);
  expect(lab.imports.list()).toEqual([]);
  lab.close();
});

test('the same import again is the same, another of the same file asks', async () => {
  const { lab, file } = fresh();
  const files = [file(paperTableText())];
  const first = await lab.imports.accept(files, {});
  expect(await lab.imports.accept(files, {})).toEqual({ ...first, state: 'same' });
  await expect(lab.imports.accept(files, { kvCache: true })).rejects.toMatchObject({
    kind: 'bad-profile',
    hint: expect.stringContaining('--replace') as string,
  });
  expect(await lab.imports.accept(files, { kvCache: true }, { replace: true })).toMatchObject({
    profile: first.profile,
    state: 'replaced',
  });
  expect(await lab.imports.accept(files, { id: 'other.id' })).toMatchObject({
    profile: 'other.id',
    state: 'new',
  });
  lab.close();
});

test('five gigabytes that are no text are refused by their beginning, and property lists are not', async () => {
  const { lab, file } = fresh();
  const huge = file('m,n,energy_j,runtime_s\n8,32,100,1\n', 'huge.csv');
  // Sparse: it takes no room on the disk.
  truncateSync(huge, 5 * 2 ** 30);
  const told: number[] = [];
  const refused = lab.imports.check([huge], {}, { progress: (fraction) => told.push(fraction) });
  await expect(refused).rejects.toMatchObject({
    kind: 'bad-profile',
    message: expect.stringContaining('huge.csv is not text') as string,
  });
  expect(told).toEqual([]);
  const lists = file(plistStream(3, { cpuMw: 5000 }), 'power.plist');
  await expect(lab.imports.check([lists], {})).rejects.toMatchObject({
    message: expect.stringContaining('is a power log') as string,
  });
  lab.close();
});

test('what stands in the way is said, and nothing is stored', async () => {
  const { lab, file } = fresh();
  const files = [file('m,n,energy_j,runtime_s\n8,8,50,1\n')];
  await expect(lab.imports.accept(files, {})).rejects.toMatchObject({
    kind: 'bad-profile',
    message: expect.stringContaining('trials.csv cannot be imported as it is') as string,
  });
  await expect(lab.imports.check(files, { gpus: -1 })).rejects.toMatchObject({ kind: 'bad-setting' });
  await expect(lab.imports.check([], {})).rejects.toMatchObject({ kind: 'bad-setting' });
  await expect(lab.imports.check([files[0]!, files[0]!], {})).rejects.toMatchObject({ kind: 'bad-profile' });
  expect(lab.imports.list()).toEqual([]);
  lab.close();
});

test('a correction of the columns is remembered for the next table with the same ones', async () => {
  const { lab, file } = fresh();
  const text = (value: number): string =>
    `in,out,stromverbrauch,dauer\n${[1, 2, 3].map((i) => `8,8,${(value + i) * 1000},1.5${i}\n`).join('')}`;
  const names = { system: 'A100 of mine', model: 'Falcon 7B', kvCache: true };
  const columns = {
    in: { role: 'input-tokens' },
    out: { role: 'output-tokens' },
    stromverbrauch: { role: 'energy', unit: 'mJ', rail: 'gpu' },
    dauer: { role: 'runtime', unit: 's' },
  } as const;
  const first = [file(text(200), 'first.csv')];
  expect((await lab.imports.check(first, names)).profile).toBeNull();
  const accepted = await lab.imports.accept(first, { ...names, columns });
  expect(accepted.state).toBe('new');

  const second = await lab.imports.check([file(text(300), 'second.csv')], names);
  expect(second.findings.map(({ kind }) => kind)).toContain('saved-mapping');
  expect(second.cells).toEqual([
    expect.objectContaining({ m: 8, n: 8, trials: 3, energyJ: { total: 302, gpu: 302 } }),
  ]);
  expect(second.options.columns).toEqual(columns);

  const without = await lab.imports.check([file(text(300), 'second.csv')], { ...names, columns: {} });
  expect(without.findings.map(({ kind }) => kind)).not.toContain('saved-mapping');
  lab.close();
});

test('a file that changes between two checks is read again', async () => {
  const { lab, file } = fresh();
  const rows = (count: number): string =>
    `m,n,gpu_energy_j,runtime_s,system,model\n${Array.from({ length: count }, (_, i) => `8,8,${100 + i},1,A100,x\n`).join('')}`;
  const files = [file(rows(3))];
  expect((await lab.imports.check(files, {})).cells[0]!.trials).toBe(3);
  expect((await lab.imports.check(files, { model: 'y' })).model).toBe('y');
  file(rows(5));
  expect((await lab.imports.check(files, {})).cells[0]!.trials).toBe(5);
  lab.close();
});

test('reading can be stopped, and tells how far it is', async () => {
  const { lab, file } = fresh();
  const files = [file(paperTableText())];
  const told: number[] = [];
  await lab.imports.check(files, {}, { progress: (fraction) => told.push(fraction) });
  expect(told.at(-1)).toBe(1);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  const controller = new AbortController();
  controller.abort();
  file(paperTableText().repeat(2));
  await expect(lab.imports.check(files, {}, { signal: controller.signal })).rejects.toMatchObject({
    kind: 'interrupted',
  });
  lab.close();
});

test('bundled and measured profiles cannot be removed', () => {
  const { lab } = fresh();
  expect(labErrorOf(() => lab.imports.remove('m1-pro.llama-2-7b.grid')).kind).toBe('bad-setting');
  expect(labErrorOf(() => lab.imports.remove('none')).kind).toBe('unknown-profile');
  lab.close();
});

test('an exported profile is the same profile elsewhere, by its hash', async () => {
  const here = fresh();
  const measured = madeProfile('my-mac.tiny.run-1', [
    [8, 10, 1],
    [16, 12.5, 1],
  ]);
  const files = [here.file(paperTableText())];
  const imported = await here.lab.imports.accept(files, {});
  const bundle = temporaryFolder();
  for (const folder of ['bundled', 'workloads']) mkdirSync(path.join(bundle, folder));
  const elsewhere = openLab({
    dataFolder: temporaryFolder(),
    bundle,
    program: 'command line',
    version: '0.0.0',
  });
  const ids = [imported.profile, 'm1-pro.llama-2-7b.sweeps', 'swing-a100.mixtral-8x7b.grid'];
  for (const id of ids) {
    for (const format of ['yaml', 'json'] as const) {
      const file = here.file(here.lab.exportProfile(id, format), `${id}.${format}`);
      const accepted = await elsewhere.imports.accept([file], {}, { replace: true });
      expect(elsewhere.showProfile(accepted.profile).contentHash).toBe(here.lab.showProfile(id).contentHash);
    }
  }
  const own = here.file(JSON.stringify(measured), 'own.json');
  await elsewhere.imports.accept([own], {});
  expect(elsewhere.showProfile(measured.id).profile).toEqual(measured);
  // Where the profile itself is bundled, there is nothing to import, and nothing else may take its id.
  const again = here.file(here.lab.exportProfile(ids[1]!, 'yaml'), 'again.yaml');
  expect(await here.lab.imports.accept([again], {})).toEqual({
    profile: ids[1],
    state: 'same',
    import: null,
  });
  await expect(here.lab.imports.accept([again], { name: 'Mine' })).rejects.toMatchObject({
    message: expect.stringContaining('comes with Crossover') as string,
  });
  expect((await here.lab.imports.accept([again], { name: 'Mine', id: 'mine' })).state).toBe('new');
  here.lab.close();
  elsewhere.close();
});
