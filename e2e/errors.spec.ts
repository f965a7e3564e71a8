import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, inMain, launchLab, test } from './fixtures.ts';

test('a database of a newer Crossover is left alone, and the window says so', async ({ dataFolder }) => {
  mkdirSync(dataFolder, { recursive: true });
  const db = new Database(`${dataFolder}/crossover.db`);
  db.pragma('user_version = 999');
  db.close();
  const before = readFileSync(`${dataFolder}/crossover.db`);
  const app = await launchLab(dataFolder);
  const page = await app.firstWindow();
  await expect(page.getByRole('alert')).toContainText(/newer/i);
  await app.close();
  expect(readFileSync(`${dataFolder}/crossover.db`).equals(before)).toBe(true);
});

test('a damaged database is left where it is, and the window says what to do', async ({ dataFolder }) => {
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(`${dataFolder}/crossover.db`, 'this was a database once '.repeat(400));
  const app = await launchLab(dataFolder);
  const page = await app.firstWindow();
  await expect(page.getByRole('alert')).toContainText(/damaged|not a database/i);
  await app.close();
  expect(readFileSync(`${dataFolder}/crossover.db`, 'utf8')).toMatch(/^this was a database once/);
});

test('a report that cannot be written says so and keeps the study', async ({ app, page }, info) => {
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    info.outputPath('no', 'such', 'folder', 'report.html'),
  );
  await page.keyboard.press('Control+6');
  await page.getByRole('button', { name: 'Export HTML…' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByText(/Stored as study-/)).toBeVisible();
});
