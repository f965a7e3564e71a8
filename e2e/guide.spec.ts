/** What holds the window together: find anything, undo, files that are dropped anywhere. */
import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { dropFile } from './dropFile.ts';
import { expect, test } from './fixtures.ts';
import { trialTable } from './trialTable.ts';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('anything is found by typing: steps, workloads, words', async ({ page }) => {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find anything' });
  await palette.getByRole('textbox').fill('gsm8k');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(heading(page)).toHaveText('Workload');
  await expect(page.getByRole('navigation', { name: 'Steps' })).toContainText('GSM8K');

  await page.keyboard.press('Control+k');
  await palette.getByRole('textbox').fill('lambda');
  await expect(palette.getByRole('option').first()).toContainText('λ weighs energy against time');
  await palette.getByRole('textbox').fill('no such thing');
  await expect(palette.getByRole('status')).toContainText('Nothing here is called so');
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
});

test('a change of the study is taken back and made again', async ({ page }) => {
  await page.keyboard.press('Control+3');
  const steps = page.getByRole('navigation', { name: 'Steps' });
  await expect(steps).toContainText('Alpaca');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').fill('gsm8k');
  await page.getByRole('dialog').getByRole('option', { name: /GSM8K/ }).click();
  await expect(steps).toContainText('GSM8K');
  await page.keyboard.press('Control+z');
  await expect(steps).toContainText('Alpaca');
  await page.keyboard.press('Control+Shift+z');
  await expect(steps).toContainText('GSM8K');
});

test('a file that is dropped anywhere comes to whom it is for', async ({ page }, info) => {
  const table = info.outputPath('mystery.dat');
  writeFileSync(table, trialTable());
  await dropFile(page, table);
  await expect(heading(page)).toHaveText('Profiles');
  await expect(page.getByText('mystery.dat').first()).toBeVisible();

  const trace = info.outputPath('another.dat');
  writeFileSync(
    trace,
    'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n',
  );
  await dropFile(page, trace);
  await expect(heading(page)).toHaveText('Workload');
  await expect(page.getByText('another.dat').first()).toBeVisible();

  const model = info.outputPath('model.dat');
  writeFileSync(model, Buffer.from('GGUF\u0003\0\0\0\0\0\0\0'));
  await dropFile(page, model);
  await expect(heading(page)).toHaveText('Measure this Mac');
  await expect(page.getByLabel('Path of the GGUF file')).toHaveValue(model);
});
