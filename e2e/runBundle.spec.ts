import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ElectronApplication } from '@playwright/test';
import { expect, inMain, test } from './fixtures.ts';
import { writePowerLog } from './powerLog.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Measures one of two shards in a data folder of its own, as a cluster's node does; the bundle's path. */
function shard(folder: string, index: number, log: string): string {
  const file = path.join(folder, `shard-${index}.crossover-run.zip`);
  const data = ['--data', path.join(folder, `node-${index}`)];
  const lab = (...args: string[]): void => {
    const { status, stderr } = spawnSync(process.execPath, ['build/lab.mjs', ...args, ...data], {
      cwd: root,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toMatchObject({ status: 0 });
  };
  lab(
    ...['measure', '--run', `run-node-${index}`, '--shard', `${index}/2`, '--meter', `replay:${log}`],
    ...['--sweep', '8,4 16,4 8,8', '--max-trials', '2', '--idle', '0.5'],
  );
  lab('runs', 'export', `run-node-${index}`, '--out', file);
  return file;
}

/** The next open dialogs answer with these files. */
function choose(app: ElectronApplication, files: string[]): Promise<void> {
  return inMain(
    app,
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
    },
    files,
  );
}

test('shards from two nodes become one profile, and a run leaves as it came', async ({ app, page }, info) => {
  test.setTimeout(240_000);
  const folder = info.outputPath('nodes');
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'power.csv');
  writePowerLog(log);
  const bundles = [1, 2].map((index) => shard(folder, index, log));
  await choose(app, bundles);

  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('2 runs, whole and unchanged; 2 shards make one profile.')).toBeVisible();
  await expect(page.getByRole('row', { name: /run-node-2 2 of 2/ })).toBeVisible();
  await page.screenshot({ path: info.outputPath('run-bundles.png') });
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('status')).toContainText('was imported: 3 cells');

  // A bundle that was cut on its way is refused, and stays out.
  const cut = path.join(folder, 'cut.crossover-run.zip');
  writeFileSync(cut, readFileSync(bundles[1]!).subarray(0, 3000));
  await choose(app, [cut]);
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByRole('alert')).toContainText('cut.crossover-run.zip cannot be imported: ');
  await expect(page.getByRole('button', { name: 'Accept' })).toBeDisabled();
  await page.getByRole('button', { name: 'Cancel' }).click();

  // The same again stores nothing, and says so.
  await choose(app, bundles);
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText('All of it is here already.')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.keyboard.press('Control+1');
  await page.getByRole('button', { name: /shard 1 of 2/ }).click();
  const copy = info.outputPath('copy.crossover-run.zip');
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    copy,
  );
  await page.getByRole('button', { name: 'Export bundle…' }).click();
  await expect(page.getByText(`Saved as ${copy}`)).toBeVisible();
  expect(Buffer.compare(readFileSync(copy), readFileSync(bundles[0]!))).toBe(0);
});
