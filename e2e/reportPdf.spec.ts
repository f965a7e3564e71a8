/** The report as PDF, printed by the real Electron from the command line. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { readPdf } from './pdf.ts';

/** Points to a page, with a point for rounding, and the margin that its number stands in. */
const SIZES = { A4: [595.3, 841.9], Letter: [612, 792] } as const;
const LOWER_MARGIN = 0.7 * 72;

const STUDIES = [
  {
    name: "the paper's study on A4",
    paper: 'A4',
    settings: [],
    figures: [/^energy of the workload/, /^Energy per token/],
    says: ['Sendquerieswithatmost32inputtokenstotheM1Pro', '0.7434kWh', '2,676,253'],
  },
  {
    name: 'every policy, intervals and devices on Letter',
    paper: 'Letter',
    settings: [
      ...['--model', 'grid', '--policy', 'all', '--thresholds', 'every-integer', '--lambda', '0.5'],
      ...['--bootstrap', '40', '--devices', 'small=40,large=20', '--arrival-rate', '1.5'],
    ],
    figures: [/^cost U at λ = 0.5/],
    says: ['inputtokens≤32andoutputtokens≤62', '95%intervals.', '40devices', 'Shadowpriceofadevice'],
  },
] as const;

function lab(data: string, ...args: string[]): string {
  return execFileSync(process.execPath, ['build/lab.mjs', ...args, '--data', data, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

for (const { name, paper, settings, figures, says } of STUDIES) {
  test(`${name}: pages, bookmarks, figures, and what it says`, ({}, info) => {
    const data = info.outputPath('data');
    mkdirSync(data, { recursive: true });
    const { study } = JSON.parse(lab(data, 'analyze', ...settings)) as { study: string };
    const file = path.join(info.outputDir, 'Bericht Ω 数.pdf');
    lab(data, 'report', study, '--paper', paper, '--out', file);
    const pdf = readPdf(readFileSync(file));

    for (const [width, height] of pdf.pages) {
      expect(Math.abs(width - SIZES[paper][0])).toBeLessThan(1.5);
      expect(Math.abs(height - SIZES[paper][1])).toBeLessThan(1.5);
    }
    // Each page has its number, of as many as there are, and something to read beside its foot.
    pdf.texts.forEach((text, i) => {
      expect(text).toContain(`${i + 1}/${pdf.pages.length}`);
      expect(text.length).toBeGreaterThan(100);
    });
    // The bookmarks are the headings of the HTML, to the last space.
    const page = path.join(info.outputDir, 'report.html');
    lab(data, 'report', study, '--out', page);
    expect(pdf.bookmarks.map(({ title }) => title.replaceAll('\u00a0', ' '))).toEqual(headingsOf(page));
    // No heading stands alone at the foot of a page, and no figure is cut.
    expect(pdf.bookmarks.filter(({ y }) => y < LOWER_MARGIN + 40)).toEqual([]);
    const drawn = pdf.figures.filter(({ alt }) => alt !== 'Warning');
    expect(drawn).toHaveLength(figures.length);
    drawn.forEach(({ alt }, i) => expect(alt).toMatch(figures[i]!));
    for (const { pages } of drawn) expect(pages).toHaveLength(1);
    expect(pdf.tagged).toBe(true);
    for (const text of says) expect(pdf.text).toContain(text);

    const before = readFileSync(file);
    expect(() => lab(data, 'report', study, '--out', file)).toThrow();
    expect(Buffer.compare(readFileSync(file), before)).toBe(0);
  });
}

function headingsOf(page: string): string[] {
  const entities: Record<string, string> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return [...readFileSync(page, 'utf8').matchAll(/<h[1-3][^>]*>(.*?)<\/h[1-3]>/g)].map(([, heading]) =>
    heading!
      .replace(/<[^>]+>/g, '')
      .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity]!)
      .replaceAll('\u00a0', ' '),
  );
}
