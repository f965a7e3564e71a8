import { truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parseSynthetic } from '#core/modelShapes';
import { parseRunRequest } from '#core/runRequest';
import { ensureSynthetic } from '../engines/syntheticModel.ts';
import { scriptedServer, sendJson } from '../test/scriptedServer.ts';
import { temporaryFolder } from '../test/temporaryFolder.ts';
import { checkEngine, modelOutlook } from './engineCheck.ts';

const memory = () => ({ available: 8e9, total: 16e9 });
const checked = (request: object, options: object = {}) =>
  checkEngine(parseRunRequest(request), { modelFolder: temporaryFolder(), memory, ...options });

test('made-up weights are to be made, or lie there already', async () => {
  const modelFolder = temporaryFolder();
  const request = parseRunRequest({ model: 'synthetic:tiny' });
  expect(modelOutlook(request, modelFolder)).toMatchObject({ bytes: 21_652_992, toBeMade: true });
  expect(await checkEngine(request, { modelFolder, memory })).toMatchObject({
    id: 'engine',
    verdict: 'ok',
    message: '21.7 MB of weights to be made up first',
  });
  const file = await ensureSynthetic(parseSynthetic('synthetic:tiny'), modelFolder, {
    signal: new AbortController().signal,
  });
  expect(modelOutlook(request, modelFolder).toBeMade).toBe(false);
  expect(await checkEngine(request, { modelFolder, memory, freeBytes: 0 })).toMatchObject({
    verdict: 'ok',
    message: '21.7 MB of weights, made already',
  });
  truncateSync(file, 100);
  expect(modelOutlook(request, modelFolder).toBeMade).toBe(true);
});

test('weights for which there is no room stop the run before it is started', async () => {
  const model = 'synthetic:llama-2-7b:F16';
  expect(await checked({ model })).toMatchObject({
    verdict: 'stop',
    message: 'its weights take 13.5 GB of memory, and 8 GB can be had here',
    todo: expect.stringContaining('Close other programs') as string,
  });
  expect(await checked({ model }, { memory: () => ({ available: 8e9, total: 8e9 }) })).toMatchObject({
    todo: expect.stringContaining('does not fit into this computer') as string,
  });
  const roomy = { memory: () => ({ available: 64e9, total: 64e9 }) };
  expect(await checked({ model }, { ...roomy, freeBytes: 2e9 })).toMatchObject({
    verdict: 'stop',
    message: 'its weights take 13.5 GB on the disk, and 2 GB are free',
  });
  expect(await checked({ model }, { ...roomy, freeBytes: 20e9 })).toMatchObject({ verdict: 'ok' });
});

test('a model file is looked at: one that is not there, is no GGUF, or is fine', async () => {
  const file = path.join(temporaryFolder(), 'model.gguf');
  expect(await checked({ model: file })).toMatchObject({
    title: 'Model',
    verdict: 'stop',
    message: expect.stringContaining('cannot be read') as string,
    todo: expect.stringContaining('Check that the file is there') as string,
  });
  writeFileSync(file, 'notes about models');
  expect(await checked({ model: file })).toMatchObject({
    verdict: 'stop',
    message: expect.stringContaining('is not a GGUF model') as string,
  });
  writeFileSync(file, Buffer.concat([Buffer.from('GGUF\x03\0\0\0'), Buffer.alloc(4000)]));
  expect(await checked({ model: file })).toMatchObject({ verdict: 'ok', message: 'a GGUF file of 4.01 kB' });
});

test('a server that is not there stops the run, and one that has the model is fine', async () => {
  const nowhere = { engine: 'openai', model: 'm', url: 'http://127.0.0.1:9' };
  expect(await checked(nowhere)).toMatchObject({
    title: 'Server',
    verdict: 'stop',
    message: expect.stringMatching(/ECONNREFUSED 127\.0\.0\.1:9\)\.$/) as string,
    todo: expect.any(String) as string,
  });

  const { url, asked } = await scriptedServer({
    '/v1/models': (_, response) => sendJson(response, { data: [{ id: 'm', owned_by: 'vllm' }] }),
    '/version': (_, response) => sendJson(response, { version: '0.11' }),
  });
  expect(await checked({ engine: 'openai', model: 'm', url })).toMatchObject({
    verdict: 'ok',
    message: 'vLLM 0.11 answers, with m',
  });
  expect(await checked({ engine: 'openai', model: 'other', url })).toMatchObject({
    verdict: 'stop',
    todo: 'Choose from m.',
  });
  // Nothing was asked of the model.
  expect(new Set(asked.map(({ path: of }) => of))).toEqual(new Set(['/v1/models', '/version']));
});

test('Ollama is asked what it has, and loads nothing', async () => {
  const { url, asked } = await scriptedServer({
    '/api/version': (_, response) => sendJson(response, { version: '0.5' }),
    '/api/tags': (_, response) => sendJson(response, { models: [{ name: 'llama2:7b' }] }),
    '/api/show': (_, response) => sendJson(response, { details: { quantization_level: 'Q4_0' } }),
  });
  const request = { engine: 'ollama', model: 'llama2:7b', url };
  expect(await checked(request)).toMatchObject({
    verdict: 'ok',
    message: 'Ollama 0.5 answers, with llama2:7b',
  });
  expect(asked.map(({ path: of }) => of)).toEqual(['/api/version', '/api/tags', '/api/show']);
});

test('a server that is slow to answer is a warning, not a stop', async () => {
  const { url } = await scriptedServer({ '/props': () => new Promise(() => {}) });
  expect(await checked({ engine: 'llama-server', model: 'm', url }, { patienceMs: 50 })).toMatchObject({
    verdict: 'warning',
    message: 'has not answered within 0.05 s',
  });
});
