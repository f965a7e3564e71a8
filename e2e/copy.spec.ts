/** Every table and every number can be taken to a spreadsheet: by pointer, by keyboard, by name. */
import type { ElectronApplication } from '@playwright/test';
import { expect, inMain, test } from './fixtures.ts';

const clipboard = (app: ElectronApplication): Promise<string> =>
  inMain(app, ({ clipboard: board }) => board.readText());

test('tables are copied with their units, numbers as they are read', async ({ app, page }) => {
  await page.keyboard.press('Control+2');
  const table = page.getByRole('table', { name: /The cells of/ });
  await table.hover();
  await page.getByRole('button', { name: /^Copy: The cells of/ }).click();
  await expect(
    page.getByRole('status').filter({ hasText: /Copied: The cells of .*, \d+ rows/ }),
  ).toBeVisible();
  const [header, first] = (await clipboard(app)).split('\n').map((line) => line.split('\t'));
  expect(header).toEqual(
    expect.arrayContaining(['m', 'n', 'energy, J', 'J/token', 'runtime, s', 'power, W']),
  );
  expect(first!.length).toBe(header!.length);
  expect(Number(first![header!.indexOf('energy, J')])).toBeGreaterThan(0);

  await table.getByRole('cell').nth(3).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Copy \d/ }).click();
  expect(await clipboard(app)).toMatch(/^[\d.,]+$/);

  await page.keyboard.press('Control+4');
  const readout = page.getByRole('group', { name: /saved by/ });
  await readout.focus();
  await page.keyboard.press('Control+c');
  await expect(page.getByRole('status').filter({ hasText: 'Copied: ' })).toBeVisible();
  expect(await clipboard(app)).toMatch(/^\d+(\.\d+)? ?%/);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('copy table every policy');
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('status').filter({ hasText: 'Copied: Every policy and its regret' }),
  ).toBeVisible();
  expect((await clipboard(app)).split('\n')[0]).toBe(
    'policy\tregret\tregret, 95%\tsaves\tsaves, 95%\tenergy',
  );
});
