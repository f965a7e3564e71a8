import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, inMain, test } from './fixtures.ts';

const folder = fileURLToPath(new URL('../out/screenshots/', import.meta.url));
mkdirSync(folder, { recursive: true });

const PAGES = [
  ['start', 'Where should a query run?', 'Control+0'],
  ['measure', 'Measure this Mac', 'Control+1'],
  ['profiles', 'Profiles', 'Control+2'],
  ['workload', 'Workload', 'Control+3'],
  ['threshold', 'Find the threshold', 'Control+4'],
  ['check', 'Check it holds', 'Control+5'],
  ['report', 'Report', 'Control+6'],
  ['studies', 'Studies', 'Control+7'],
] as const;

for (const theme of ['light', 'dark'] as const) {
  test(`every page fits 1280×800 and is pictured, ${theme}`, async ({ app, page }) => {
    await inMain(app, ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.setContentSize(1280, 800));
    // Pictures are of pages at rest: no colour is on its way to another.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('radio', { name: theme === 'light' ? 'Light' : 'Dark' }).click();
    await page.waitForFunction(
      (dark) => window.matchMedia('(prefers-color-scheme: dark)').matches === dark,
      theme === 'dark',
    );
    for (const [name, heading, keys] of PAGES) {
      await page.keyboard.press(keys);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
      await expect(page.getByRole('status').filter({ hasText: '…' })).toHaveCount(0);
      if (name === 'report') {
        await expect(page.frameLocator('iframe').getByRole('heading', { level: 1 })).toBeVisible();
      }
      const overflow = await page.evaluate(() => {
        const main = document.querySelector('main')!;
        return main.scrollWidth - main.clientWidth;
      });
      expect(overflow, `${name} is wider than the window`).toBeLessThanOrEqual(0);
      await page.screenshot({ path: `${folder}${name}-${theme}.png` });
    }
    await page.getByRole('button', { name: /Find the threshold/ }).click();
    await page.getByRole('button', { name: 'Reproduce the paper' }).click();
    await expect(page.getByTestId('input-reproduced-kwh')).toHaveText('0.746549');
    await page.screenshot({ path: `${folder}reproduce-${theme}.png` });
  });
}
