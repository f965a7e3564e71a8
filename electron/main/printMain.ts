import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app } from 'electron';
import { isPaper } from '#core/reportFormat';
import { printPdf } from './printPdf.ts';

/**
 * A program for the command line: Electron without a window of its own, which prints a report on paper.
 * `electron out/print/index.js HTML PDF PAPER`
 */
const [html = '', pdf = '', paper = ''] = process.argv.slice(-3);
const own = mkdtempSync(join(tmpdir(), 'crossover-print-'));
app.setPath('userData', own);
app.disableHardwareAcceleration();
app.on('window-all-closed', () => {
  // The printing window closes before its file is written.
});
app.on('quit', () => rmSync(own, { recursive: true, force: true }));
void app.whenReady().then(async () => {
  try {
    if (!isPaper(paper)) throw new Error(`there is no paper "${paper}"`);
    writeFileSync(pdf, await printPdf(readFileSync(html, 'utf8'), paper));
    app.exit(0);
  } catch (thrown) {
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    app.exit(1);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
});
