import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addUp,
  judgeRun,
  oneFailed,
  onePassed,
  readArguments,
  readPlaywrightReport,
  readVitestReport,
  stages,
  summaryLine,
} from './testSummary.mjs';

describe('the last line', () => {
  test('counts what passed and failed', () => {
    expect(summaryLine({ passed: 41, failed: 0, skipped: 0 })).toBe('41 passed, 0 failed');
  });

  test('mentions skipped tests only where there are some', () => {
    expect(summaryLine({ passed: 1, failed: 2, skipped: 3 })).toBe('1 passed, 2 failed, 3 skipped');
  });

  test('adds all stages up', () => {
    expect(addUp([onePassed, oneFailed, { passed: 5, failed: 0, skipped: 2 }])).toEqual({
      passed: 6,
      failed: 1,
      skipped: 2,
    });
  });
});

describe('a run of a test runner', () => {
  const good = { passed: 3, failed: 0, skipped: 0 };

  test('counts as its report says', () => {
    expect(judgeRun(good, 0)).toEqual(good);
    expect(judgeRun({ passed: 2, failed: 1, skipped: 0 }, 1)).toEqual({ passed: 2, failed: 1, skipped: 0 });
  });

  test('has failed when it ended badly though no test failed', () => {
    expect(judgeRun(good, 1).failed).toBe(1);
  });

  test('has failed when no test ran', () => {
    expect(judgeRun({ passed: 0, failed: 0, skipped: 0 }, 0).failed).toBe(1);
    expect(judgeRun({ passed: 0, failed: 0, skipped: 4 }, 0).failed).toBe(1);
  });

  test('has failed when it left no report', () => {
    expect(judgeRun(undefined, 0)).toEqual(oneFailed);
  });
});

describe('reports', () => {
  let file = '';
  beforeEach(() => {
    file = path.join(mkdtempSync(path.join(tmpdir(), 'report-')), 'report.json');
  });
  afterEach(() => rmSync(path.dirname(file), { recursive: true }));

  test("Vitest's", () => {
    writeFileSync(
      file,
      JSON.stringify({ numPassedTests: 7, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 }),
    );
    expect(readVitestReport(file)).toEqual({ passed: 7, failed: 1, skipped: 3 });
  });

  test("Playwright's, where a flaky test has passed in the end", () => {
    writeFileSync(file, JSON.stringify({ stats: { expected: 4, flaky: 1, unexpected: 2, skipped: 0 } }));
    expect(readPlaywrightReport(file)).toEqual({ passed: 5, failed: 2, skipped: 0 });
  });

  test('none, where the file is missing, broken or of another form', () => {
    expect(readVitestReport(file)).toBeUndefined();
    writeFileSync(file, '{');
    expect(readVitestReport(file)).toBeUndefined();
    writeFileSync(file, '{}');
    expect(readVitestReport(file)).toBeUndefined();
    expect(readPlaywrightReport(file)).toBeUndefined();
  });
});

describe('arguments', () => {
  test('none chooses every stage', () => {
    expect(readArguments([])).toEqual({ chosen: [...stages], forRunner: [], unknown: [] });
  });

  test('stages run in their own order, and the rest is for the runner', () => {
    expect(readArguments(['e2e', 'build', '--', '--grep', 'unit'])).toEqual({
      chosen: ['build', 'e2e'],
      forRunner: ['--grep', 'unit'],
      unknown: [],
    });
  });

  test('an unknown stage is named', () => {
    expect(readArguments(['unit', 'units']).unknown).toEqual(['units']);
  });
});
