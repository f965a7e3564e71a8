import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const electron = createRequire(import.meta.url)('electron') as unknown as string;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(program: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr.on('data', (part: Buffer) => (err += part.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

test('while the window is open, the command line reads its folder but does not write to it', async ({
  page,
  dataFolder,
}) => {
  await page.getByRole('button', { name: 'Open the study' }).click();
  const listed = await run(process.execPath, [
    'build/lab.mjs',
    'profiles',
    'list',
    '--json',
    '--data',
    dataFolder,
  ]);
  expect(listed.code).toBe(0);
  expect((JSON.parse(listed.out) as { profiles: unknown[] }).profiles).toHaveLength(19);

  const refused = await run(process.execPath, ['build/lab.mjs', 'analyze', '--json', '--data', dataFolder]);
  expect(refused.code).toBe(4);
  expect(JSON.parse(refused.out)).toMatchObject({ error: { kind: 'database-in-use' } });
});

test('a second window on the same folder gives way to the first and says so', async ({
  page,
  dataFolder,
}) => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const second = await run(electron, ['.', `--data=${dataFolder}`, ...asRoot]);
  expect(second.code).toBe(0);
  expect(second.err).toContain('already open on this data folder');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});
