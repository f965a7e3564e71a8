import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { queryFault } from '#core/engine';
import { parameterCount } from '#core/modelShapes';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { smallModel } from '../test/smallModel.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { monotonicS } from '../clock.ts';
import { openEmbedded, type EmbeddedOptions, withoutEmpty } from './embedded.ts';
import type { Engine } from './engine.ts';
import { ensureSynthetic } from './syntheticModel.ts';

let worker: Bundled;
beforeAll(async () => {
  worker = await bundleForChild('electron/engines/embeddedWorker.ts');
});
afterAll(() => worker.remove());

const { signal } = new AbortController();

/** An engine with the small model, closed after the test. One thread: the machine is not the test's alone. */
async function opened(changes: Partial<EmbeddedOptions> = {}): Promise<Engine> {
  const file = await ensureSynthetic(smallModel('Q8_0'), temporaryFolder(), { signal });
  const engine = await openEmbedded({
    file,
    kvCache: true,
    threads: 1,
    signal,
    workerFile: worker.file,
    ...changes,
  });
  onTestFinished(() => engine.close());
  return engine;
}

const LENGTHS = [
  [1, 1],
  [7, 3],
  [32, 32],
  [600, 2],
  [3, 1100],
] as const;

test('exactly m tokens go in and n come out, on the clock of this process', async () => {
  const engine = await opened();
  for (const [m, n] of LENGTHS) {
    const before = monotonicS();
    const record = await engine.query(m, n, { seed: m, signal });
    const after = monotonicS();
    expect(queryFault(record, m, n)).toBeUndefined();
    const times = [before, record.startS, record.firstTokenS, record.endS, after];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
});

test.each(['F16', 'Q4_0'] as const)('%s weights run too', async (quantisation) => {
  const file = await ensureSynthetic(smallModel(quantisation), temporaryFolder(), { signal });
  const engine = await opened({ file });
  expect(engine.info.model.quantisation).toBe(quantisation);
  expect(queryFault(await engine.query(20, 4, { seed: 1, signal }), 20, 4)).toBeUndefined();
});

test('without KV cache the counts are the same', async () => {
  const engine = await opened({ kvCache: false });
  expect(engine.info.kvCache).toBe(false);
  for (const [m, n] of LENGTHS.slice(0, 4)) {
    expect(queryFault(await engine.query(m, n, { seed: m, signal }), m, n)).toBeUndefined();
  }
});

test('what the file says of itself is told, with its hash', async () => {
  const file = await ensureSynthetic(smallModel('Q8_0'), temporaryFolder(), { signal });
  const seen = new Set<string>();
  const engine = await opened({ file, onProgress: ({ what }) => seen.add(what) });
  expect(engine.info).toMatchObject({
    kind: 'embedded',
    kvCache: true,
    batch: 1,
    contextTokens: 8192,
    model: {
      id: 'small-made-up-weights',
      name: 'Small (made-up weights)',
      quantisation: 'Q8_0',
      parameters: parameterCount(smallModel('Q8_0').shape),
      synthetic: false,
      hash: createHash('sha256').update(readFileSync(file)).digest('hex'),
    },
  });
  expect(engine.info.name).toMatch(/^llama\.cpp .+, embedded$/);
  expect(engine.info.device).toMatch(/^(CPU, 1 thread|Metal)$/);
  // A small model may be loaded before there is any progress to tell.
  expect(seen).toContain('hashing');
  expect(engine.pids).toHaveLength(1);
});

test('a query longer than the longest context has its sentence, and the next one runs', async () => {
  const engine = await opened();
  await expect(engine.query(8192, 1, { seed: 1, signal })).rejects.toMatchObject({
    kind: 'engine-failed',
    message: 'The model takes 8192 tokens at most, and 8193 were asked for. The query did not run.',
  });
  expect(queryFault(await engine.query(4, 2, { seed: 1, signal }), 4, 2)).toBeUndefined();
});

test('an abort ends the query, and the engine runs the next one', async () => {
  const engine = await opened();
  const controller = new AbortController();
  const long = engine.query(4, 8000, { seed: 1, signal: controller.signal });
  controller.abort();
  await expect(long).rejects.toMatchObject({ kind: 'interrupted' });
  expect(queryFault(await engine.query(4, 2, { seed: 1, signal }), 4, 2)).toBeUndefined();
  await expect(engine.query(4, 2, { seed: 1, signal: controller.signal })).rejects.toMatchObject({
    kind: 'interrupted',
  });
});

test('a process that is killed in the middle of a query fails it and every later one', async () => {
  const engine = await opened();
  const query = engine.query(4, 8000, { seed: 1, signal });
  process.kill(engine.pids[0]!, 'SIGKILL');
  await expect(query).rejects.toMatchObject({
    kind: 'engine-failed',
    message: "The embedded engine's process was ended by SIGKILL. The trials before are kept.",
  });
  await expect(engine.query(4, 1, { seed: 1, signal })).rejects.toMatchObject({ kind: 'engine-failed' });
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s, which reaches every process of a terminal, does not end the engine before its parent does',
  async (name) => {
    const engine = await opened();
    process.kill(engine.pids[0]!, name);
    expect(queryFault(await engine.query(4, 64, { seed: 1, signal }), 4, 64)).toBeUndefined();
    await engine.close();
  },
);

test('closing ends the process, and a query that runs', async () => {
  const engine = await opened();
  const failed = expect(engine.query(4, 8000, { seed: 1, signal })).rejects.toMatchObject({
    kind: 'engine-failed',
  });
  await engine.close();
  await failed;
  expect(() => process.kill(engine.pids[0]!, 0)).toThrow('ESRCH');
});

test('a file that only begins like a model is refused with what llama.cpp says', async () => {
  const file = path.join(temporaryFolder(), 'cut.gguf');
  const whole = await ensureSynthetic(smallModel('Q8_0'), temporaryFolder(), { signal });
  writeFileSync(file, readFileSync(whole).subarray(0, 30_000));
  await expect(opened({ file })).rejects.toMatchObject({
    kind: 'bad-model',
    message: expect.stringMatching(
      /^llama\.cpp cannot load .*cut\.gguf: .+ Nothing was measured\.$/,
    ) as string,
  });
});

test('an engine that cannot start says why', async () => {
  await expect(opened({ workerFile: '/nowhere/engine.js' })).rejects.toMatchObject({
    kind: 'engine-failed',
    message: expect.stringContaining('Cannot find module') as string,
  });
});

test('opening can be interrupted', async () => {
  const controller = new AbortController();
  const opening = opened({ signal: controller.signal, onProgress: () => controller.abort() });
  await expect(opening).rejects.toMatchObject({ kind: 'interrupted' });
});

test('a variable that is set to nothing does not reach the engine, which would fail on it', () => {
  expect(withoutEmpty({ CI: '', PATH: '/usr/bin', HOME: undefined })).toEqual({ PATH: '/usr/bin' });
});
