/**
 * What a GPU node does, with nothing of it simulated but the GPU: the command line as a process, an nvidia-smi on the
 * path that prints in real time, and a server on loopback that speaks as vLLM does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Profile } from '#core/profile';
import type { Run } from '#core/run';
import type { RunImport } from '#core/runImport';
import type { Trial } from '#core/trial';
import { bundleForChild, type Bundled } from '../test/bundleForChild.ts';
import { events, scriptedServer, sendJson, type ScriptedServer } from '../test/scriptedServer.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';

let program: Bundled;
beforeAll(async () => {
  program = await bundleForChild('electron/test/runMain.ts');
});
afterAll(() => program.remove());

const MODEL = 'meta-llama/Llama-2-7b-hf';
const IDLE_W = 60;
const BUSY_W = 250;
/** A query takes so long, longer than the least window of a meter that reads ten times a second. */
const QUERY_MS = 2300;

/** The power is that of work for as long as a file is there. */
function nvidiaSmi(folder: string, busy: string): void {
  const file = path.join(folder, 'nvidia-smi');
  writeFileSync(
    file,
    `#!${process.execPath}
const { existsSync } = require('node:fs');
if (process.argv.some((arg) => arg.includes('name,memory.total'))) {
  console.log('NVIDIA A100-SXM4-80GB, 81920, 535.104.05');
  process.exit(0);
}
console.log('timestamp, index, power.draw.instant [W], power.draw [W], utilization.gpu [%], temperature.gpu, clocks.current.sm [MHz]');
setInterval(() => {
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString();
  const stamp = now.replaceAll('-', '/').replace('T', ' ').replace('Z', '');
  const power = existsSync(${JSON.stringify(busy)}) ? ${BUSY_W} : ${IDLE_W};
  console.log(\`\${stamp}, 0, \${power.toFixed(2)} W, \${power.toFixed(2)} W, 0 %, 40, 1410 MHz\`);
}, 100);
`,
  );
  chmodSync(file, 0o755);
}

/** vLLM's completions: token ids in, exactly as many out as were asked for, a piece at a time. */
function vllm(busy: string): Promise<ScriptedServer> {
  return scriptedServer({
    '/v1/models': (_, response) =>
      sendJson(response, { data: [{ id: MODEL, owned_by: 'vllm', max_model_len: 4096 }] }),
    '/version': (_, response) => sendJson(response, { version: '0.11.0' }),
    '/v1/completions': async ({ body }, response) => {
      const n = body['max_tokens'] as number;
      const m = (body['prompt'] as number[]).length;
      // What is tried before the measurement asks for two tokens.
      const takesMs = n > 2 ? QUERY_MS : 0;
      if (takesMs > 0) writeFileSync(busy, '');
      for (let i = 0; i < n; i++) {
        await wait(takesMs / n);
        response.write(events({ choices: [{ index: 0, text: ' x' }], usage: null })[0]);
      }
      rmSync(busy, { force: true });
      const usage = { prompt_tokens: m, completion_tokens: n, total_tokens: m + n };
      response.end(events({ choices: [], usage }, '[DONE]').join(''));
    },
  });
}

interface Measured {
  run: string;
  profile: string;
  truth: NonNullable<Run['truth']>;
  environment: Run['environment'];
  meter: Run['meter'];
}

test.skipIf(process.platform === 'win32')(
  'vLLM under nvidia-smi: a profile whose energy is power times time, and a bundle of it',
  async () => {
    const folder = temporaryFolder();
    const data = path.join(folder, 'data');
    const busy = path.join(folder, 'busy');
    nvidiaSmi(folder, busy);
    const server = await vllm(busy);
    const lab = async <T>(...args: string[]): Promise<T> => {
      const child = spawn(process.execPath, [program.file, ...args, '--json'], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
      });
      const ended = once(child, 'close');
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      expect({ code: (await ended)[0] as number, err }).toMatchObject({ code: 0 });
      return JSON.parse(out) as T;
    };

    const measured = await lab<Measured>(
      ...['measure', '--engine', 'openai', '--url', server.url, '--model', MODEL, '--meter', 'nvidia-smi'],
      ...['--sweep', '8,8 16,8', '--max-trials', '1', '--idle', '1', '--run', 'run-a100', '--data', data],
    );
    expect(existsSync(busy)).toBe(false);
    expect(measured).toMatchObject({
      run: 'run-a100',
      state: 'done',
      meter: { kind: 'nvidia-smi', boundary: 'gpu', estimate: false },
      environment: { gpus: [{ name: 'NVIDIA A100-SXM4-80GB', driver: '535.104.05' }] },
    });

    // The error of a window is one of its two edges, each somewhere between two readings: three standard deviations.
    const { trialList } = await lab<{ trialList: Trial[] }>('runs', 'show', 'run-a100', '--data', data);
    const within = 3 * measured.truth.plusMinusJ;
    const valid = trialList.filter(({ flags }) => flags.length === 0);
    expect(valid.map(({ m, n, repeats }) => [m, n, repeats]).sort()).toEqual([
      [16, 8, 1],
      [8, 8, 1],
    ]);
    for (const { energyJ, aboveIdleJ, runtimeS } of valid) {
      expect(runtimeS).toBeGreaterThan(2);
      expect(Math.abs(energyJ.gpu! - BUSY_W * runtimeS)).toBeLessThan(within);
      expect(Math.abs(aboveIdleJ!.gpu! - (BUSY_W - IDLE_W) * runtimeS)).toBeLessThan(within);
    }
    // Which is little of the energy itself: the window is long enough.
    expect(within / (BUSY_W * 2)).toBeLessThan(0.1);

    const profile = await lab<Profile & { systemDetails: Profile['system'] }>(
      ...['profiles', 'show', measured.profile, '--data', data],
    );
    expect(profile.systemDetails).toMatchObject({ id: 'nvidia-a100-sxm4-80gb', place: 'gpu' });
    expect(profile).toMatchObject({
      rails: ['gpu'],
      boundary: 'gpu',
      conditions: { engine: 'vLLM 0.11.0', kvCache: true, batch: 1, gpus: 1 },
    });
    for (const { energyJ, runtimeS } of profile.cells) {
      expect(Math.abs(energyJ.total - BUSY_W * runtimeS)).toBeLessThan(within);
    }

    const bundle = path.join(folder, 'a100.crossover-run.zip');
    await lab('runs', 'export', 'run-a100', '--out', bundle, '--data', data);
    const home = path.join(folder, 'home');
    const { runs } = await lab<RunImport>('runs', 'import', bundle, '--data', home);
    expect(runs).toMatchObject([{ run: 'run-a100', profile: measured.profile }]);
    const there = await lab<Profile>('profiles', 'show', measured.profile, '--data', home);
    expect(there).toEqual({ ...profile, kind: 'imported', likeForLike: null });

    // A task that is started again finds its run done, and asks nothing of the server.
    const asked = server.asked.length;
    const again = await lab<Measured>(
      ...['measure', '--engine', 'openai', '--url', server.url, '--model', MODEL, '--meter', 'nvidia-smi'],
      ...['--sweep', '8,8 16,8', '--max-trials', '1', '--idle', '1', '--run', 'run-a100', '--data', data],
    );
    expect(again.run).toBe('run-a100');
    expect(server.asked.length).toBe(asked);
  },
);
