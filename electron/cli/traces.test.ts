import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { NVIDIA_STALLED, PAPER } from '../meters/fixtures/logs.ts';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

function fileOf(content: string): string {
  const file = path.join(temporaryFolder(), 'power.csv');
  writeFileSync(file, content);
  return file;
}

test('traces inspect --json has what a program needs', async () => {
  const { code, json } = await runJson(['traces', 'inspect', fileOf(PAPER)]);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    format: 'm1pro-log',
    samples: 3,
    cadence: { requestedMs: null, medianMs: 200, p95Ms: 200 },
    gaps: [],
    warnings: [{ kind: 'process-share' }],
  });
  expect(Object.keys(json['rails'] as object)).toEqual(['cpu', 'gpu']);
});

test('traces inspect for people: rails, gaps, warnings', async () => {
  const { code, out } = await runCli(['traces', 'inspect', fileOf(NVIDIA_STALLED)]);
  expect(code).toBe(0);
  expect(out).toContain('gpu');
  expect(out).not.toContain('cpu');
  expect(out).toMatch(/1, the longest 2\.9 s/);
});

test('what is no power log, and what is not there, end with 3', async () => {
  const { code, json } = await runJson(['traces', 'inspect', fileOf('nothing')]);
  expect({ code, json }).toMatchObject({ code: 3, json: { error: { kind: 'bad-trace' } } });
  const gone = await runJson(['traces', 'inspect', '/nowhere/power.csv']);
  expect({ code: gone.code, json: gone.json }).toMatchObject({
    code: 3,
    json: { error: { kind: 'file-not-readable' } },
  });
});
