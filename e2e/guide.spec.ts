/** What holds the window together: find anything, undo, files that are dropped anywhere. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { dropFile } from './dropFile.ts';
import { expect, inMain, test } from './fixtures.ts';
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
  await expect(palette.getByRole('option').first()).toContainText('Weighs energy E against runtime R');
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

test('a chart is taken out as SVG, PNG and CSV, and its data copied', async ({ app, page }, info) => {
  const folder = info.outputPath('taken');
  mkdirSync(folder);
  await inMain(
    app,
    ({ dialog }, where) => {
      dialog.showSaveDialog = ((_window: unknown, { defaultPath = '' }: Electron.SaveDialogOptions) =>
        Promise.resolve({
          canceled: false,
          filePath: `${where}/${defaultPath.split('/').at(-1)}`,
        })) as typeof dialog.showSaveDialog;
    },
    folder,
  );
  await page.keyboard.press('Control+2');
  const menu = page.getByRole('button', { name: 'Take out: Energy per token against input tokens' });
  const take = async (what: string, told: string): Promise<void> => {
    await menu.click();
    await page.getByRole('menuitem', { name: what }).click();
    await expect(page.getByRole('status').filter({ hasText: told })).toBeVisible();
  };
  await take('Save as SVG…', '✓ saved');
  await take('Save as PNG…', '✓ saved');
  await take('Save the data as CSV…', '✓ saved');
  await take('Copy the data', '✓ copied');
  const name = 'Energy-per-token-against-input-tokens';
  const svg = readFileSync(`${folder}/${name}.svg`, 'utf8');
  expect(svg).toMatch(/^<svg/);
  expect(svg).toMatch(/<text [^>]*font-size="1\dpx"[^>]*>Energy per token, J\/token</);
  expect(svg.match(/<path/g)!.length).toBeGreaterThan(20);
  const csv = readFileSync(`${folder}/${name}.csv`, 'utf8');
  expect(csv).toMatch(/^series,/);
  expect(csv).toMatch(/^M1 Pro · Llama-2 7B · two sweeps,8,/m);
  expect(readFileSync(`${folder}/${name}.png`).subarray(1, 4).toString()).toBe('PNG');
  expect(await inMain(app, ({ clipboard }) => clipboard.readText())).toContain('M1 Pro · Llama-2 7B');
});
