import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { buildReport, type ReportDocument } from './report.ts';
import { reportHtml } from './reportHtml.ts';
import { reportReadouts } from './reportReadouts.ts';
import { parseSettings, studyTitle, type StudySettings } from './study.ts';
import { analyseWithUncertainty } from './studyUncertainty.ts';

function report(changes: Partial<StudySettings> = {}): ReportDocument {
  const settings = parseSettings({
    small: 'm1-pro.llama-2-7b.sweeps',
    large: 'swing-a100.llama-2-7b.sweeps',
    workload: 'alpaca-gpt4',
    energyModel: 'grid',
    thresholds: 'every-integer',
    policy: 'all',
    bootstrap: 100,
    seed: 1,
    ...changes,
  });
  const inputs = {
    small: bundledProfile(settings.small),
    large: bundledProfile(settings.large),
    workload: bundledWorkload(settings.workload),
  };
  return buildReport({
    study: {
      id: 'a-study',
      settings,
      hashes: { small: 'a'.repeat(64), large: 'b'.repeat(64), workload: 'c'.repeat(64) },
      result: analyseWithUncertainty(settings, inputs),
    },
    inputs,
    title: studyTitle(inputs),
    versions: { crossover: '1.2.3' },
    command: 'crossover analyze',
  });
}

const visible = (page: string): string =>
  page
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\u00a0/g, ' ')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ');

describe('a report with intervals', () => {
  const made = report();
  const text = visible(reportHtml(made));

  test('has a section on how sure it is: a row for every policy, what to measure next, and its plan', () => {
    expect(text).toContain('How sure this is');
    expect(text).toMatch(
      /The best threshold beats the better single system in \d+(\.\d)?% of 100 replicates/,
    );
    const [, section = ''] = /95% intervals\.(.*?)What to measure next/.exec(text) ?? [];
    for (const name of ['M1 Pro alone', 'input tokens ≤ 7', 'the cheaper system for each query']) {
      expect(section).toContain(name);
    }
    expect(section).toMatch(
      /input × output tokens ≤ 1242 0\.\d+ to 0\.\d+ 0\.\d+% to 0\.\d+% input × output 1,?\d+ to 1,?\d+/,
    );
    expect(text).toMatch(/A100 \(Swing\) 16 32 6 \d\.\d+% \d+\.?\d*%/);
    expect(text).toMatch(/crossover measure --sweep "16,32 /);
  });

  test('carries all of it in its data', () => {
    expect(made.uncertainty).toMatchObject({ replicates: 100, seed: 1 });
    expect(made.policies.every(({ interval95 }) => interval95!.length === 2)).toBe(true);
  });

  test('says beside its big number how sure that is, and what the intervals do not hold', () => {
    expect(reportReadouts(made)[0]!.what).toMatch(/\(95% interval 0\.\d+% to 0\.\d+%\)$/);
    expect(text).toContain('What the intervals hold');
    expect(text).toContain('the calibration of a meter');
    expect(text).not.toContain('No interval is computed');
  });
});

test('a report without intervals has neither the section nor the numbers', () => {
  const made = report({ bootstrap: 0 });
  const text = visible(reportHtml(made));
  expect(text).not.toContain('How sure this is');
  expect(text).toContain('No interval is computed');
  expect(reportReadouts(made)[0]!.what).not.toContain('interval');
  expect('uncertainty' in made).toBe(false);
});
