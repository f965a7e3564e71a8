/** Units as the user likes them: chosen once, shown everywhere in the window, remembered, and never in a file. */
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, inMain, launchLab, test } from './fixtures.ts';

const steps = (page: Page) => page.getByRole('navigation', { name: 'Steps' });

async function chooseUnits(page: Page, ...names: readonly string[]): Promise<void> {
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog', { name: 'Units' });
  for (const name of names) await dialog.getByRole('radio', { name, exact: true }).click();
  await dialog.getByRole('button', { name: 'Close' }).click();
}

test('energies and totals follow the units that were chosen, and come back with the next start', async ({
  app,
  page,
  dataFolder,
}, info) => {
  await page.getByRole('main').getByRole('button', { name: 'Open the study' }).click();
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText('0.7434');
  await expect(verdict).toContainText('kWh');
  await page.keyboard.press('Control+,');
  const dialog = page.getByRole('dialog', { name: 'Units' });
  await dialog.getByRole('radio', { name: 'Wh', exact: true }).click();
  await dialog.getByRole('radio', { name: 'Per query' }).click();
  await expect(dialog.getByTestId('units-example')).toContainText(
    'All queries on the A100 (Swing): 0.01545 Wh/query',
  );
  await page.keyboard.press('Escape');
  // 743.4 Wh for 51,941 queries
  await expect(verdict).toContainText('0.01431');
  await expect(verdict).toContainText('Wh/query');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('units energy kWh');
  await page.keyboard.press('Enter');
  await expect(verdict).toContainText('kWh/query');
  await chooseUnits(page, 'Wh');

  await page.keyboard.press('Control+2');
  await expect(page.getByRole('columnheader', { name: 'Wh/token' })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: 'energy, Wh' })).toBeVisible();

  // Reports keep their own units.
  const file = info.outputPath('report.md');
  await inMain(
    app,
    ({ dialog: dialogs }, filePath) => {
      dialogs.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    file,
  );
  await steps(page)
    .getByRole('button', { name: /Report/ })
    .click();
  await page
    .getByRole('main')
    .getByRole('button', { name: /^(Export|Save as) HTML/ })
    .click();
  await expect(page.getByText(`Saved as ${file}`)).toBeVisible();
  const report = readFileSync(file, 'utf8');
  expect(report).toContain('0.7434');
  expect(report).not.toContain('Wh/query');

  await app.close();
  const again = await launchLab(dataFolder);
  const next = await again.firstWindow();
  await steps(next)
    .getByRole('button', { name: /Find the threshold/ })
    .click();
  await expect(next.getByRole('region', { name: 'Verdict' })).toContainText('Wh/query');
  await again.close();
});

test('numbers are written as the system writes them, everywhere at once, and fields take its comma', async ({
  dataFolder,
}) => {
  const app = await launchLab(dataFolder, ['--lang=de'], { LC_ALL: 'de_DE.UTF-8', LANGUAGE: 'de' });
  const page = await app.firstWindow();
  await page.getByRole('main').getByRole('button', { name: 'Open the study' }).click();
  await expect(page.getByTestId('verdict')).toContainText('7.4%');
  await chooseUnits(page, 'As the system writes them');
  await expect(page.getByTestId('verdict')).toContainText('7,4%');
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('0,7434');
  // What is computed beside the window says its numbers in the same way.
  await expect(page.getByTestId('intervals')).toHaveText('Intervals computed.');
  await expect(page.getByTestId('verdict')).toContainText(/95% interval \d,\d+% to \d+,\d+%/);
  await page.getByText('Model, policy and boundary').click();
  const useful = page.getByRole('textbox', { name: /Useful from/ });
  await useful.fill('2,5');
  await useful.press('Enter');
  await expect(page.getByText('useful from 2,5%')).toBeVisible();
  await useful.fill('1.234');
  await useful.press('Enter');
  // 1234 per cent is beyond the field: what holds stays.
  await expect(useful).toHaveValue('2,5');
  await app.close();
});
