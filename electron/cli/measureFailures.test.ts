/** What can go wrong with a measurement before and while it runs, each with its sentence, on real servers and files. */
import { truncateSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Trial } from '#core/trial';
import { runCli, runJson } from '../test/runCli.ts';
import { closedUrl, scriptedServer, sendJson, type Reply } from '../test/scriptedServer.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { SERVED_MODEL, vllmServer } from '../test/vllmServer.ts';

interface ErrorJson {
  error: { kind: string; message: string; hint: string };
}

const METER = ['--meter', 'estimate:15'];
const SHORT = ['--sweep', '8,4', '--idle', '0.2', '--max-trials', '3', '--target', '0.000001'];

/** The command fails, as JSON and for people alike, and stores nothing; returns what it says. */
async function refusal(args: readonly string[], code: number): Promise<ErrorJson['error']> {
  const data = ['--data', temporaryFolder()];
  const asJson = await runJson<ErrorJson>(['measure', ...METER, ...SHORT, ...args, ...data]);
  expect(asJson.code).toBe(code);
  const { error } = asJson.json;
  expect(error.message).toMatch(/\.$/);
  expect(error.hint).toMatch(/\.$/);
  const forPeople = await runCli(['measure', ...METER, ...SHORT, ...args, ...data]);
  expect(forPeople).toMatchObject({ code, out: '' });
  expect(forPeople.err).toContain(`crossover: ${error.message}\n${error.hint}\n`);
  expect((await runJson(['runs', 'list', ...data])).json).toEqual({ runs: [] });
  return error;
}

/** The first thing that each engine asks a server for. */
const FIRST = { 'llama-server': '/props', ollama: '/api/version', openai: '/v1/models' } as const;
const KINDS = Object.keys(FIRST) as (keyof typeof FIRST)[];
const served = async (kind: keyof typeof FIRST, reply: Reply): Promise<string[]> => {
  const { url } = await scriptedServer({ [FIRST[kind]]: reply });
  return ['--engine', kind, '--model', 'x', '--url', url];
};

test.each(KINDS)('%s that is not there', async (kind) => {
  const url = await closedUrl();
  const error = await refusal(['--engine', kind, '--model', 'x', '--url', url], 4);
  expect(error.kind).toBe('engine-unreachable');
  expect(error.message).toContain(`cannot be reached at ${url}`);
});

test.each(KINDS)('%s that answers 500', async (kind) => {
  const error = await refusal(
    await served(kind, (_, response) => sendJson(response, { error: 'broken' }, 500)),
    4,
  );
  expect(error.kind).toBe('engine-failed');
  expect(error.message).toContain('answered 500: broken');
});

test.each(KINDS)('%s that is some other program', async (kind) => {
  const error = await refusal(await served(kind, (_, response) => sendJson(response, [1, 2])), 4);
  expect(error.kind).toBe('engine-failed');
  expect(error.message).toContain('which is not what it is documented to answer');
});

test('a model that the server does not have', async () => {
  const { url } = await vllmServer();
  const error = await refusal(['--engine', 'openai', '--model', 'other', '--url', url], 3);
  expect(error).toMatchObject({ kind: 'bad-model', hint: `Choose from ${SERVED_MODEL}.` });
});

test('a file that is no model', async () => {
  const file = path.join(temporaryFolder(), 'notes.gguf');
  writeFileSync(file, 'notes');
  expect(await refusal(['--model', file], 3)).toMatchObject({
    kind: 'bad-model',
    message: `${file} is not a GGUF model. Nothing was started.`,
  });
});

test('a model larger than the memory', async (context) => {
  const file = path.join(temporaryFolder(), 'huge.gguf');
  writeFileSync(file, Buffer.from([...Buffer.from('GGUF'), 3, 0, 0, 0]));
  try {
    // A file of this length with nothing in it takes no room.
    truncateSync(file, totalmem() + 1e9);
  } catch {
    return context.skip('this disk holds no file larger than the memory');
  }
  const error = await refusal(['--model', file], 3);
  expect(error.kind).toBe('bad-model');
  expect(error.message).toMatch(
    /huge\.gguf has .* GB, and .* GB of this computer's .* GB of memory can be had\./,
  );
  expect(error.hint).toBe('Choose a smaller model or a smaller quantisation, such as Q4_0.');
});

test('a meter that is none, and a power log that is none', async () => {
  const { url } = await vllmServer();
  const engine = ['--engine', 'openai', '--model', SERVED_MODEL, '--url', url];
  expect((await refusal([...engine, '--meter', 'sundial'], 3)).kind).toBe('bad-setting');
  const file = path.join(temporaryFolder(), 'log.txt');
  writeFileSync(file, 'nothing\n');
  expect((await refusal([...engine, '--meter', `replay:${file}`], 3)).kind).toBe('bad-trace');
  expect((await refusal([...engine, '--meter', 'replay:/nowhere/log.txt'], 3)).kind).toBe(
    'file-not-readable',
  );
});

test('a server that fails in the middle leaves what was measured, and the run goes on when it works again', async () => {
  let asked = 0;
  let failing = true;
  const { url } = await vllmServer({
    '/v1/completions': ({ body }, response) => {
      asked += 1;
      if (failing && asked > 200) return sendJson(response, { error: { message: 'out of memory' } }, 500);
      const m = (body['prompt'] as number[]).length;
      const lines = [
        { choices: [{ text: ' x' }], usage: null },
        { choices: [], usage: { prompt_tokens: m, completion_tokens: body['max_tokens'] } },
      ];
      response.end(`${lines.map((line) => `data: ${JSON.stringify(line)}\n\n`).join('')}data: [DONE]\n\n`);
    },
  });
  const data = ['--data', temporaryFolder()];
  const engine = ['--engine', 'openai', '--model', SERVED_MODEL, '--url', url];
  const plan = ['--sweep', '8,4 16,4 32,4', '--idle', '0.2', '--max-trials', '3', '--target', '0.000001'];
  const failed = await runJson<ErrorJson>(['measure', ...engine, ...METER, ...plan, ...data]);
  expect(failed.code).toBe(4);
  expect(failed.json.error).toMatchObject({
    kind: 'engine-failed',
    message: `The OpenAI-compatible server at ${url} answered 500: out of memory. The trials before are kept.`,
  });
  const id = /crossover measure --resume (\S+)/.exec(failed.err)![1]!;
  const before = (await runJson<{ state: string; trialList: Trial[] }>(['runs', 'show', id, ...data])).json;
  expect(before.state).toBe('failed');
  expect(before.trialList.length).toBeGreaterThan(0);

  failing = false;
  const resumed = await runJson<{ state: string }>(['measure', '--resume', id, ...data]);
  expect(resumed.code).toBe(0);
  expect(resumed.json.state).toBe('done');
  const { trialList } = (await runJson<{ trialList: Trial[] }>(['runs', 'show', id, ...data])).json;
  expect(trialList.slice(0, before.trialList.length)).toEqual(before.trialList);
  expect(trialList).toHaveLength(12);
});

test('a measurement answers in the agreed shape', async () => {
  const { url } = await vllmServer();
  const data = ['--data', temporaryFolder()];
  const engine = ['--engine', 'openai', '--model', SERVED_MODEL, '--url', url];
  const { code, json, err } = await runJson([...['measure', ...engine, ...METER, ...SHORT, ...data]]);
  expect(code).toBe(0);
  expect(json).toMatchObject({
    run: expect.stringMatching(/^run-/) as string,
    profile: expect.stringMatching(/llama-2-7b-hf/) as string,
    cells: [
      {
        m: 8,
        n: 4,
        trials: 3,
        energyJ: expect.any(Number) as number,
        runtimeS: expect.any(Number) as number,
      },
    ],
    trials: { valid: 3, flagged: 1, dropped: 0, warmUps: 1 },
    energyJ: expect.any(Number) as number,
    durationS: expect.any(Number) as number,
    meter: { kind: 'estimate', estimate: true },
  });
  // What is not as it should be is said before it begins, an estimate at the least.
  expect(err).toMatch(/^ {2}! Meter: estimate, 15 W: an estimate, not a measurement\.$/m);
  expect(err.indexOf('! Meter')).toBeLessThan(err.indexOf('trial 1'));
});
