import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { policyDocumentSchema } from '#core/deploy/policyDocument';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

async function storedStudy(
  flags: readonly string[] = [],
): Promise<{ data: string[]; study: string; folder: string }> {
  const folder = temporaryFolder();
  const data = ['--data', path.join(folder, 'data')];
  const { json } = await runJson<{ study: string }>(['analyze', ...flags, ...data]);
  return { data, study: json.study, folder };
}

test('policy export writes a folder, a zip or one file, and never over another', async () => {
  const { data, study, folder } = await storedStudy();
  const out = path.join(folder, 'policy');
  const { code, json } = await runJson<{ files: string[] }>([
    'policy',
    'export',
    study,
    '--out',
    out,
    ...data,
  ]);
  expect(code).toBe(0);
  expect(readdirSync(out).sort()).toEqual([...json.files].sort());
  const document = policyDocumentSchema.parse(
    JSON.parse(readFileSync(path.join(out, 'crossover-policy.json'), 'utf8')),
  );
  expect(document).toMatchObject({ policy: 'threshold-in', inputThreshold: 32, study });

  const again = await runJson<{ error: { kind: string } }>([
    'policy',
    'export',
    study,
    '--out',
    out,
    ...data,
  ]);
  expect(again.code).toBe(3);
  expect(again.json.error.kind).toBe('file-exists');
  expect((await runCli(['policy', 'export', study, '--out', out, '--force', ...data])).code).toBe(0);

  const zip = path.join(folder, 'policy.zip');
  expect((await runCli(['policy', 'export', study, '--out', zip, ...data])).code).toBe(0);
  expect(Object.keys(unzipSync(readFileSync(zip))).sort()).toEqual([...json.files].sort());

  const alone = path.join(folder, 'route.py');
  expect((await runCli(['policy', 'export', study, '--out', alone, ...data])).code).toBe(0);
  expect(readFileSync(alone, 'utf8')).toContain('def route(');

  const odd = await runJson<{ error: { kind: string } }>([
    'policy',
    'export',
    study,
    '--out',
    path.join(folder, 'policy.docx'),
    ...data,
  ]);
  expect(odd.json.error.kind).toBe('bad-setting');
});

test('policy show says what a router has to predict', async () => {
  const { data, study } = await storedStudy(['--at', 'threshold-out:32']);
  const { out } = await runCli(['policy', 'show', study, ...data]);
  expect(out).toContain('at most 32 output tokens');
  expect(out).toContain('predicted output tokens');
  expect(out).toContain('is not known before a query runs');
});
