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
    // Every explanation is whole, wherever its term stands: it opens with the focus, which brings the term into sight.
    const cut = await page.evaluate(async () => {
      const frame = (): Promise<unknown> => new Promise((go) => setTimeout(go, 16));
      const isWhole = (tip: Element): boolean => {
        const { left, right, top, bottom } = tip.getBoundingClientRect();
        const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
        return inside && tip.scrollWidth <= tip.clientWidth && tip.scrollHeight <= tip.clientHeight;
      };
      const found: string[] = [];
      for (const term of document.querySelectorAll<HTMLElement>('main .term')) {
        if (!term.checkVisibility()) continue;
        term.focus();
        let whole = false;
        for (let frames = 0; frames < 40 && !whole; frames++) {
          await frame();
          const tips = [...document.querySelectorAll('.tip')];
          whole = tips.length === 1 && isWhole(tips[0]!);
        }
        if (!whole) found.push(term.textContent);
      }
      (document.activeElement as HTMLElement).blur();
      return found;
    });
    expect.soft(cut, heading).toEqual([]);
  }
  // A dialog that is higher than the window is gone through to its end.
  await page.keyboard.press('Control+/');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('a term is explained by the pointer, by the keyboard and by touch', async ({ page }) => {
  await page.keyboard.press('Control+2');
  const term = page.getByRole('heading', { level: 2, name: 'Profiles' }).locator('.term');
  const MEANING = 'What a query costs on one system';
  const tip = page.getByRole('tooltip');
  await term.hover();
  await expect(tip).toContainText(MEANING);
  await page.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);

  await term.focus();
  await expect(tip).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(tip).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(tip).toHaveCount(1);
  await page.keyboard.press('Tab');
  await expect(tip.filter({ hasText: MEANING })).toHaveCount(0);
  await page.keyboard.press('Escape');

  const { x, y, width, height } = (await term.boundingBox())!;
  const at = [{ x: x + width / 2, y: y + height / 2 }];
  const touch = await page.context().newCDPSession(page);
  const tap = async (): Promise<void> => {
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await tap();
  await expect(tip).toContainText(MEANING);
  await tap();
  await expect(tip).toHaveCount(0);
});
