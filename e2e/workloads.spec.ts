import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, inMain, test } from './fixtures.ts';

const folder = fileURLToPath(new URL('../out/screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });

/** What the system's open dialog will answer from now on. */
async function willChoose(app: ElectronApplication, filePaths: string[]): Promise<void> {
  await inMain(
    app,
    ({ dialog }, paths) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: paths.length === 0, filePaths: paths });
    },
    filePaths,
  );
}

async function importFiles(app: ElectronApplication, page: Page, files: string[]): Promise<void> {
  await willChoose(app, files);
  await page.keyboard.press('Control+3');
  await page.getByRole('button', { name: 'Import…' }).click();
}

/** A trace in Azure's form: many short queries, some long, and rows that cannot be used. */
function trace(): string {
  const rows = Array.from({ length: 400 }, (_, i) => {
    const seconds = String(Math.floor(i / 8) % 60).padStart(2, '0');
    const [m, n] = i % 10 === 0 ? [1800 + i, 60] : [8 + (i % 40), 12 + (i % 7)];
    return `2024-01-01 00:${String(Math.floor(i / 100)).padStart(2, '0')}:${seconds}.5,${m},${n}`;
  });
  return `TIMESTAMP,ContextTokens,GeneratedTokens\n${rows.join('\n')}\n2024-01-01 00:09:00,-4,2\n,2.5,3\n`;
}

test('a trace becomes a workload: looked at, accepted, used by the threshold, removed', async ({
  app,
  page,
}, info) => {
  const file = info.outputPath('Our trace.csv');
  writeFileSync(file, trace());
  await importFiles(app, page, [file]);

  const doctor = page.getByTestId('workload-doctor');
  await expect(doctor).toContainText('Our trace: 400 queries');
  await expect(page.getByText('Read as Azure LLM inference trace')).toBeVisible();
  await expect(page.getByLabel('What ContextTokens is')).toHaveValue('input');
  await expect(page.getByLabel('What TIMESTAMP is')).toHaveValue('arrival');
  await expect(page.getByText('a negative number of input tokens')).toBeVisible();
  await expect(page.getByText('Peak')).toBeVisible();
  await expect(
    page.getByRole('img', { name: 'Joint distribution of input and output tokens of Our trace.' }),
  ).toBeVisible();

  // Said otherwise, it is at once otherwise: the output tokens count as input, too.
  await page.getByLabel('What TIMESTAMP is').selectOption('unused');
  await expect(page.getByText('Peak')).toHaveCount(0);
  await page.getByLabel('What TIMESTAMP is').selectOption('arrival');
  await expect(page.getByText('Peak')).toBeVisible();

  await page.getByLabel('Name').fill('Our own');
  await expect(doctor).toContainText('Our own: 400 queries');
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Our own was imported' })).toBeVisible();
  await expect(page.getByRole('radio', { name: /Our own/ })).toBeChecked();
  await expect(page.getByRole('row', { name: /Our own, input/ })).toBeVisible();
  await expect(page.getByText('1 left out: a negative number of input tokens')).toBeVisible();

  await page.getByRole('button', { name: 'Find its threshold' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Find the threshold');
  await expect(page.getByLabel('Workload')).toHaveValue('our-own');
  await expect(page.getByTestId('verdict')).not.toBeEmpty();
  await expect(page.getByRole('button', { name: /Our own · 400 queries/ })).toBeVisible();

  await page.keyboard.press('Control+3');
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('radio', { name: /Our own/ })).toHaveCount(0);
  await expect(page.getByRole('radio', { name: /Alpaca, davinci/ })).toBeChecked();
  await expect(page.getByRole('button', { name: 'Remove…' })).toHaveCount(0);
});

test('columns that do not tell are given their roles in the window', async ({ app, page }, info) => {
  const file = info.outputPath('odd.csv');
  writeFileSync(file, `k,words,reply\n${'1,How many are there?,There are seven of them.\n'.repeat(30)}`);
  await importFiles(app, page, [file]);
  const doctor = page.getByTestId('workload-doctor');
  await expect(doctor).toContainText('Which columns are input and output?');
  await expect(page.getByRole('button', { name: 'Accept' })).toBeDisabled();
  await page.getByLabel('What words is').selectOption('input');
  await page.getByLabel('What reply is').selectOption('output');
  await expect(doctor).toContainText('odd: 30 queries');
  await expect(page.getByText('counted with Llama-2')).toBeVisible();

  const tokenizer = info.outputPath('tokenizer.json');
  writeFileSync(tokenizer, 'no tokenizer');
  await willChoose(app, [tokenizer]);
  await page.getByLabel('Tokenizer').selectOption({ label: 'tokenizer.json or GGUF…' });
  await expect(page.getByRole('alert')).toContainText('cannot be used as a tokenizer');
  await page.getByLabel('Tokenizer').selectOption('llama-2');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(doctor).toContainText('odd: 30 queries');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('radio', { name: /Alpaca, davinci/ })).toBeChecked();
});

test('what takes long says how far it is, and can be stopped; nothing is left of it', async ({
  app,
  page,
}, info) => {
  const file = info.outputPath('long.jsonl');
  const words = Array.from({ length: 4000 }, (_, i) => `w${(i * 7919) % 1_000_003}`).join(' ');
  writeFileSync(
    file,
    Array.from(
      { length: 3000 },
      (_, i) => `${JSON.stringify({ prompt: `${i} ${words}`, response: words.slice(i) })}\n`,
    ).join(''),
  );
  await importFiles(app, page, [file]);
  await expect(page.getByRole('progressbar', { name: 'Reading the files' })).toBeVisible();
  await expect(page.getByText(/^Tokenising/)).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
  const doctor = page.getByTestId('workload-doctor');
  await expect(doctor).toContainText('Stopped; nothing was stored.');
  await expect(doctor.getByRole('button', { name: 'Look again' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('radio')).not.toHaveCount(0);
  await expect(page.getByRole('radio', { name: /long/ })).toHaveCount(0);
});

test('a file that is no workload is refused with a sentence, and an export is written', async ({
  app,
  page,
}, info) => {
  const file = info.outputPath('nothing.csv');
  writeFileSync(file, '');
  await importFiles(app, page, [file]);
  await expect(page.getByRole('alert')).toContainText('nothing.csv is empty. Nothing was written.');
  await page.getByRole('button', { name: 'Cancel' }).click();

  const out = info.outputPath('exported.json');
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    out,
  );
  await page.getByRole('button', { name: 'Export…' }).click();
  await expect(page.getByText(`Saved as ${out}`)).toBeVisible();
  expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
    format: 'crossover-workload',
    id: 'alpaca-davinci',
  });

  // More different queries than the window analyses by itself: its views are drawn from bins.
  const large = info.outputPath('Large.csv');
  const rows = Array.from({ length: 61_000 }, (_, i) => `${8 + (i % 1600)},${4 + Math.floor(i / 1600) * 23}`);
  writeFileSync(large, `ContextTokens,GeneratedTokens\n${rows.join('\n')}\n`);
  await importFiles(app, page, [large]);
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('button', { name: 'Find its threshold' }).click();
  await expect(page.getByTestId('binned')).toContainText(/61,000 different queries in [\d,]+ bins/);
  await expect(page.getByRole('img', { name: /^Map of which system is cheaper/ })).toBeVisible();
  await page.getByRole('tab', { name: 'Both thresholds' }).click();
  await expect(page.getByRole('img', { name: /^Surface of both thresholds/ })).toBeVisible();
  await page.getByText('As a table').click();
  await page.getByRole('button', { name: /^T_in 64, T_out 128:/ }).click();
  await expect(page.getByRole('listitem').filter({ hasText: /T_in ≤ 64 & T_out ≤ 128/ })).toBeVisible();
  await expect(page.getByTestId('binned')).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  test(`an import fits 1280×800 and 900×600 and is pictured, ${theme}`, async ({ app, page }, info) => {
    const file = info.outputPath('Our trace of January.csv');
    writeFileSync(file, trace());
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('radio', { name: theme === 'light' ? 'Light' : 'Dark' }).click();
    await importFiles(app, page, [file]);
    for (const [width, height] of [
      [1280, 800],
      [900, 600],
    ] as const) {
      await inMain(
        app,
        ({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]!.setContentSize(w!, h!),
        [width, height],
      );
      await page.waitForFunction((w) => window.innerWidth === w, width);
      await expect(page.getByTestId('workload-doctor')).toContainText('400 queries');
      await expect(page.getByRole('progressbar')).toHaveCount(0);
      const overflow = await page.evaluate(() => {
        const main = document.querySelector('main')!;
        return main.scrollWidth - main.clientWidth;
      });
      expect(overflow, `${width} is wider than the window`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `${folder}workload-import-${width}-${theme}.png` });
      await page.getByRole('img', { name: /Joint distribution/ }).scrollIntoViewIfNeeded();
      await page.screenshot({ path: `${folder}workload-import-below-${width}-${theme}.png` });
    }
    await inMain(app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1280, 800));
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'was imported' })).toBeVisible();
    await expect(page.getByRole('row', { name: /Our trace of January, input/ })).toBeVisible();
    await page.screenshot({ path: `${folder}workload-imported-${theme}.png` });
    await page.getByRole('button', { name: 'Remove…' }).scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${folder}workload-imported-below-${theme}.png` });
  });
}
