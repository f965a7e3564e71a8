import { readFileSync } from 'node:fs';
import { expect, inMain, test } from './fixtures.ts';
import { writePowerLog } from './powerLog.ts';

test('a run in the window: start, pause, continue, finish, and its profile beside the A100 in a report', async ({
  app,
  page,
}, info) => {
  test.setTimeout(240_000);
  const log = info.outputPath('power.csv');
  writePowerLog(log);

  await page.keyboard.press('Control+1');
  await page.getByLabel('Meter').selectOption('replay');
  await page.getByLabel('Path of the power log').fill(log);
  await page.getByRole('radio', { name: 'My cells' }).click();
  await page.getByLabel('Cells, as input,output tokens').fill('8,32 16,32 32,32 64,32');
  await page.getByText('More settings').click();
  await page.getByLabel('Most trials of a cell').fill('3');
  await page.getByLabel('Idle baseline').fill('1');
  await page.getByRole('button', { name: 'Start' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Measuring this Mac');
  await expect(page.getByText(/in → \d+ out/).first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('paused.png') });
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.screenshot({ path: info.outputPath('under-way.png') });

  await expect(page.getByText('✓ Done.')).toBeVisible({ timeout: 180_000 });
  await page.screenshot({ path: info.outputPath('done.png') });
  await page.getByRole('button', { name: 'Use in the analysis' }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Find the threshold');
  await expect(page.getByTestId('verdict')).toBeVisible();
  await expect(page.getByLabel(/Small/)).toHaveValue(/\.tiny\./);
  await expect(page.getByRole('button', { name: /different model/ })).toBeVisible();

  const file = info.outputPath('report.html');
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    file,
  );
  await page.getByRole('button', { name: 'Next: check it holds' }).click();
  await page.getByRole('button', { name: 'Next: report' }).click();
  await page.getByRole('button', { name: 'Export HTML…' }).click();
  await expect(page.getByText(`Saved as ${file}`)).toBeVisible();
  const report = readFileSync(file, 'utf8');
  expect(report).toContain('A100 (Swing)');
  expect(report).toMatch(
    /trials in 4 cells: measured with Crossover in run-\S+\. The HTML form lists their energies/,
  );
});

test('an estimate is called one before, during and after', async ({ page }) => {
  test.setTimeout(240_000);
  await page.keyboard.press('Control+1');
  await page.getByLabel('Meter').selectOption('estimate');
  await page.getByLabel('Power under load').fill('15');
  await expect(page.getByText('An estimate, not a measurement').first()).toBeVisible();
  await page.getByRole('radio', { name: 'My cells' }).click();
  await page.getByLabel('Cells, as input,output tokens').fill('8,8');
  await page.getByText('More settings').click();
  await page.getByLabel('Most trials of a cell').fill('3');
  await page.getByLabel('Idle baseline').fill('1');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText(/estimate/i).first()).toBeVisible();
  await expect(page.getByText('✓ Done.')).toBeVisible({ timeout: 180_000 });
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('checkbox', { name: /Tiny.*estimate/ })).toBeVisible();
});
