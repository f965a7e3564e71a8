/** No page has a fault that axe finds, in either theme. */
import AxeBuilder from '@axe-core/playwright';
import { expect, inMain, test } from './fixtures.ts';

const PAGES = [
  ['Where should a query run?', 'Control+0'],
  ['Measure this Mac', 'Control+1'],
  ['Profiles', 'Control+2'],
  ['Workload', 'Control+3'],
  ['Find the threshold', 'Control+4'],
  ['Check it holds', 'Control+5'],
  ['Report', 'Control+6'],
  ['Studies', 'Control+7'],
  ['Reproduce the paper', 'Control+p'],
] as const;

for (const theme of ['light', 'dark'] as const) {
  for (const contrast of ['no-preference', 'more'] as const) {
    const name = `${theme}${contrast === 'more' ? ', more contrast' : ''}`;
    test(`axe finds nothing on any page, ${name}`, async ({ page }) => {
      await page.emulateMedia({ reducedMotion: 'reduce', contrast });
      await page.getByRole('radio', { name: theme === 'light' ? 'Light' : 'Dark' }).click();
      await page.waitForFunction(
        (dark) => window.matchMedia('(prefers-color-scheme: dark)').matches === dark,
        theme === 'dark',
      );
      for (const [heading, keys] of PAGES) {
        await page.keyboard.press(keys);
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
        await expect(page.getByRole('status').filter({ hasText: '…' })).toHaveCount(0);
        // The window has no other page to open for the parts of a frame, so axe looks at all of it at once.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
        const found = violations.map(({ id, nodes }) => ({
          id,
          nodes: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
        }));
        expect.soft(found, heading).toEqual([]);
      }
    });
  }
}

test('at 200% in the smallest window nothing is cut off to the side', async ({ app, page }) => {
  await inMain(app, ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    window!.setContentSize(900, 600);
    window!.webContents.setZoomFactor(2);
  });
  await page.waitForFunction(() => window.innerWidth <= 450);
  for (const [heading, keys] of PAGES) {
    await page.keyboard.press(keys);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(page.getByRole('status').filter({ hasText: '…' })).toHaveCount(0);
    const beyond = await page.evaluate(() => {
      const main = document.querySelector('main')!;
      return Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth);
    });
    expect.soft(beyond, heading).toBeLessThanOrEqual(0);
  }
});
