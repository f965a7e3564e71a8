import path from 'node:path';
import { expect, test } from 'vitest';
import type { Simulation } from '#core/simulation/simulate';
import { runCli, runJson } from '../test/runCli.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

test("a stored study's policy is carried out, and what is not stated is left out", async () => {
  const data = ['--data', path.join(temporaryFolder(), 'data')];
  const { json: stored } = await runJson<{ study: string }>([
    ...['analyze', '--model', 'grid', '--policy', 'all', '--bootstrap', '0'],
    ...data,
  ]);
  const asked = [
    ...['simulate', stored.study, '--arrival-rate', '0.05', '--queries', '2000', '--repeats', '4', ...data],
    ...['--idle-power', 'small=4'],
  ];
  const { json, code } = await runJson<{ study: string; carried: string; simulation: Simulation }>([
    ...asked,
    '--devices',
    'small=1,large=1',
  ]);
  expect(code).toBe(0);
  expect(json).toMatchObject({ study: stored.study, carried: 'verdict' });
  const [hybrid, small, large] = json.simulation.policies;
  expect(hybrid).toMatchObject({ policy: 'threshold-product', product: 1264 });
  expect(hybrid!.year).toMatchObject({ idleKwh: null, activeCarbonKg: null });
  expect(small).toMatchObject({ waitS: null, year: null, small: { devicesNeeded: 2 } });
  expect(large!.waitS!.mean).toBeGreaterThan(0);

  const { out } = await runCli([...asked, '--devices', 'small=3,large=1']);
  expect(out.replace(/\s+/g, ' ')).toContain('What is carried out is the policy of the verdict');
  expect(out.replace(/\s+/g, ' ')).toContain('of 100 are done within');
  expect(out.replace(/\s+/g, ' ')).toContain('no idle power of the A100 (Swing) is stated');

  for (const wrong of [
    ['--devices', 'small=1'],
    ['--devices', 'small=1,large=1', '--price', 'large=free'],
    ['--devices', 'small=1,large=1', '--seed', 'x'],
  ]) {
    const refused = await runJson<{ error: { kind: string } }>([...asked, ...wrong]);
    expect(refused.code).toBe(3);
    expect(refused.json.error.kind).toBe('bad-setting');
  }
});
