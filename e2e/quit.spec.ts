import { expect, inMain, launchLab, test } from './fixtures.ts';
import { writePowerLog } from './powerLog.ts';

for (const held of [false, true]) {
  test(`quitting while a run is ${held ? 'held' : 'measuring'} leaves it paused, and it goes on at the next start`, async ({
    dataFolder,
  }, info) => {
    test.setTimeout(240_000);
    const log = info.outputPath('power.csv');
    writePowerLog(log);
    const first = await launchLab(dataFolder);
    const page = await first.firstWindow();
    await page.getByRole('navigation', { name: 'Steps' }).waitFor();
    await page.keyboard.press('Control+1');
    await page.getByLabel('Meter', { exact: true }).selectOption('replay');
    await page.getByLabel('Path of the power log').fill(log);
    await page.getByRole('radio', { name: 'My cells' }).click();
    await page.getByLabel('Cells, as input,output tokens').fill('8,4 16,4');
    await page.getByText('More settings').click();
    await page.getByLabel('Most trials of a cell').fill('3');
    await page.getByLabel('Idle baseline').fill('1');
    await page.getByRole('button', { name: 'Start' }).click();
    await expect(page.getByText(/in → \d+ out/).first()).toBeVisible({ timeout: 60_000 });
    if (held) {
      await page.getByRole('button', { name: 'Pause' }).click();
      await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
    }
    const gone = new Promise<void>((resolve) => first.process().once('exit', () => resolve()));
    await inMain(first, ({ app }) => app.quit());
    await gone;

    const second = await launchLab(dataFolder);
    const again = await second.firstWindow();
    await again.getByRole('navigation', { name: 'Steps' }).waitFor();
    await again.keyboard.press('Control+1');
    const row = again.getByRole('row', { name: /paused/ });
    await row.getByRole('button').first().click();
    await again.getByRole('button', { name: 'Resume' }).first().click();
    await expect(again.getByText('✓ Done.')).toBeVisible({ timeout: 120_000 });
    await second.close();
  });
}
