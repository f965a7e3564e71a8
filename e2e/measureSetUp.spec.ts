import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dropFile } from './dropFile.ts';
import { expect, inMain, test } from './fixtures.ts';
import { writePowerLog } from './powerLog.ts';

test('a file is chosen in the system’s dialog, or dropped on its field', async ({ app, page }, info) => {
  const log = info.outputPath('power.csv');
  writePowerLog(log);
  const model = info.outputPath('mine.gguf');
  writeFileSync(model, 'GGUF');
  await page.keyboard.press('Control+1');

  await page.getByLabel('Meter', { exact: true }).selectOption('replay');
  await inMain(
    app,
    ({ dialog }, file) => {
      const asked: unknown[] = [];
      (globalThis as Record<string, unknown>)['asked'] = asked;
      dialog.showOpenDialog = (...given: unknown[]) => {
        asked.push(given.at(-1));
        return Promise.resolve({ canceled: asked.length > 1, filePaths: [file] });
      };
    },
    log,
  );
  await page.getByRole('button', { name: 'Choose…' }).click();
  await expect(page.getByLabel('Path of the power log')).toHaveValue(log);
  // Cancelled the second time: what stands there stays.
  await page.getByRole('button', { name: 'Choose…' }).click();
  await expect(page.getByLabel('Path of the power log')).toHaveValue(log);
  expect(await inMain(app, () => (globalThis as Record<string, unknown>)['asked'])).toMatchObject([
    { title: 'Choose a power log', properties: ['openFile'] },
    { title: 'Choose a power log' },
  ]);

  await page.getByLabel('Model', { exact: true }).selectOption('file');
  const field = page.getByLabel('Path of the GGUF file');
  await dropFile(page, model, 'input[placeholder*=".gguf"]');
  await expect(field).toHaveValue(model);
});

test('settings are checked where they stand', async ({ page }) => {
  await page.keyboard.press('Control+1');
  await page.getByText('More settings').click();
  const seed = page.getByLabel('Seed');
  await seed.fill('-1');
  await expect(seed).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('▲ The seed is a whole number')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
  await seed.fill('7');
  await expect(seed).not.toHaveAttribute('aria-invalid');
  await page.getByLabel('Idle baseline').fill('1000');
  await expect(page.getByText('▲ The idle baseline takes from 0.2 to 600 seconds.')).toBeVisible();
});

test('made weights are shown with their size, and cleared after a question', async ({ page, dataFolder }) => {
  const models = `${dataFolder}/models`;
  mkdirSync(models);
  for (const name of ['synthetic-tiny-Q8_0-v1.gguf.1.partial', 'synthetic-x-F16-v1.gguf', 'mine.gguf']) {
    writeFileSync(`${models}/${name}`, Buffer.alloc(1_500_000));
  }
  await page.keyboard.press('Control+1');
  await expect(page.getByText('Made weights: 2 files, 3 MB')).toBeVisible();
  await page.getByRole('button', { name: 'Clear…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove made weights?' });
  await expect(dialog.getByText('half-made, not used')).toBeVisible();
  await dialog.getByRole('button', { name: 'Keep them' }).click();
  expect(readdirSync(models)).toHaveLength(3);

  await page.getByRole('button', { name: 'Clear…' }).click();
  await dialog.getByLabel(/synthetic-x-F16-v1/).uncheck();
  await dialog.getByRole('button', { name: 'Remove 1 file, 1.5 MB' }).click();
  await expect(page.getByText('Made weights: 1 file, 1.5 MB')).toBeVisible();
  expect(readdirSync(models).sort()).toEqual(['mine.gguf', 'synthetic-x-F16-v1.gguf']);
});
