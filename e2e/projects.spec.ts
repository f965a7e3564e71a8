/** Pieces of work beside one another: stored, named, compared, copied, removed and taken back, and there again later. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { dropFile } from './dropFile.ts';
import { expect, inMain, launchLab, test } from './fixtures.ts';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const project = (page: Page) => page.getByRole('button', { name: /^Project: / });
const rows = (page: Page) => page.getByRole('table', { name: 'Stored studies' }).getByRole('row');

const root = fileURLToPath(new URL('..', import.meta.url));
const electron = createRequire(import.meta.url)('electron') as unknown as string;

/** Picks something from the menu of the projects. */
async function choose(page: Page, item: string | RegExp): Promise<void> {
  await project(page).click();
  await page.getByRole('menu').getByText(item, { exact: true }).click();
}

/** Names what the dialog asks a name for. */
async function name(page: Page, text: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(text);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
}

/** Stores what is being worked on, on the page of the studies. */
async function store(page: Page, expected: number): Promise<void> {
  await page.getByRole('button', { name: 'Store the present study' }).click();
  await expect(rows(page)).toHaveCount(expected + 1);
}

/** Makes another workload the draft's, by the palette. */
async function takeWorkload(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Find anything' }).getByRole('textbox').fill(typed);
  await page
    .getByRole('dialog')
    .getByRole('option', { name: new RegExp(typed, 'i') })
    .first()
    .click();
  await expect(heading(page)).toHaveText('Workload');
}

/** What axe finds on the page as it stands. */
async function faults(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]);
}

/** Starts the program once more with a file, as a file manager does; it gives way to the window that is there. */
async function startAgain(dataFolder: string, file: string): Promise<void> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(electron, ['.', `--data=${dataFolder}`, ...asRoot, file], {
    cwd: root,
    stdio: 'ignore',
  });
  expect(await once(child, 'close')).toEqual([0, null]);
}

test('projects and their studies, until the window is closed and after', async ({
  app,
  page,
  dataFolder,
}, info) => {
  test.setTimeout(120_000);
  await expect(project(page)).toHaveText(/First project/);
  await page.keyboard.press('Control+7');
  await expect(heading(page)).toHaveText('Studies');
  await expect(page.getByText('No study is stored in this project yet')).toBeVisible();
  await choose(page, "The paper's study");
  await page.keyboard.press('Control+7');
  await store(page, 1);
  await takeWorkload(page, 'gsm8k');
  await page.keyboard.press('Control+7');
  await store(page, 2);

  // The latest is first; it is named and noted.
  await page.getByRole('button', { name: /^More about .*GSM8K/ }).click();
  await page.getByRole('menuitem', { name: 'Name and note…' }).click();
  await page.getByRole('dialog').getByLabel('Note').fill('for the talk');
  await name(page, 'Word problems');
  await expect(rows(page).nth(1)).toContainText('Word problems');
  await expect(rows(page).nth(1)).toContainText('for the talk');
  await expect(rows(page).nth(2)).toContainText('at most 32 input tokens');
  await expect(rows(page).nth(2)).toContainText('95% interval');

  // Both side by side.
  const compare = page.getByRole('button', { name: 'Compare two' });
  await expect(compare).toBeDisabled();
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await compare.click();
  const both = page.getByTestId('side-by-side');
  await expect(both.getByRole('region', { name: 'Study B' })).toContainText('Word problems');
  await expect(both.getByRole('row', { name: /Workload/ })).toContainText('GSM8K');
  await expect(both.getByRole('row', { name: /Small system/ })).toContainText('the very same in both');
  await expect(both.getByRole('row', { name: /^T_in/ })).toContainText('32');
  await expect(both.getByRole('row', { name: /A100 \(Swing\) only/ })).toContainText(/−\d/);
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'All studies' }).click();

  // A study is removed, and taken back; then once more by the menu's Undo.
  const remove = async (): Promise<void> => {
    await page.getByRole('button', { name: 'More about Word problems' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await expect(rows(page)).toHaveCount(2);
  };
  await remove();
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(rows(page)).toHaveCount(3);
  await remove();
  await page.keyboard.press('Control+z');
  await expect(rows(page)).toHaveCount(3);

  // A copy goes its own way; it is deleted, taken back, and renamed.
  await choose(page, 'Duplicate');
  await expect(project(page)).toHaveText(/First project copy/);
  await expect(rows(page)).toHaveCount(3);
  await choose(page, 'Delete');
  await expect(project(page)).toHaveText(/First project⌄/);
  await expect(page.getByText('“First project copy” was deleted.')).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(project(page)).toHaveText(/First project copy/);
  await choose(page, 'Rename…');
  await name(page, 'Second look');
  await expect(project(page)).toHaveText(/Second look/);

  // A new one is empty and begins at the start.
  await choose(page, 'New project…');
  await name(page, 'Empty one');
  await expect(heading(page)).toHaveText('Where should a query run?');
  await expect(page.getByRole('navigation', { name: 'Steps' })).toContainText('Alpaca');

  // A bundle comes with a second start; it is verified, opened, and its report is there.
  const file = info.outputPath('from a colleague.crossover');
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    file,
  );
  await choose(page, 'Second look');
  await expect(page.getByRole('navigation', { name: 'Steps' })).toContainText('GSM8K');
  await page.evaluate(async () => {
    const { request } = window.crossover;
    const { value } = (await request.listStudies()) as { value: { id: string; name: string }[] };
    const study = value.find(({ name }) => name === 'Word problems')!.id;
    await request.exportReport({ study, format: 'bundle' });
  });
  await choose(page, 'Empty one');
  await startAgain(dataFolder, file);
  const bundle = page.getByTestId('bundle');
  await expect(bundle).toContainText(/from a colleague\.crossover is verified: all \d+ figures agree/);
  await expect(bundle).toContainText('opening puts it into Empty one');
  expect(await faults(page)).toEqual([]);
  await bundle.getByRole('button', { name: 'Open' }).click();
  await expect(heading(page)).toHaveText('Report');
  await expect(page.frameLocator('iframe').getByRole('heading', { level: 1 })).toContainText('GSM8K');

  // With a changed byte it is refused, and nothing is stored.
  const bytes = readFileSync(file);
  bytes[Math.floor(bytes.length / 2)]! ^= 1;
  const changed = info.outputPath('changed.crossover');
  writeFileSync(changed, bytes);
  await dropFile(page, changed);
  await expect(page.getByRole('alert')).toContainText(
    'changed.crossover is no sound bundle of a study: its seal is broken',
  );
  await expect(bundle.getByRole('button', { name: 'Open' })).toBeDisabled();
  await bundle.getByRole('button', { name: 'Close' }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(rows(page).nth(1)).toContainText('Word problems');

  // Both are in the list of recent files; one that is no longer there says so and leaves it.
  const inMenu = (): Promise<string[] | undefined> =>
    inMain(app, ({ Menu }) =>
      Menu.getApplicationMenu()
        ?.items.flatMap(({ submenu }) => submenu?.items ?? [])
        .find(({ label }) => label === 'Open Recent')
        ?.submenu?.items.map(({ label }) => label),
    );
  await expect.poll(inMenu).toEqual(['from a colleague.crossover', '', 'Clear']);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').fill('colleague once more');
  await page.getByRole('dialog').getByRole('option').first().click();
  await expect(bundle).toContainText('is verified');
  await bundle.getByRole('button', { name: 'Close' }).click();
  renameSync(file, `${file}.bak`);
  await page.keyboard.press('Control+0');
  await page.getByRole('button', { name: 'from a colleague.crossover' }).click();
  await expect(page.getByRole('alert')).toContainText('so it was taken off the list of recent files');
  await expect(page.getByRole('heading', { name: 'Recent files' })).toHaveCount(0);
  await expect.poll(inMenu).toEqual(['Clear']);

  // A saved report is one of them, too; the system shows it.
  const saved = info.outputPath('report.json');
  await inMain(
    app,
    ({ dialog, shell }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
      shell.openPath = (path) => {
        shell.openPath = () => Promise.resolve(`opened already: ${path}`);
        return Promise.resolve(path === filePath ? '' : 'another file');
      };
    },
    saved,
  );
  await page.keyboard.press('Control+Shift+e');
  const recent = page.getByRole('button', { name: 'report.json' });
  await recent.click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await recent.click();
  await expect(page.getByRole('alert')).toContainText('opened already');

  await choose(page, 'Second look');
  await expect(page.getByRole('navigation', { name: 'Steps' })).toContainText('GSM8K');
  await page.keyboard.press('Control+7');
  await expect(rows(page)).toHaveCount(3);
  await remove();
  await page.keyboard.press('Control+3');
  await expect(heading(page)).toHaveText('Workload');
  await page.keyboard.press('Control+7');
  await expect(heading(page)).toHaveText('Studies');

  // It lands where one was, and what was removed is gone. A file of the first start is looked at, too.
  await app.close();
  const again = await launchLab(dataFolder, [changed]);
  const next = await again.firstWindow();
  await expect(project(next)).toHaveText(/Second look/);
  await expect(heading(next)).toHaveText('Studies');
  await expect(next.getByRole('alert')).toContainText('changed.crossover is no sound bundle of a study');
  await next.getByTestId('bundle').getByRole('button', { name: 'Close' }).click();
  await expect(rows(next)).toHaveCount(2);
  await expect(next.getByRole('navigation', { name: 'Steps' })).toContainText('GSM8K');
  await choose(next, 'First project');
  await expect(rows(next)).toHaveCount(3);
  await again.close();
});
