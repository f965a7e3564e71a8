import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { expect, inMain, test } from './fixtures.ts';
import { trialTable } from './trialTable.ts';

/** The next open dialog answers with these files. */
async function choose(app: ElectronApplication, files: string[]): Promise<void> {
  await inMain(
    app,
    ({ dialog }, filePaths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths });
    },
    files,
  );
}

function write(file: string, text: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test('a trial table in mJ: the doctor shows the unit, the profile is accepted and compared', async ({
  app,
  page,
}, info) => {
  const file = write(info.outputPath('trials.csv'), trialTable());
  await choose(app, [file]);
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'Import…' }).click();

  await expect(page.getByRole('heading', { name: 'trials.csv' })).toBeVisible();
  await expect(page.getByLabel('Unit of GPU Energy (mJ)')).toHaveValue('mJ');
  await expect(page.getByLabel('What Number of Input Tokens is')).toHaveValue('input-tokens');
  await expect(page.getByText(/cells from 33 trials/)).toBeVisible();
  await page.screenshot({ path: info.outputPath('doctor.png') });

  // Said wrong, the unit is found to be impossible; said right again, it is not.
  await page.getByLabel('Unit of GPU Energy (mJ)').selectOption('J');
  await expect(page.getByText(/1,000 times/).first()).toBeVisible();
  await page.getByLabel('Unit of GPU Energy (mJ)').selectOption('mJ');
  await expect(page.getByText(/1,000 times/)).toHaveCount(0);

  await page.getByLabel('System', { exact: true }).fill('Made-up A100');
  await expect(page.getByText(/^Made-up A100/).first()).toBeVisible();
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('status')).toContainText('was imported');
  await page.getByRole('button', { name: 'Compare with it' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Find the threshold');
  await expect(page.getByTestId('verdict')).toContainText('Made-up A100');

  await page.keyboard.press('Control+2');
  const own = page.getByRole('group', { name: /Made-up A100/ }).getByRole('checkbox');
  await own.uncheck();
  await own.check();
  await expect(page.getByText(/From trials\.csv/)).toBeVisible();
  await page.screenshot({ path: info.outputPath('imported.png') });
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('group', { name: /Made-up A100/ })).toHaveCount(0);
});

test('what is no profile is refused with its reason, and nothing is stored', async ({ app, page }, info) => {
  await choose(app, [write(info.outputPath('holiday.txt'), 'Dear all,\nthe sea is calm.\n')]);
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText(/^Not yet a profile/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'holiday.txt' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('refused.png') });
  await expect(page.getByRole('button', { name: 'Accept' })).toBeDisabled();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('button', { name: 'Import…' })).toBeVisible();
});

test('every correction shows its effect: rows that count, batches, idle power, the mapping', async ({
  app,
  page,
}, info) => {
  const rows = [8, 16].flatMap((m) =>
    [0, 1, 2, 3].map(
      (k) => `inference-${k},${m},32,${1 + k / 100},${20 + k / 8},${100 + k},${k},4,A100,Falcon 7B`,
    ),
  );
  const table = [
    'Phase,Number of Input Tokens,Number of Output Tokens,Runtime (s),CPU Energy (J),GPU Energy (J),Iteration,Batch Size,System,Model',
    'load,0,32,12,200,900,0,1,A100,Falcon 7B',
    ...rows,
  ];
  await choose(app, [write(info.outputPath('batches.csv'), `${table.join('\n')}\n`)]);
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'Import…' }).click();
  await expect(page.getByText(/2 cells from 6 trials, CPU and GPU/)).toBeVisible();
  const first = page
    .getByRole('row', { name: /^8 32 / })
    .getByRole('cell')
    .nth(3);

  await page.getByLabel('Left out as warm-up').selectOption('none');
  await expect(page.getByText(/2 cells from 8 trials/)).toBeVisible();
  await page.getByLabel('A row’s energy is of').selectOption('per-query');
  await expect(first).toHaveText('121.7');
  await page.getByLabel('Idle energy').selectOption('subtract');
  await expect(page.getByText(/^Not yet a profile/)).toBeVisible();
  await page.getByLabel('Idle power of CPU').fill('10');
  await page.getByLabel('Idle power of GPU').fill('50');
  await expect(first).toHaveText('60.79');
  await page.getByLabel('A row’s energy is of').selectOption('divide');
  await page.getByLabel('Queries in a batch').fill('8');
  await expect(first).toHaveText('7.598');

  await page.getByText('More', { exact: true }).click();
  await page.getByLabel('Only rows whose phase contains').fill('inference-3');
  await expect(page.getByText(/2 cells from 2 trials/)).toBeVisible();
  await page.getByLabel('Only rows whose phase contains').fill('');
  await page.getByLabel('What CPU Energy (J) is').selectOption('ignore');
  await expect(page.getByText(/2 cells from 8 trials, GPU/)).toBeVisible();
  await page.screenshot({ path: info.outputPath('corrected.png') });
});
