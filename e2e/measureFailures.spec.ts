import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { totalmem } from 'node:os';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { writePowerLog } from './powerLog.ts';

/** Nothing can be started, and the page says why and what to do. */
async function refused(page: Page, preview: Locator, why: RegExp, todo: RegExp): Promise<void> {
  await expect(preview).toContainText(why);
  await expect(preview).toContainText(todo);
  await expect(preview.getByRole('heading')).toHaveText('Not ready');
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled();
}

test('bad models, servers and power logs each have their sentence before the start', async ({
  page,
}, info) => {
  await page.keyboard.press('Control+1');
  const preview = page.getByRole('region', { name: 'What the run would be' });
  await page.getByLabel('Meter', { exact: true }).selectOption('estimate');
  await page.getByLabel('Model', { exact: true }).selectOption('file');

  const notes = info.outputPath('notes.gguf');
  writeFileSync(notes, 'notes');
  await page.getByLabel('Path of the GGUF file').fill(notes);
  await refused(page, preview, /notes\.gguf is not a GGUF model/, /GGUF/);

  // A file of this length with nothing in it takes no room.
  const huge = info.outputPath('huge.gguf');
  writeFileSync(huge, Buffer.from([...Buffer.from('GGUF'), 3, 0, 0, 0]));
  truncateSync(huge, totalmem() + 1e9);
  await page.getByLabel('Path of the GGUF file').fill(huge);
  await refused(page, preview, /of memory can be had/, /Choose a smaller model/);
  truncateSync(huge, 0);

  let answer = { status: 500, body: '{"error":"broken"}' };
  const server = createServer((_, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    await page.getByLabel('Engine').selectOption('ollama');
    await page.getByLabel('Name of the model there').fill('m');
    await page
      .getByLabel('Address of the server')
      .fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await refused(page, preview, /answered 500: broken/, /server's own log/);
    answer = { status: 200, body: '[1,2]' };
    await page.getByRole('button', { name: 'Look again' }).click();
    await refused(page, preview, /which is not what it is documented to answer/, /check that/);
  } finally {
    server.closeAllConnections();
    server.close();
  }

  await page.getByLabel('Engine').selectOption('embedded');
  await page.getByLabel('Model', { exact: true }).selectOption('tiny');
  await page.getByLabel('Meter', { exact: true }).selectOption('replay');
  await page.getByLabel('Path of the power log').fill(notes);
  await refused(page, preview, /notes\.gguf is not a power log/, /Known are/);
});

/** The engine's process: the child of the app that runs its worker. */
function engineOf(app: number): number {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,command='], { encoding: 'utf8' }).split('\n');
  const found = lines.find((line) => {
    const [, , parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === app && /engine[\\/]index\.js/.test(command ?? '');
  });
  return Number(/^\s*(\d+)/.exec(found ?? '')?.[1]);
}

test('a run whose engine dies says so, keeps its trials, and goes on', async ({ app, page }, info) => {
  test.setTimeout(240_000);
  const log = info.outputPath('power.csv');
  writePowerLog(log);
  await page.keyboard.press('Control+1');
  await page.getByLabel('Meter', { exact: true }).selectOption('replay');
  await page.getByLabel('Path of the power log').fill(log);
  await page.getByRole('radio', { name: 'My cells' }).click();
  await page.getByLabel('Cells, as input,output tokens').fill('8,4 16,4');
  await page.getByText('More settings').click();
  await page.getByLabel('Most trials of a cell').fill('6');
  await page.getByLabel('Idle baseline').fill('1');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText(/in → \d+ out, trial [3-9]/).first()).toBeVisible({ timeout: 60_000 });
  process.kill(engineOf(app.process().pid!), 'SIGKILL');

  const notice = page
    .getByRole('alert')
    .filter({ hasText: 'was ended by SIGKILL. The trials before are kept.' });
  await expect(notice).toContainText(/\d+ trials in 2 cells were kept/);
  await page.screenshot({ path: info.outputPath('failed.png') });
  await notice.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('✓ Done.')).toBeVisible({ timeout: 120_000 });
});
