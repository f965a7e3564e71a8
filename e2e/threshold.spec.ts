/** The joint analysis in the real window: every view, and clicking a point makes it the policy of the study. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, inMain, test } from './fixtures.ts';

const verdict = (page: Page) => page.getByTestId('verdict');
const policy = (page: Page, name: RegExp) => page.getByRole('button', { name }).filter({ hasText: 'regret' });
const view = (page: Page, name: string) => page.getByRole('tab', { name }).click();

/** Clicks a chart at a share of its width and height. */
async function clickAt(page: Page, name: RegExp, x: number, y: number): Promise<void> {
  const chart = page.getByRole('img', { name });
  await chart.scrollIntoViewIfNeeded();
  const box = (await chart.boundingBox())!;
  await chart.click({ position: { x: box.width * x, y: box.height * y } });
}

test.beforeEach(async ({ page }) => {
  await page.keyboard.press('Control+4');
  await expect(verdict(page)).toContainText('at most 1264');
});

test('Alpaca under the grid model: the oracle saves 3.38%, and every policy has its regret', async ({
  page,
}) => {
  const list = page.getByRole('list').filter({ hasText: 'Round robin' });
  await expect(list.getByText('Oracle')).toBeVisible();
  await expect(list.getByRole('listitem').filter({ hasText: 'Oracle' })).toContainText('+3.38%');
  await expect(policy(page, /√\(m·n\) ≤ 35.6/)).toContainText('+0.02%');
  await expect(policy(page, /T_in ≤ 33 & T_out ≤ 81/)).toContainText('+2.91%');
  await expect(page.getByText('5.857 kWh alone')).toBeVisible();
  await expect(
    page.getByRole('img', { name: /64.4% of the queries are cheaper on the M1 Pro/ }),
  ).toBeVisible();
});

test('a point of the surface becomes the policy of the study, and lets go again', async ({ page }) => {
  await view(page, 'Both thresholds');
  await clickAt(page, /Surface of both thresholds. The best pair is T_in = 33 and T_out = 81/, 0.6, 0.5);
  await expect(verdict(page)).toContainText(
    /As you chose: send queries with at most \d+ input and at most \d+ output/,
  );
  await expect(verdict(page)).toContainText(
    'The best threshold, input × output tokens of at most 1264, would save 3.4%',
  );
  await expect(page.getByText('You settled on this policy')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the best' }).click();
  await expect(verdict(page)).toContainText('Send queries with input × output tokens of at most 1264');

  // by keyboard, from the table beside it
  await page.getByText('As a table').click();
  await page.getByRole('button', { name: /^T_in 32, T_out 64:/ }).press('Enter');
  await expect(verdict(page)).toContainText('at most 32 input and at most 64 output tokens');
  await page.keyboard.press('Control+z');
  await expect(verdict(page)).toContainText('at most 1264');
});

test('points of the map, the curves and the front, and the bars too', async ({ page }) => {
  await clickAt(page, /Map of which system/, 0.5, 0.6);
  await expect(verdict(page)).toContainText(
    /As you chose: send queries with input × output tokens of at most \d+/,
  );
  await view(page, 'One threshold');
  await clickAt(page, /Cost of the workload against one threshold/, 0.5, 0.4);
  await expect(verdict(page)).toContainText('As you chose');
  await view(page, 'Energy and time');
  await page.getByText('As a table').click();
  await page.getByRole('button', { name: 'A100 (Swing) only' }).first().click();
  await expect(verdict(page)).toContainText(
    'As you chose: send every query to the A100 (Swing), the better single system',
  );
  await policy(page, /T_out ≤ 56/).click();
  await expect(verdict(page)).toContainText('at most 56 output tokens');
  await expect(policy(page, /T_out ≤ 56/)).toHaveAttribute('aria-pressed', 'true');
});

test('λ goes to its exact flips, and the map with it', async ({ page }) => {
  // short queries: the Mac's for their energy, the cluster's for their time
  const wash = (): Promise<string> =>
    page.getByRole('img', { name: /Map of which/ }).evaluate((chart) => {
      const { width, height } = chart as HTMLCanvasElement;
      const pixel = new OffscreenCanvas(1, 1).getContext('2d')!;
      pixel.drawImage(chart as HTMLCanvasElement, -Math.round(width * 0.45), -Math.round(height * 0.74));
      return pixel.getImageData(0, 0, 1, 1).data.join(' ');
    });
  const before = await wash();
  await expect(page.getByText('128 flips')).toBeVisible();
  await page.getByRole('button', { name: '‹ flip at 0.934' }).click();
  await expect(page.getByTestId('lambda')).toHaveText('λ = 0.934');
  await page.getByRole('button', { name: /‹ flip at/ }).click();
  await expect(verdict(page)).toContainText(/at λ = 0.87/);
  // the first flip, where the A100 alone gives way
  const strip = page.getByTestId('lambda-strip');
  const { width } = (await strip.boundingBox())!;
  await strip.click({ position: { x: 0.15 * width, y: 8 } });
  await expect(page.getByTestId('lambda')).toHaveText('λ = 0.155');
  expect(await wash()).not.toBe(before);
});

test('the verdict rests on its 95% interval, and the cells to measure next become a plan', async ({
  page,
}) => {
  await expect(page.getByTestId('intervals')).toHaveText('Intervals computed.', { timeout: 60_000 });
  await expect(page.getByTestId('verdict')).toContainText(/95% interval/);
  // of its saving, and of its regret
  await expect(policy(page, /T_out ≤ 56/)).toContainText(
    /\+1.26%\s*0.\d% to \d.\d%.*\+2.2%\s*\d.\d% to \d.\d%/,
  );
  await expect(page.getByTestId('probability')).toContainText('of 1,000 resamples');
  await page.getByRole('button', { name: 'Plan these cells on this computer' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Measure this Mac');
  await expect(page.getByLabel(/^Cells/)).toHaveValue(/^\d+,\d+/);
});

test('so many devices at an arrival rate: what they carry, what one more saves, and when they cannot', async ({
  app,
  page,
}, info) => {
  await page.getByText('Model, policy and boundary').click();
  await page.getByLabel('only so many').check();
  const rate = page.getByLabel('Arrival rate, queries per second');
  // half of what the A100 carries alone, to begin with
  await expect(rate).toHaveValue('0.24');
  await expect(page.getByTestId('capacity')).toContainText(
    /sends 50.3% to the M1 Pro \(1 device, 100.0% busy\)/,
  );
  await expect(page.getByTestId('capacity')).toContainText('One more M1 Pro would save another 0.52%');
  await expect(page.getByRole('listitem').filter({ hasText: 'Capacity optimum' })).toContainText('+0.52%');
  await expect(page.getByRole('region', { name: 'What the devices can carry' })).toContainText(
    'The optimum under capacity is found anew in 1000 replicates',
    { timeout: 60_000 },
  );
  await rate.fill('50');
  await rate.press('Enter');
  const panel = page.getByRole('region', { name: 'What the devices can carry' });
  await expect(panel.getByRole('alert')).toContainText('cannot carry 50 queries per second');
  // everything else is known all the same
  await expect(page.getByTestId('intervals')).toHaveText('Intervals computed.', { timeout: 60_000 });

  await page.keyboard.press('Control+5');
  await expect(
    page.getByRole('region', { name: 'Arrivals and devices' }).getByTestId('simulated'),
  ).toContainText('At 50 queries per second the policy cannot be carried out. Its queue grows without end');

  // a third system, and the order changed by keyboard
  const more = page.getByRole('region', { name: 'More systems' });
  await more.getByLabel('Add a system').selectOption('palmetto-v100.llama-2-7b.sweeps');
  await expect(page.getByTestId('more-systems')).toContainText(
    'There is nothing for the V100 (Palmetto) to do',
  );
  await expect(more.getByRole('row').filter({ hasText: '√(m·n)' })).toContainText(
    /35.6, then 35.6.*64.4%.*0.0%.*35.6%/,
  );
  await expect(page.getByTestId('more-systems-intervals')).toContainText('of 1000 replicates', {
    timeout: 60_000,
  });
  await expect(more.getByRole('row').filter({ hasText: '√(m·n)' })).toContainText(/\d% to \d/);

  // kept, listed, opened again, removed and taken back
  await more.getByRole('button', { name: 'Keep this comparison' }).click();
  await expect(page.getByText('is kept, and listed under Studies')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+7');
  const kept = page.getByRole('region', { name: 'Comparisons of several systems' });
  await expect(kept).toContainText('There is nothing for the V100 (Palmetto) to do');
  const chosen = async (item: string): Promise<void> => {
    await kept.getByRole('button', { name: /^More about/ }).click();
    await page.getByRole('menuitem', { name: item }).click();
  };
  await chosen('Name and note…');
  await page
    .getByRole('dialog', { name: 'Name and note of the comparison' })
    .getByLabel('Name')
    .fill('Three machines');
  await page.keyboard.press('Enter');
  await expect(kept.getByRole('button', { name: 'Three machines', exact: true })).toBeVisible();
  await chosen('Remove');
  await expect(kept).toBeHidden();
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();

  // its report, from the menu of the list and from the palette, and what the menus export of it
  await chosen('Its report');
  const shown = page.frameLocator('iframe').getByRole('heading', { level: 1 });
  await expect(shown).toContainText('M1 Pro, V100 (Palmetto), A100 (Swing)');
  await page.getByRole('button', { name: 'All studies' }).click();
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Find anything' }).getByRole('textbox').fill('three machines');
  await page.keyboard.press('Enter');
  await expect(shown).toContainText('M1 Pro, V100 (Palmetto), A100 (Swing)');
  const file = info.outputPath('comparison.html');
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    file,
  );
  await page.keyboard.press('Control+e');
  await expect(page.getByText(`Saved as ${file}`)).toBeVisible();
  expect(readFileSync(file, 'utf8')).toContain('There is nothing for the V100 (Palmetto) to do');
  await page.getByRole('button', { name: 'All studies' }).click();
  await kept.getByRole('button', { name: 'Three machines', exact: true }).click();
  await expect(page.getByTestId('more-systems-intervals')).toContainText('of 1000 replicates', {
    timeout: 60_000,
  });
  await more
    .getByRole('button', { name: 'MacBook Pro M1 Pro, Llama-2 7B: for longer queries' })
    .press('Enter');
  await expect(more.getByRole('listitem').first()).toContainText('1. Palmetto');
});

test('GSM8K has no useful threshold', async ({ page }) => {
  await page.getByLabel('Workload').selectOption('gsm8k');
  await expect(verdict(page)).toContainText('No useful threshold: send every query to the A100 (Swing)');
  await expect(page.getByRole('listitem').filter({ hasText: 'Oracle' })).toContainText('+0.00%');
});

test('another model, policy and boundary, each explained where it is chosen', async ({ page }) => {
  await page.getByText('Model, policy and boundary').click();
  await expect(page.getByRole('radio', { name: /grid.*recommended/ })).toBeChecked();
  await page.getByRole('radio', { name: /physical/ }).check();
  await expect(page.getByText('Under the physical model')).toBeVisible();
  await page.getByLabel('Policy').selectOption('threshold-in');
  await expect(verdict(page)).toContainText(/input tokens/);
  await page.getByLabel('Policy').selectOption('all');

  // What was not measured is stated, and then named.
  await page.getByLabel('Boundary').selectOption('wall');
  await expect(page.getByRole('alert')).toContainText('has no energy of');
  await page.getByLabel('M1 Pro: wall draws').fill('35');
  await page.getByLabel('M1 Pro: wall draws').press('Tab');
  await page.getByLabel('A100 (Swing): wall draws').fill('450');
  await page.getByLabel('A100 (Swing): PUE').fill('1.2');
  await page.getByLabel('A100 (Swing): PUE').press('Tab');
  await expect(page.getByRole('button', { name: /a stated energy/ }).first()).toBeVisible();

  await page.getByLabel('Boundary').selectOption('like-for-like');
  await page.getByRole('radio', { name: /^paper/ }).check();
  await expect(page.getByText("Under the paper's energy model")).toBeVisible();
  await expect(page.getByRole('img', { name: /Total against the threshold/ })).toBeVisible();
});
