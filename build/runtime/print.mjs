// Printing a page as PDF: by the app's Electron, on the display that there is or a virtual one.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runQuietly, tail } from './commands.mjs';
import { withDisplay } from './display.mjs';
import { ensureElectron, launchArguments } from './electron.mjs';
import { Problem } from './messages.mjs';
import { root } from './places.mjs';
import { ensureSystemLibraries } from './systemLibraries.mjs';

/**
 * @param {string} html a page that needs nothing else
 * @param {string} paper A4 or Letter
 * @returns {Promise<Uint8Array>} the PDF
 * @throws {Problem} when it could not be printed
 */
export async function printPage(html, paper) {
  const electron = await ensureElectron();
  await ensureSystemLibraries(electron);
  const folder = mkdtempSync(path.join(tmpdir(), 'crossover-print-'));
  try {
    const page = path.join(folder, 'report.html');
    const pdf = path.join(folder, 'report.pdf');
    writeFileSync(page, html);
    const { code, output } = await withDisplay((env) =>
      runQuietly(
        electron.path,
        [path.join(root, 'out', 'print', 'index.js'), ...launchArguments(), page, pdf, paper],
        { env },
      ),
    );
    if (code !== 0) throw new Problem(`The report could not be printed. Electron said: ${tail(output)}`);
    return readFileSync(pdf);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
