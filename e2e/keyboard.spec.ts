/** The whole way without a mouse, and in the dark in the smallest window. */
import { existsSync } from 'node:fs';
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { expect, inMain, test } from './fixtures.ts';

/** More controls than any page has. */
const MOST_TABS = 150;

/** Goes on with Tab until a control has the focus, which must then be seen to have it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      const outline = await target.evaluate((element) => getComputedStyle(element).outlineStyle);
      expect(outline, 'the focus is seen').not.toBe('none');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never comes to ${String(target)}.`);
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  const button = page.getByRole('main').getByRole('button', { name });
  await expect(button).toBeEnabled();
  await tabTo(page, button);
  await page.keyboard.press('Enter');
}

async function saveInto(app: ElectronApplication, file: string): Promise<void> {
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    file,
  );
}

const heading = (page: Page): Locator => page.getByRole('heading', { level: 1 });

test('from the start to a saved report by keyboard alone', async ({ app, page }, info) => {
  const file = info.outputPath('report.html');
  await saveInto(app, file);
  await press(page, 'Open the study');
  await expect(page.getByTestId('verdict')).toContainText('at most 32 input tokens');
  await press(page, 'Next: check it holds');
  await expect(heading(page)).toHaveText('Check it holds');
  await press(page, 'Next: report');
  await expect(heading(page)).toHaveText('Report');
  await press(page, /^(Export|Save as) HTML/);
  await expect(page.getByText(`Saved as ${file}`)).toBeVisible();
  expect(existsSync(file)).toBe(true);
});

test('from the start to a saved report in the dark, in the smallest window', async ({ app, page }, info) => {
  const file = info.outputPath('report.html');
  await saveInto(app, file);
  await inMain(app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(900, 600));
  await page.getByRole('radio', { name: 'Dark' }).click();
  const whole = async (): Promise<void> => {
    const beyond = await page.evaluate(() => {
      const main = document.querySelector('main')!;
      return main.scrollWidth - main.clientWidth;
    });
    expect(beyond).toBeLessThanOrEqual(0);
  };
  const main = page.getByRole('main');
  await main.getByRole('button', { name: 'Open the study' }).click();
  await expect(page.getByTestId('verdict')).toContainText('at most 32 input tokens');
  await whole();
  await main.getByRole('button', { name: 'Next: check it holds' }).click();
  await whole();
  await main.getByRole('button', { name: 'Next: report' }).click();
  await whole();
  await main.getByRole('button', { name: /^(Export|Save as) HTML/ }).click();
  await expect(page.getByText(`Saved as ${file}`)).toBeVisible();
});
