/** The report as PDF, printed by the real Electron from the command line. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { readPdf } from './pdf.ts';

/** Points to a page, with a point for rounding. */
const SIZES = { A4: [595.3, 841.9], Letter: [612, 792] } as const;

function lab(data: string, ...args: string[]): string {
  return execFileSync(process.execPath, ['build/lab.mjs', ...args, '--data', data, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

for (const paper of ['A4', 'Letter'] as const) {
  test(`the paper's study on ${paper}: pages, bookmarks, and the figures of the verdict`, ({}, info) => {
    const data = info.outputPath('data');
    mkdirSync(data, { recursive: true });
    const { study } = JSON.parse(lab(data, 'analyze')) as { study: string };
    const file = path.join(info.outputDir, 'Bericht Ω 数.pdf');
    lab(data, 'report', study, '--paper', paper, '--out', file);
    const pdf = readPdf(readFileSync(file));

    expect(pdf.pages.length).toBeGreaterThanOrEqual(6);
    expect(pdf.pages.length).toBeLessThanOrEqual(20);
    for (const [width, height] of pdf.pages) {
      expect(Math.abs(width - SIZES[paper][0])).toBeLessThan(1.5);
      expect(Math.abs(height - SIZES[paper][1])).toBeLessThan(1.5);
    }
    for (const bookmark of [
      'Policies',
      'Method',
      'Limits',
      "Apple's caution",
      'Where each number comes from',
    ]) {
      expect(pdf.bookmarks).toContain(bookmark);
    }
    expect(pdf.tagged).toBe(true);
    expect(pdf.text).toContain('Sendquerieswithatmost32inputtokenstotheM1Pro');
    expect(pdf.text).toContain('0.7434kWh');
    expect(pdf.text).toContain('2,676,253');
    // Page numbers.
    expect(pdf.text).toContain(`1/${pdf.pages.length}`);

    const before = readFileSync(file);
    expect(() => lab(data, 'report', study, '--out', file)).toThrow();
    expect(Buffer.compare(readFileSync(file), before)).toBe(0);
  });
}
