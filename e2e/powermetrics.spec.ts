import type { RunPreview } from '#core/activeRun';
import { makePlan } from '#core/sweep';
import { expect, inMain, test } from './fixtures.ts';

const preview = (changes: Partial<RunPreview>): RunPreview => ({
  plan: makePlan('quick', { seed: 1 }),
  checks: [],
  tried: [],
  model: { name: 'Tiny', toBeMade: true },
  estimate: { seconds: 130 },
  ...changes,
});
const needed = preview({
  meterPermission: 'needed',
  checks: [
    {
      id: 'meter',
      verdict: 'stop',
      title: 'Meter',
      message: 'powermetrics needs administrator rights, which it does not have here.',
      todo: 'Choose “Allow for this session…”.',
    },
  ],
});
const given = preview({
  meterPermission: 'given',
  meter: {
    kind: 'powermetrics',
    name: 'powermetrics',
    rails: ['cpu', 'gpu', 'ane'],
    boundary: 'soc',
    estimate: false,
    counters: false,
  },
});
const refusal = {
  kind: 'meter-permission',
  message: 'powermetrics was not started: the dialog was cancelled. Nothing was changed.',
};

// What main answers on a Mac; the dialog itself and the helper have tests of their own.
test('on a Mac powermetrics is allowed for the session, on the user’s own wish', async ({
  app,
  page,
}, info) => {
  await page.keyboard.press('Control+1');
  await inMain(
    app,
    ({ ipcMain }, answers) => {
      let asked = 0;
      ipcMain.removeHandler('previewRun');
      ipcMain.removeHandler('allowPowermetrics');
      ipcMain.handle('previewRun', () => ({ ok: true, value: asked < 2 ? answers.needed : answers.given }));
      ipcMain.handle('allowPowermetrics', () =>
        ++asked === 1 ? { ok: false, error: answers.refusal } : { ok: true, value: undefined },
      );
    },
    { needed, given, refusal },
  );
  await page.getByLabel('Meter').selectOption('powermetrics');
  const allow = page.getByRole('button', { name: 'Allow for this session…' });
  await expect(allow).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
  await page.screenshot({ path: info.outputPath('needed.png'), fullPage: true });

  await allow.click();
  await expect(page.getByText('the dialog was cancelled')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
  await page.screenshot({ path: info.outputPath('refused.png'), fullPage: true });

  await allow.click();
  await expect(page.getByText('allowed for this session', { exact: false })).toBeVisible();
  await expect(allow).toBeHidden();
  await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled();
  await page.screenshot({ path: info.outputPath('given.png'), fullPage: true });
});

test('elsewhere it is not offered', async ({ page }) => {
  test.skip(process.platform === 'darwin', 'this is a Mac');
  await page.keyboard.press('Control+1');
  await page.getByLabel('Meter').selectOption('powermetrics');
  await expect(page.getByText('powermetrics is on a Mac alone.').first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Allow for this session…' })).toHaveCount(0);
});
