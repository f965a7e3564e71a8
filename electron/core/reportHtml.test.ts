import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { buildReport, type ReportDocument } from './report.ts';
import { reportHtml } from './reportHtml.ts';
import { analyse, parseSettings, studyTitle, type StudyInputs } from './study.ts';

function report(settings: Record<string, unknown> = {}, name?: string): ReportDocument {
  const parsed = parseSettings({
    small: 'm1-pro.llama-2-7b.sweeps',
    large: 'swing-a100.llama-2-7b.sweeps',
    workload: 'alpaca-davinci',
    ...settings,
  });
  const small = bundledProfile(parsed.small);
  const inputs: StudyInputs = {
    small: name === undefined ? small : { ...small, name, system: { ...small.system, label: name } },
    large: bundledProfile(parsed.large),
    workload: bundledWorkload(parsed.workload),
  };
  return buildReport({
    study: {
      id: 'a-study',
      settings: parsed,
      hashes: { small: 'a'.repeat(64), large: 'b'.repeat(64), workload: 'c'.repeat(64) },
      result: analyse(parsed, inputs),
    },
    inputs,
    title: studyTitle(inputs),
    versions: { crossover: '1.2.3' },
    command: 'crossover analyze --lambda 1',
  });
}

const made = report();
const html = reportHtml(made);

/** The text that a reader sees. */
const visible = (page: string): string =>
  page
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\u00a0/g, ' ')
    .replace(/\s+/g, ' ');

/** The report that a file carries. */
function carried(page: string): unknown {
  const [, data] = /<script type="application\/json" id="crossover-report">(.*?)<\/script>/s.exec(page)!;
  return JSON.parse(data!);
}

describe('one file that needs nothing else', () => {
  test('forbids everything but its own styles', () => {
    expect(html).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`,
    );
  });

  test('has no address in it, loads nothing and runs nothing', () => {
    expect(html).not.toMatch(/https?:|\burl\(|@import|\ssrc=|\shref="(?!#)|\son[a-z]+=/);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script type="application/json"');
  });

  test('carries the whole report as data', () => expect(carried(html)).toEqual(made));

  test('is the same twice', () => expect(reportHtml(report())).toBe(html));
});

describe('for everyone', () => {
  test('has a language, a title and headings in order', () => {
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain('<title>M1 Pro against A100 (Swing) · Llama-2 7B · Alpaca, davinci outputs');
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.slice(1).forEach((level, i) => expect(level).toBeLessThanOrEqual(levels[i]! + 1));
  });

  test('every table header has a scope, every figure a caption, every chart a title', () => {
    for (const [header] of html.matchAll(/<th[\s>][^>]*>?/g)) expect(header).toMatch(/scope="/);
    expect(html.match(/<figcaption>/g)).toHaveLength(html.match(/<figure/g)!.length);
    for (const [svg] of html.matchAll(/<svg[^>]*>/g)) expect(svg).toMatch(/role="img"|aria-hidden="true"/);
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('suits light, dark and paper', () => {
    expect(html).toContain('@media screen and (prefers-color-scheme: dark)');
    expect(html).toContain('@page { size: A4;');
  });
});

describe('the content', () => {
  const text = visible(html);

  test('begins with the question and the answer', () => {
    const question = text.indexOf('Which queries of Alpaca, davinci outputs belong on the M1 Pro');
    const answer = text.indexOf('Send queries with at most 32 input tokens to the M1 Pro');
    expect(question).toBeGreaterThan(0);
    expect(answer).toBeGreaterThan(question);
    expect(html).toContain(
      '<b class="hybrid">at most <a class="from" href="#from-thresholds">32</a> input tokens</b>',
    );
  });

  test('comes in one order: from the answer to what it rests on to how to check it', () => {
    const titles = [...html.matchAll(/<h2[^>]*>([^<]+)</g)].map(([, title]) => title);
    expect(titles.slice(1)).toEqual([
      'What each threshold costs',
      'What a token costs, by input tokens',
      'Policies',
      'What it rests on',
      'Systems',
      'Workload',
      'Method',
      'Threshold by threshold',
      'What else it depends on',
      'Limits',
      'How to reproduce it',
      'Sources',
      'Where each number comes from',
    ]);
  });

  test('gives the policies with units', () => {
    for (const figure of ['0.7968', '0.8025', '0.7434', '2,676,253', '6.70%', '7.36%', '9.49 ×']) {
      expect(text).toContain(figure);
    }
    expect(text).toContain('Energy, kWh Energy, J Runtime, days');
  });

  test('marks warnings, tells published from modelled figures, and names its sources', () => {
    expect(html).toMatch(/class="rest-warning">.*?▲/);
    expect(text).toContain('published figures');
    expect(text).toContain('doi:10.1145/3632775.3662830');
    expect(text).toContain('grantwilkins/energy-inference at 5c2cfa4');
    expect(text).toContain('c'.repeat(64));
    expect(text).toContain('crossover analyze --lambda 1');
  });

  test('has no figure that is none', () => {
    expect(text).not.toMatch(/\bNaN\b|undefined|Infinity|\[object|\bnull\b/);
  });
});

describe('whatever is named how', () => {
  const name = `<img src=x onerror="a()"> & 'M1' </script><!-- מחשב 苹果`;
  const page = reportHtml(report({}, name));

  test('a name stays a name', () => {
    expect(page).not.toMatch(/<img|onerror="/);
    expect(page.match(/<\/script>/g)).toHaveLength(1);
    expect(page).not.toContain('<!--');
    expect(page).toContain('&lt;img src=x onerror=&quot;a()&quot;&gt; &amp; &#39;M1&#39;');
    expect(page).toContain('苹果');
  });

  test('the data hold it unchanged', () => {
    expect((carried(page) as ReportDocument).systems.small.label).toBe(name);
  });
});

describe('other studies', () => {
  test('with all policies, both axes are shown', () => {
    const page = reportHtml(report({ policy: 'all', lambda: 0.5, cost: 'normalised' }));
    expect(page).toContain('What a token costs, by input tokens');
    expect(page).toContain('What a token costs, by output tokens');
    expect(visible(page)).toContain('Cost U, no unit');
    expect(visible(page)).not.toMatch(/\bNaN\b|undefined|Infinity/);
  });

  test('of very many thresholds the table shows some and the best, the data all', () => {
    const every = report({ workload: 'azure-conversation', thresholds: 'every-integer' });
    const page = reportHtml(every);
    expect(every.sweep.points.length).toBeGreaterThan(1000);
    expect(page.match(/<tr/g)!.length).toBeLessThan(150);
    expect(visible(page)).toMatch(/\d+ of [\d,]+ thresholds; all are in the data of this file/);
    expect((carried(page) as ReportDocument).sweep.points).toHaveLength(every.sweep.points.length);
  });

  test('without a useful threshold the answer says so', () => {
    const page = reportHtml(report({ policy: 'threshold-out' }));
    expect(page).toContain('<b class="hybrid">No useful threshold: </b>');
    expect(visible(page)).toContain('least, T = 32: not useful');
  });
});
