import { existsSync, readFileSync } from 'node:fs';
import { expect, inMain, launchLab, test } from './fixtures.ts';

test('a newcomer goes from the start to a report on disk, with the best policy there is', async ({
  app,
  page,
}, info) => {
  const file = info.outputPath('report.html');
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    file,
  );

  await expect(page.getByRole('heading', { name: 'Where should a query run?' })).toBeVisible();
  await page.getByRole('button', { name: /^\d+ profiles$/ }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Profiles');
  await expect(
    page.getByRole('img', { name: /Energy per token in J\/token against input tokens/ }),
  ).toBeVisible();
  const mistral = page.getByRole('group', { name: 'MacBook Pro M1 Pro' }).getByLabel(/Mistral 7B/);
  await mistral.check();
  await expect(page.getByRole('img', { name: /M1 Pro · Mistral 7B · two sweeps/ })).toBeVisible();
  await page.getByRole('radio', { name: 'Output tokens' }).click();
  await expect(page.getByRole('img', { name: /against output tokens/ })).toBeVisible();
  await page.getByRole('button', { name: 'Next: workload' }).click();

  await page.getByRole('radio', { name: /GSM8K/ }).check();
  await expect(page.getByRole('rowheader', { name: 'GSM8K, input' })).toBeVisible();
  await page.getByRole('radio', { name: /Alpaca, davinci/ }).check();
  await expect(page.getByRole('row', { name: /Alpaca, davinci outputs, input/ })).toContainText('21.7');
  await page.getByRole('button', { name: 'Next: find the threshold' }).click();

  const verdict = page.getByTestId('verdict');
  await expect(verdict).toContainText('input × output tokens of at most 1264 to the M1 Pro');
  await expect(verdict).toContainText('3.4%');
  await page.getByRole('button', { name: 'Next: check it holds' }).click();
  await expect(page.getByTestId('held')).toContainText(/useful in \d+ of \d+ variations/);
  await expect(
    page.getByRole('img', { name: /saving .*: λ 0.00% to 3.36%, Workload 0.00% to 3.36%/ }),
  ).toBeVisible();
  await page.getByText('As a table').click();
  await expect(page.getByRole('row', { name: /GSM8K/ })).toContainText('all to the A100');
  // The policy carried out by devices: what is not stated is said to be, and never 0.
  const simulated = page.getByRole('region', { name: 'Arrivals and devices' });
  await expect(simulated.getByTestId('simulated')).toContainText('the M1 Pro is busy 50.0% of its time');
  await expect(simulated.getByRole('row', { name: /Energy of idle devices/ })).toContainText('not stated');
  for (const [field, watts] of [
    ['Idle power: M1 Pro, W', '4'],
    ['Idle power: A100 (Swing), W', '60'],
  ] as const) {
    await simulated.getByLabel(field).fill(watts);
    await simulated.getByLabel(field).press('Tab');
  }
  await expect(simulated.getByRole('row', { name: /Energy of idle devices/ })).toContainText(/\d{3}/);
  await expect(simulated.getByRole('row', { name: /Carbon of the queries/ })).toContainText('not stated');
  // What was said is kept with the project, and there after the window was loaded anew.
  await page.reload();
  await expect(simulated.getByLabel('Idle power: A100 (Swing), W')).toHaveValue('60');
  await expect(simulated.getByRole('row', { name: /Energy of idle devices/ })).toContainText(/\d{3}/);
  await page.getByRole('button', { name: 'Next: report' }).click();

  await expect(page.frameLocator('iframe').getByRole('heading', { level: 1 })).toContainText(
    'M1 Pro against A100',
  );
  await page.getByRole('button', { name: 'Export HTML…' }).click();
  await expect(page.getByText(`Saved as ${file}`)).toBeVisible();

  const html = readFileSync(file, 'utf8');
  expect(html).toContain('input × output tokens of at most 1264');
  expect(html).not.toMatch(/(src|href)="https?:/);
  const data = JSON.parse(
    /<script type="application\/json" id="crossover-report">(.*?)<\/script>/s.exec(html)![1]!,
  ) as { verdict: { product: number } };
  expect(data.verdict.product).toBe(1264);
});

test('the λ slider answers at once, by keyboard too', async ({ page }) => {
  await page.keyboard.press('Control+4');
  const verdict = page.getByTestId('verdict');
  await expect(verdict).toContainText('at most 1264');
  const slider = page.getByRole('slider');
  await slider.focus();
  await slider.press('Home');
  await expect(verdict).toContainText('No useful threshold: send every query to the A100');
  await expect(page.getByText('λ = 0.00')).toBeVisible();
  await slider.press('End');
  await expect(verdict).toContainText('at most 1264');

  // Variations are gone through by keyboard too, and one of them becomes the study.
  await page.keyboard.press('Control+5');
  const marks = page.getByRole('listbox', { name: /Variations/ });
  await marks.press('Home');
  await expect(page.getByTestId('told')).toContainText('With λ = 0: no useful threshold');
  await page.getByRole('button', { name: 'Make it the study’s' }).click();
  await expect(page.getByText('As the study is, no threshold is useful')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('As the study is, a threshold is useful')).toBeVisible();
});

test('a threshold on output tokens is not useful, and the window says why', async ({ page }) => {
  await page.getByRole('button', { name: 'Open the study' }).click();
  await page.getByRole('radio', { name: 'Output tokens' }).click();
  await expect(page.getByTestId('verdict')).toContainText('less than your minimum of 1.0%');
  await page.getByRole('button', { name: 'needs n in advance' }).click();
  await expect(page.getByText(/before the query runs/)).toBeVisible();
});

test('two profiles that differ in what was measured are told apart where they stand', async ({ page }) => {
  await page.keyboard.press('Control+4');
  await page.getByLabel(/Large/).selectOption('swing-a100.falcon-7b.sweeps');
  await expect(page.getByRole('button', { name: /different model/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /Profiles.*1 difference/ })).toBeVisible();
  await page.getByLabel(/Large/).selectOption('m1-pro.llama-2-7b.sweeps');
  await expect(page.getByRole('alert')).toContainText('nothing to compare');
  await page.getByLabel(/Large/).selectOption('swing-a100.llama-2-7b.sweeps');
  await expect(page.getByTestId('verdict')).toContainText('at most 1264');
});

test('the paper is reproduced in one click, with its reconciliation', async ({ page }) => {
  await page.getByRole('button', { name: 'Open the study' }).click();
  await page.getByRole('button', { name: 'Reproduce the paper' }).click();
  await expect(page.getByTestId('input-reproduced-kwh')).toHaveText('0.746549');
  await expect(
    page.getByRole('img', {
      name: /Waterfall of the input figure: from a published saving of 8.20% to 0.44%/,
    }),
  ).toBeVisible();
  await page.getByRole('radio', { name: 'Output figure' }).click();
  await expect(page.getByRole('img', { name: /of 7.67% to 3.33% like for like/ })).toBeVisible();
  await expect(page.getByTestId('output-reproduced-kwh')).toHaveText('0.657196');
  await expect(page.getByTestId('output-published-kwh')).toHaveText('0.644507');
  await expect(page.getByRole('row', { name: /The A100 averages three models/ })).toContainText('7.36%');
});

test('the window comes back as it was left', async ({ dataFolder }) => {
  const first = await launchLab(dataFolder);
  const before = await first.firstWindow();
  await before.getByRole('button', { name: 'Open the study' }).click();
  await before.getByLabel('Workload').selectOption('gsm8k');
  await before.getByRole('radio', { name: 'Dark' }).click();
  await before.waitForFunction(() => window.matchMedia('(prefers-color-scheme: dark)').matches);
  await inMain(first, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setSize(1111, 777));
  await first.close();

  const second = await launchLab(dataFolder);
  const after = await second.firstWindow();
  await expect(after.getByRole('heading', { level: 1 })).toHaveText('Find the threshold');
  await expect(after.getByTestId('verdict')).toContainText('No useful threshold');
  expect(await after.evaluate(() => window.matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
  const size = await inMain(second, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getSize());
  expect(size).toEqual([1111, 777]);
  await second.close();
});

test('cancelling the save dialog writes nothing and says nothing', async ({ app, page }, info) => {
  await inMain(app, ({ dialog }) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: true, filePath: '' });
  });
  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: 'Export JSON…' }).click();
  await expect(page.getByRole('button', { name: 'Export JSON…' })).toBeEnabled();
  await expect(page.getByText('Saved as')).toHaveCount(0);
  expect(existsSync(info.outputPath('report.json'))).toBe(false);
});
