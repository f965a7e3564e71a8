import { readdirSync, readFileSync } from 'node:fs';
import type { ElectronApplication, Page } from '@playwright/test';
import { expect, inMain, test } from './fixtures.ts';
import { writePowerLog } from './powerLog.ts';

/** The save dialog gives a file of its own for every ending, as the user would have named it. */
async function saveInto(app: ElectronApplication, folder: string): Promise<void> {
  await inMain(
    app,
    ({ dialog }, path) => {
      dialog.showSaveDialog = (...given: unknown[]) => {
        const { filters } = given.at(-1) as { filters: { extensions: string[] }[] };
        return Promise.resolve({ canceled: false, filePath: `${path}.${filters[0]!.extensions[0]}` });
      };
    },
    folder,
  );
}

async function measure(page: Page, name: string, quantisation: string): Promise<void> {
  await page.getByLabel('Quantisation').selectOption(quantisation);
  await page.getByLabel('Name of the run').fill(name);
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('✓ Done.')).toBeVisible({ timeout: 120_000 });
}

test('runs are opened down to their samples, named, exported, compared and deleted; weights are cleared', async ({
  app,
  page,
  dataFolder,
}, info) => {
  test.setTimeout(300_000);
  const log = info.outputPath('power.csv');
  writePowerLog(log);
  await saveInto(app, info.outputPath('saved'));
  await page.keyboard.press('Control+1');
  await page.getByLabel('Meter', { exact: true }).selectOption('replay');
  await page.getByLabel('Path of the power log').fill(log);
  await page.getByRole('radio', { name: 'My cells' }).click();
  await page.getByLabel('Cells, as input,output tokens').fill('8,4 16,4');
  await page.getByText('More settings').click();
  await page.getByLabel('Most trials of a cell').fill('3');
  await page.getByLabel('Idle baseline').fill('1');
  await measure(page, 'First', 'Q8_0');

  // A trial, down to the samples that its energy is made of.
  const result = page.getByTestId('run-result');
  await result.getByRole('button', { name: '8→4' }).click();
  await result
    .getByRole('button', { name: /^trial/ })
    .nth(1)
    .click();
  const trial = page.getByTestId('trial-details');
  await expect(trial.getByTestId('adds-up')).toContainText(/samples add up to the stored .* J/);
  const samples = trial.getByRole('region', { name: 'Samples of the window' });
  await expect(samples.getByRole('row').nth(1)).toContainText('%');
  await expect(samples.getByRole('row', { name: /^What counts/ })).toContainText('J');
  const first = await trial.getByRole('heading').first().textContent();
  await trial.getByRole('button', { name: 'Next trial ›' }).click();
  await expect(trial.getByRole('heading').first()).not.toHaveText(first!);
  await expect(trial.getByTestId('adds-up')).toBeVisible();
  await trial.getByRole('button', { name: 'Save PNG…' }).click();
  await expect(trial.getByTestId('picture-saved')).toBeVisible();
  const png = readFileSync(info.outputPath('saved.png'));
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThan(400);
  await trial.getByRole('button', { name: 'Close' }).click();
  await expect(trial).toHaveCount(0);

  // A name and a note.
  await result.getByRole('button', { name: 'Name and note…' }).click();
  await result.getByLabel('Name', { exact: true }).fill('The first of two');
  await result.getByLabel('Note').fill('Made on a busy day.');
  await result.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(result.getByRole('heading', { name: 'The first of two' })).toBeVisible();
  await expect(page.getByRole('row', { name: /The first of two Made on a busy day/ })).toBeVisible();

  // Files for other programs.
  await result.getByRole('button', { name: 'Export CSV…' }).click();
  await expect(page.getByText(/Saved as .*saved\.csv\./)).toBeVisible();
  expect(readFileSync(info.outputPath('saved.csv'), 'utf8')).toMatch(/^trial,input_tokens,output_tokens/);
  await result.getByRole('button', { name: 'Export JSON…' }).click();
  await expect(page.getByText(/Saved as .*saved\.json\./)).toBeVisible();
  expect(JSON.parse(readFileSync(info.outputPath('saved.json'), 'utf8'))).toMatchObject({
    format: 'crossover-run',
    run: { name: 'The first of two', note: 'Made on a busy day.' },
  });

  // A second one, side by side with the first.
  await page.getByRole('button', { name: 'Measure again' }).click();
  await expect(page.getByText(/judged by earlier runs|scaled from/)).toBeVisible();
  await page.getByText('More settings').click();
  await measure(page, 'The second', 'Q4_0');
  await page.getByLabel('Compare The first of two').check();
  await page.getByLabel('Compare The second').check();
  await page.getByRole('button', { name: 'Compare 2' }).click();
  const comparison = page.getByTestId('run-comparison');
  await expect(comparison.getByRole('row', { name: 'weights Q8_0 Q4_0' })).toBeVisible();
  await expect(comparison.getByRole('row', { name: /^8→4 .*%/ })).toBeVisible();
  await comparison.getByLabel('Quantity').selectOption('runtime');
  await expect(
    comparison.getByRole('img', { name: /^Runtime per query in s, .* of The first of two, The second/ }),
  ).toBeVisible();
  await comparison.getByRole('button', { name: 'Close' }).click();

  // Deleted after a question, and not without.
  await page.getByRole('button', { name: 'The second', exact: true }).click();
  await result.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect(page.getByLabel('Compare The second')).toBeVisible();
  await result.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByLabel('Compare The second')).toHaveCount(0);
  await expect(page.getByLabel('Compare The first of two')).toBeVisible();

  // Nothing is told of a run that is no more; the next can be set up at once. The weights of both were kept, until now.
  await expect(page.getByText('kept.')).toHaveCount(0);
  await expect(page.getByText('Made weights: 2 files')).toBeVisible();
  await page.getByRole('button', { name: 'Clear…' }).click();
  await page.getByRole('button', { name: /^Remove 2 files/ }).click();
  await expect(page.getByText(/of made weights removed/)).toBeVisible();
  expect(readdirSync(`${dataFolder}/models`)).toEqual([]);
});

test('where a pair is not like for like, the measurement that would be is one press away', async ({
  page,
}) => {
  await page.keyboard.press('Control+2');
  await page.getByLabel(/Small/).selectOption('m1-pro.mistral-7b.sweeps');
  const offer = page.getByTestId('like-for-like');
  await expect(offer).toContainText('Llama 2 7B in F16 with made-up weights, without KV cache');
  await expect(offer).toContainText('13.5 GB of weights, made up once');
  await page.keyboard.press('Control+4');
  await page.getByRole('button', { name: /different model/ }).click();
  await page.getByRole('button', { name: 'Set this measurement up' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Measure this Mac');
  await expect(page.getByLabel('Model', { exact: true })).toHaveValue('llama-2-7b');
  await expect(page.getByLabel('Quantisation')).toHaveValue('F16');
  await expect(page.getByRole('radio', { name: 'Off, as the paper did' })).toBeChecked();
  await expect(page.getByRole('radio', { name: 'Paper', exact: true })).toBeChecked();
});

test('the preflight says what stops a run, and what to do about it', async ({ page }, info) => {
  await page.keyboard.press('Control+1');
  const preview = page.getByRole('region', { name: 'What the run would be' });
  await page.getByLabel('Meter', { exact: true }).selectOption('estimate');
  await expect(preview.getByRole('heading')).toHaveText(/^Ready/);
  await page.getByLabel('Model', { exact: true }).selectOption('file');
  await page.getByLabel('Path of the GGUF file').fill(info.outputPath('none.gguf'));
  await expect(preview).toContainText('cannot be read.');
  await expect(preview).toContainText('Check that the file is there and that you may read it.');
  await expect(preview.getByRole('heading')).toHaveText('Not ready');
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();

  await page.getByLabel('Engine').selectOption('openai');
  await page.getByLabel('Address of the server').fill('http://127.0.0.1:9');
  await page.getByLabel('Name of the model there').fill('m');
  await expect(preview).toContainText('cannot be reached');
});
