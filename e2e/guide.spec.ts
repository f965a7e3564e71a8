/** What holds the window together: find anything, undo, files that are dropped anywhere. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import type { ElectronApplication, Page } from '@playwright/test';
import { dropFile } from './dropFile.ts';
import { expect, inMain, test } from './fixtures.ts';
import { menuItems, pressMenu } from './menus.ts';
import { trialTable } from './trialTable.ts';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

const PLACES = {
  Start: 'Where should a query run?',
  'Measure this Mac': 'Measure this Mac',
  Profiles: 'Profiles',
  Workload: 'Workload',
  'Find the threshold': 'Find the threshold',
  'Check it holds': 'Check it holds',
  Report: 'Report',
  Studies: 'Studies',
  'Reproduce the paper': 'Reproduce the paper',
} as const;

/** Presses every item of the native menus that does something in the window, and sees what it does. */
async function everyMenu(app: ElectronApplication, page: Page): Promise<void> {
  const pressed = new Set(['&Edit › Undo', '&Edit › Redo']);
  const press = async (path: string): Promise<void> => {
    await pressMenu(app, path);
    pressed.add(path);
  };
  for (const [label, title] of Object.entries(PLACES)) {
    await press(`&Go › ${label}`);
    await expect(heading(page)).toHaveText(title);
  }

  for (const [path, name] of [
    ['&Go › Find anything…', 'Find anything'],
    ['&View › Units…', 'Units and numbers'],
    ['Help › Keyboard shortcuts', 'Keyboard shortcuts'],
  ] as const) {
    await press(path);
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    expect(await faults(page), name).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }

  for (const [label, choice] of [
    ['Light', 'Light'],
    ['Dark', 'Dark'],
    ['Follow the system', 'Auto'],
  ] as const) {
    await press(`&View › ${label}`);
    await expect(page.getByRole('radio', { name: choice })).toBeChecked();
  }

  // What asks the system is answered with nothing, and told here.
  await inMain(app, ({ dialog, shell }) => {
    const asked: string[] = [];
    (globalThis as { asked?: string[] }).asked = asked;
    dialog.showOpenDialog = () => {
      asked.push('open');
      return Promise.resolve({ canceled: true, filePaths: [] });
    };
    dialog.showSaveDialog = (...given: unknown[]) => {
      const { filters = [] } = given.at(-1) as Electron.SaveDialogOptions;
      asked.push(`save ${filters[0]?.extensions[0]}`);
      return Promise.resolve({ canceled: true, filePath: '' });
    };
    shell.openExternal = (address) => {
      asked.push(address);
      return Promise.resolve();
    };
  });
  const asked = () => inMain(app, () => (globalThis as { asked?: string[] }).asked);
  const answers: string[] = [];
  for (const [path, answer] of [
    ['&File › Open…', 'open'],
    ['&File › Export Report › As HTML…', 'save html'],
    ['&File › Export Report › As PDF…', 'save pdf'],
    ['&File › Export Report › As Markdown…', 'save md'],
    ['&File › Export Report › As CSV…', 'save csv'],
    ['&File › Export Report › As JSON…', 'save json'],
    ['&File › Export Report › As bundle…', 'save crossover'],
    ['&File › Export Policy…', 'save zip'],
    ['Help › The paper (arXiv 2407.00010)', 'https://arxiv.org/abs/2407.00010'],
  ] as const) {
    await press(path);
    answers.push(answer);
    await expect.poll(asked).toEqual(answers);
  }
  await expect(page.getByRole('alert')).toHaveCount(0);

  // There is no other item, apart from those that the system carries out.
  const items = (await menuItems(app)).filter(({ role }) => role === undefined);
  const left = items.filter(({ path }) => !pressed.has(path)).map(({ path }) => path);
  expect(left).toEqual(['&File › Open Recent › Clear']);

  // The keys of the menus, of the list of shortcuts and of the palette are the same.
  const ofMenus = items.flatMap(({ keys }) => keys ?? []).sort();
  const keysOf = async (name: string): Promise<string[]> => {
    const texts = await page.getByRole('dialog', { name }).locator('kbd').allTextContents();
    return texts.map((text) => text.trim()).filter((text) => /^Ctrl\+(⇧?\w|[,/])$/.test(text));
  };
  await press('Help › Keyboard shortcuts');
  const listed = await keysOf('Keyboard shortcuts');
  expect(listed.filter((keys) => keys !== 'Ctrl+⇧0').sort()).toEqual(ofMenus);
  await page.keyboard.press('Escape');
  await press('&Go › Find anything…');
  expect(ofMenus).toEqual(expect.arrayContaining([...new Set(await keysOf('Find anything'))]));
  await page.keyboard.press('Escape');
}

/** What axe finds in the window as it stands. */
async function faults(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)]);
}

test('anything is found by typing: steps, workloads, words', async ({ page }) => {
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Find anything' });
  await palette.getByRole('textbox').fill('gsm8k');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(palette).toHaveCount(0);
  await expect(heading(page)).toHaveText('Workload');
  await expect(page.getByRole('navigation', { name: 'Steps' })).toContainText('GSM8K');

  await page.keyboard.press('Control+k');
  await palette.getByRole('textbox').fill('lambda');
  await expect(palette.getByRole('option').first()).toContainText('Weighs energy E against runtime R');
  await palette.getByRole('textbox').fill('no such thing');
  await expect(palette.getByRole('status')).toContainText('Nothing here is called so');
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
});

test('a change of the study is taken back and made again, by keys and by the menus', async ({
  app,
  page,
}) => {
  await page.keyboard.press('Control+3');
  const steps = page.getByRole('navigation', { name: 'Steps' });
  await expect(steps).toContainText('Alpaca');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('textbox').fill('gsm8k');
  await page.getByRole('dialog').getByRole('option', { name: /GSM8K/ }).click();
  await expect(steps).toContainText('GSM8K');
  await page.keyboard.press('Control+z');
  await expect(steps).toContainText('Alpaca');
  await page.keyboard.press('Control+Shift+z');
  await expect(steps).toContainText('GSM8K');
  await pressMenu(app, '&Edit › Undo');
  await expect(steps).toContainText('Alpaca');
  await pressMenu(app, '&Edit › Redo');
  await expect(steps).toContainText('GSM8K');
  await everyMenu(app, page);
});

test('a file that is dropped anywhere comes to whom it is for', async ({ page }, info) => {
  const table = info.outputPath('mystery.dat');
  writeFileSync(table, trialTable());
  await dropFile(page, table);
  await expect(heading(page)).toHaveText('Profiles');
  await expect(page.getByText('mystery.dat').first()).toBeVisible();

  const trace = info.outputPath('another.dat');
  writeFileSync(
    trace,
    'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n',
  );
  await dropFile(page, trace);
  await expect(heading(page)).toHaveText('Workload');
  await expect(page.getByText('another.dat').first()).toBeVisible();

  const model = info.outputPath('model.dat');
  writeFileSync(model, Buffer.from('GGUF\u0003\0\0\0\0\0\0\0'));
  await dropFile(page, model);
  await expect(heading(page)).toHaveText('Measure this Mac');
  await expect(page.getByLabel('Path of the GGUF file')).toHaveValue(model);
});

test('a chart is taken out as SVG, PNG and CSV, and its data copied', async ({ app, page }, info) => {
  const folder = info.outputPath('taken');
  mkdirSync(folder);
  await inMain(
    app,
    ({ dialog }, where) => {
      dialog.showSaveDialog = ((_window: unknown, { defaultPath = '' }: Electron.SaveDialogOptions) =>
        Promise.resolve({
          canceled: false,
          filePath: `${where}/${defaultPath.split('/').at(-1)}`,
        })) as typeof dialog.showSaveDialog;
    },
    folder,
  );
  await page.keyboard.press('Control+2');
  const menu = page.getByRole('button', { name: 'Take out: Energy per token against input tokens' });
  const take = async (what: string, told: string): Promise<void> => {
    await menu.click();
    await page.getByRole('menuitem', { name: what }).click();
    await expect(page.getByRole('status').filter({ hasText: told })).toBeVisible();
  };
  await take('Save as SVG…', '✓ saved');
  await take('Save as PNG…', '✓ saved');
  await take('Save the data as CSV…', '✓ saved');
  await take('Copy the data', '✓ copied');
  const name = 'Energy-per-token-against-input-tokens';
  const svg = readFileSync(`${folder}/${name}.svg`, 'utf8');
  expect(svg).toMatch(/^<svg/);
  expect(svg).toMatch(/<text [^>]*font-size="1\dpx"[^>]*>Energy per token, J\/token</);
  expect(svg.match(/<path/g)!.length).toBeGreaterThan(20);
  const csv = readFileSync(`${folder}/${name}.csv`, 'utf8');
  expect(csv).toMatch(/^series,/);
  expect(csv).toMatch(/^M1 Pro · Llama-2 7B · two sweeps,8,/m);
  expect(readFileSync(`${folder}/${name}.png`).subarray(1, 4).toString()).toBe('PNG');
  expect(await inMain(app, ({ clipboard }) => clipboard.readText())).toContain('M1 Pro · Llama-2 7B');
});
