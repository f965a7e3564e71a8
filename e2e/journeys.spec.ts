/** The ways of a newcomer to a file to send: the paper's data to a PDF, a cluster's log to a policy to deploy. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElectronApplication } from '@playwright/test';
import { unzipSync } from 'fflate';
import { dropFile } from './dropFile.ts';
import { expect, inMain, test } from './fixtures.ts';
import { readPdf } from './pdf.ts';
import { trialTable } from './trialTable.ts';

/** Every save dialog answers with this file. */
async function saveAs(app: ElectronApplication, file: string): Promise<void> {
  await inMain(
    app,
    ({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    },
    file,
  );
}

test("the paper's data, Next, Next, Next, and a PDF with its text and figures", async ({
  app,
  page,
}, info) => {
  const file = info.outputPath('報告 Ω.pdf');
  await saveAs(app, file);
  await page.getByRole('button', { name: 'Open the study' }).click();
  await expect(page.getByTestId('verdict')).toContainText('at most 32 input tokens');
  await page.getByRole('button', { name: 'Next: check it holds' }).click();
  await page.getByRole('button', { name: 'Next: report' }).click();
  const paper = page.getByLabel('Paper of a PDF');
  const other = (await paper.inputValue()) === 'A4' ? 'Letter' : 'A4';
  await paper.selectOption(other);
  await page.getByRole('button', { name: 'Export PDF…' }).click();
  await expect(page.getByText(`Saved as ${file}`)).toBeVisible();

  const pdf = readPdf(readFileSync(file));
  expect(Math.abs(pdf.pages[0]![0] - (other === 'A4' ? 595.3 : 612))).toBeLessThan(1.5);
  expect(pdf.text).toContain('Sendquerieswithatmost32inputtokens');
  const drawn = pdf.figures.map(({ alt }) => alt).join('\n');
  expect(drawn).toMatch(/^energy of the workload/m);
  expect(drawn).toMatch(/^Energy per token of both systems/m);
  expect(pdf.bookmarks.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['How sure this is', 'Limits', "Apple's caution"]),
  );
  // The menu has every form; the paper is remembered.
  const items = await inMain(app, ({ Menu }) =>
    ['html', 'pdf', 'md', 'csv', 'json', 'bundle', 'policy'].map(
      (id) => Menu.getApplicationMenu()?.getMenuItemById(`export ${id}`)?.label,
    ),
  );
  expect(items).toEqual([
    'As HTML…',
    'As PDF…',
    'As Markdown…',
    'As CSV…',
    'As JSON…',
    'As bundle…',
    'Export Policy…',
  ]);
  await page.reload();
  await expect(paper).toHaveValue(other);
});

test('a cluster log is dropped, and becomes a policy whose test vectors pass', async ({
  app,
  page,
}, info) => {
  const log = info.outputPath('trials.csv');
  writeFileSync(log, trialTable());
  await dropFile(page, log);
  await expect(page.getByText(/cells from 33 trials/)).toBeVisible();
  await page.getByLabel('System', { exact: true }).fill('Made-up A100');
  await page.getByRole('button', { name: 'Accept' }).click();
  await page.getByRole('button', { name: 'Compare with it' }).click();
  await expect(page.getByTestId('verdict')).toContainText('Made-up A100');

  const zip = info.outputPath('policy.zip');
  await saveAs(app, zip);
  await page.getByRole('button', { name: 'Export policy…' }).click();
  await expect(page.getByText(`Saved as ${zip}`)).toBeVisible();
  const folder = info.outputPath('policy');
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
    writeFileSync(path.join(folder, name), bytes);
  }
  const { testVectors } = JSON.parse(readFileSync(path.join(folder, 'crossover-policy.json'), 'utf8')) as {
    testVectors: { inputTokens: number | null; predictedOutputTokens: number | null; system: string }[];
  };
  expect(testVectors.length).toBeGreaterThan(3);
  const { route } = (await import(pathToFileURL(path.join(folder, 'crossover_policy.mjs')).href)) as {
    route: (m: number | null, n: number | null) => string;
  };
  expect(testVectors.map((query) => route(query.inputTokens, query.predictedOutputTokens))).toEqual(
    testVectors.map(({ system }) => system),
  );
  const python = spawnSync('python3', ['crossover_policy.py'], { cwd: folder, encoding: 'utf8' });
  if (python.error === undefined) {
    expect(python.stdout).toContain(`${testVectors.length} of ${testVectors.length} test vectors agree`);
  } else
    info.annotations.push({
      type: 'skipped',
      description: 'no python3 here: the Python function did not run',
    });
});
