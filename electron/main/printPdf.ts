import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BrowserWindow, session } from 'electron';
import { LabError } from '#core/errors';
import type { Paper } from '#core/reportFormat';

/** Margins of a page, inches; the footer stands in the lower one. */
const MARGINS = { top: 0.6, bottom: 0.7, left: 0.55, right: 0.55 };

/** Page numbers at the foot. Chromium gives header and footer a size of their own, and no styles of the page. */
const FOOTER =
  '<div style="width:100%;padding:0 14mm;font:8px system-ui,sans-serif;color:#60666d;display:flex;justify-content:space-between">' +
  '<span>Crossover report</span><span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>';

/**
 * A report as PDF, with page numbers, bookmarks of its headings and tags for readers: laid out by Chromium in a hidden
 * window that runs no scripts and reaches nothing but the page itself.
 * @param html a report made for paper
 * @throws LabError "interrupted" when the signal aborts
 */
export async function printPdf(html: string, paper: Paper, signal?: AbortSignal): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'crossover-print-'));
  const partition = session.fromPartition(`print-${folder}`);
  const page = join(folder, 'report.html');
  const url = pathToFileURL(page).href;
  partition.webRequest.onBeforeRequest((details, decide) =>
    decide({ cancel: details.url.split('#')[0] !== url }),
  );
  const window = new BrowserWindow({
    show: false,
    webPreferences: { session: partition, sandbox: true, contextIsolation: true, javascript: false },
  });
  const stop = (): void => window.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await writeFile(page, html);
    await window.loadURL(url);
    return await window.webContents.printToPDF({
      pageSize: paper,
      margins: MARGINS,
      printBackground: true,
      displayHeaderFooter: true,
      headerTemplate: '<span></span>',
      footerTemplate: FOOTER,
      generateTaggedPDF: true,
      generateDocumentOutline: true,
    });
  } catch (thrown) {
    // What is laid out fails with its window.
    if (signal?.aborted) throw new LabError('interrupted', 'The PDF was stopped. Nothing was written.');
    throw thrown;
  } finally {
    signal?.removeEventListener('abort', stop);
    if (!window.isDestroyed()) window.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}
