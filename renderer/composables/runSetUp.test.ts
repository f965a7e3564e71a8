import { expect, test } from 'vitest';
import {
  differsFromPaper,
  FIRST_SET_UP,
  LIKE_THE_PAPER,
  planDefaults,
  problemsIn,
  requestOf,
  setUpFor,
} from './runSetUp.ts';

const problem = (changes: object): string => {
  const asked = requestOf({ ...FIRST_SET_UP, ...changes });
  return 'problem' in asked ? asked.problem.message : '';
};

test('the form as it is found starts a quick sweep of made-up weights', () => {
  expect(requestOf(FIRST_SET_UP)).toMatchObject({
    request: {
      engine: 'embedded',
      model: 'synthetic:tiny:Q8_0',
      kvCache: true,
      meter: 'auto',
      sweep: 'quick',
    },
    plan: { name: 'quick' },
  });
});

test('a target is typed in percent', () => {
  expect(requestOf({ ...FIRST_SET_UP, target: '2.5', maxTrials: '40' })).toMatchObject({
    request: { target: 0.025, maxTrials: 40 },
  });
});

test('what is missing or wrong is named', () => {
  expect(problem({ shape: 'file' })).toMatch(/path of a GGUF/);
  expect(problem({ engine: 'ollama' })).toMatch(/name that the server/);
  expect(problem({ engine: 'ollama', serverModel: 'x', url: 'ftp://a' })).toMatch(/http/);
  expect(problem({ meter: 'replay' })).toMatch(/recorded power log/);
  expect(problem({ meter: 'estimate', watts: '-3' })).toMatch(/watts/);
  expect(problem({ sweep: 'custom', cells: '8x32' })).toMatch(/not a cell/);
  expect(problem({ sweep: 'custom', cells: '' })).toMatch(/no cells/);
  expect(problem({ target: 'much' })).toMatch(/percent, from 0.01/);
  expect(problem({ maxTrials: '0' })).toMatch(/1 to 1000/);
  expect(problem({ maxTrials: '2.5' })).toMatch(/whole number/);
  expect(problem({ idle: '0' })).toMatch(/0.2 to 600/);
  expect(problem({ seed: '-1' })).toMatch(/whole number/);
  expect(problem({ seed: '1e3x' })).toMatch(/whole number/);
});

test('each wrong field has its own sentence, and fields that do not count have none', () => {
  const wrong = { seed: 'x', idle: '601', watts: '', url: 'ftp://a', file: '' };
  expect(Object.keys(problemsIn({ ...FIRST_SET_UP, ...wrong }))).toEqual(['idle', 'seed']);
  expect(Object.keys(problemsIn({ ...FIRST_SET_UP, ...wrong, engine: 'openai', meter: 'estimate' }))).toEqual(
    ['url', 'serverModel', 'watts', 'idle', 'seed'],
  );
  expect(problemsIn(FIRST_SET_UP)).toEqual({});
});

test('seed and idle baseline go into the plan; empty ones are the defaults', () => {
  expect(requestOf({ ...FIRST_SET_UP, seed: ' 7 ', idle: '2.5' })).toMatchObject({
    request: { seed: 7, idleS: 2.5 },
    plan: { seed: 7, idleS: 2.5 },
  });
  expect(requestOf(FIRST_SET_UP)).toMatchObject({ request: { seed: 1 }, plan: { seed: 1, idleS: 5 } });
  expect(planDefaults({ sweep: 'custom' })).toMatchObject({ maxTrials: 25, idleS: 10 });
});

test('a server keeps its KV cache, whatever the form held before', () => {
  expect(
    requestOf({ ...FIRST_SET_UP, kvCache: false, engine: 'llama-server', url: 'http://127.0.0.1:9000' }),
  ).toMatchObject({ request: { kvCache: true, url: 'http://127.0.0.1:9000' } });
});

test('like for like with the paper is the model, its precision and no KV cache', () => {
  expect(differsFromPaper({ ...FIRST_SET_UP, ...LIKE_THE_PAPER })).toEqual([]);
  expect(differsFromPaper(FIRST_SET_UP)).toHaveLength(3);
});

test('an offered measurement fills the form in', () => {
  const offered = { model: 'synthetic:llama-2-7b:F16', kvCache: false, sweep: 'paper' };
  expect(requestOf({ ...FIRST_SET_UP, ...setUpFor(offered, false) })).toMatchObject({ request: offered });
  expect(setUpFor({ model: 'synthetic:mistral-7b:Q8_0', sweep: '64,32 8,256' }, true)).toEqual({
    engine: 'embedded',
    shape: 'mistral-7b',
    quantisation: 'Q8_0',
    kvCache: true,
    sweep: 'custom',
    cells: '64,32 8,256',
  });
  expect(setUpFor(undefined, false)).toEqual({ engine: 'embedded', shape: 'file', kvCache: false });
});
