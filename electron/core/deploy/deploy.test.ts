import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { bundledProfile, bundledWorkload, madeProfile, madeWorkload } from '../../test/bundled.ts';
import type { Chosen } from '../analysis/chosenPolicy.ts';
import { LabError } from '../errors.ts';
import { analyse, settingsSchema, type Study, type StudyInputs } from '../study.ts';
import { deployFiles } from './deployFiles.ts';
import { policyDocument, policyDocumentSchema, type PolicyDocument } from './policyDocument.ts';
import { systemFor, testVectors } from './testVectors.ts';

const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).status === 0,
);
const withPython = describe.skipIf(python === undefined);

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const inputs: StudyInputs = {
  small: bundledProfile('m1-pro.llama-2-7b.grid'),
  large: bundledProfile('swing-a100.llama-2-7b.grid'),
  workload: bundledWorkload('alpaca-davinci'),
};

function studyOf(chosen: Chosen | undefined, of: StudyInputs = inputs, more: object = {}): Study {
  const settings = settingsSchema.parse({
    small: of.small.id,
    large: of.large.id,
    workload: of.workload.id,
    energyModel: 'grid',
    thresholds: 'every-integer',
    ...more,
    ...(chosen === undefined ? {} : { chosen }),
  });
  const hash = (digit: string): string => digit.repeat(64);
  return {
    id: 'study-0123456789ab',
    settings,
    hashes: { small: hash('1'), large: hash('2'), workload: hash('3') },
    result: analyse(settings, of),
  };
}

function documentOf(chosen: Chosen | undefined, of: StudyInputs = inputs): PolicyDocument {
  return policyDocument(studyOf(chosen, of), of, { title: 'A title', crossover: '0.1.0' });
}

const tokens = fc.oneof(fc.integer({ min: -1, max: 40 }), fc.integer({ min: -1, max: 2 ** 26 }));
const anyPolicy: fc.Arbitrary<Chosen> = fc.oneof(
  fc.constantFrom<Chosen>({ policy: 'small' }, { policy: 'large' }),
  tokens.map((threshold): Chosen => ({ policy: 'threshold-in', threshold })),
  tokens.map((threshold): Chosen => ({ policy: 'threshold-out', threshold })),
  fc.tuple(tokens, tokens).map(([threshold, outputThreshold]): Chosen => ({
    policy: 'threshold-both',
    threshold,
    outputThreshold,
  })),
  fc
    .oneof(fc.integer({ min: -1, max: 5000 }), fc.integer({ min: -1, max: 2 ** 52 }))
    .map((product): Chosen => ({ policy: 'threshold-product', product })),
);

/** One of each family, with thresholds at which something is on either side. */
const FAMILIES: readonly Chosen[] = [
  { policy: 'small' },
  { policy: 'large' },
  { policy: 'threshold-in', threshold: 32 },
  { policy: 'threshold-in', threshold: -1 },
  { policy: 'threshold-out', threshold: 57 },
  { policy: 'threshold-both', threshold: 40, outputThreshold: 100 },
  { policy: 'threshold-product', product: 1234 },
  { policy: 'threshold-product', product: 2 ** 52 },
];

test('a query just beyond a limit of the vectors goes elsewhere: each limit is pinned down to one token', () => {
  fc.assert(
    fc.property(anyPolicy, anyPolicy, (policy, other) => {
      const vectors = testVectors(policy);
      expect(vectors.length).toBeGreaterThan(0);
      for (const { m, n } of vectors) {
        expect(Number.isSafeInteger(m) && Number.isSafeInteger(n) && m >= 0 && n >= 0).toBe(true);
      }
      if (policy.policy !== other.policy || !('threshold' in policy) || !('threshold' in other)) return;
      // Two thresholds that any query in reach tells apart are told apart by a vector.
      const differ =
        Math.min(policy.threshold, other.threshold) < 2 ** 26 && policy.threshold !== other.threshold;
      if (!differ || policy.policy === 'threshold-both') return;
      expect(vectors.some(({ m, n }) => systemFor(policy, m, n) !== systemFor(other, m, n))).toBe(true);
    }),
  );
});

test('a document is valid, says what it needs, and its schema is the published one', async () => {
  for (const chosen of FAMILIES) {
    const document = documentOf(chosen);
    expect(policyDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    const { needs } = document;
    expect(needs.predictedOutputTokens).toBe(
      ['threshold-out', 'threshold-both', 'threshold-product'].includes(chosen.policy),
    );
    expect(document.cautions.some((caution) => caution.includes('not known before'))).toBe(
      needs.predictedOutputTokens,
    );
    for (const vector of document.testVectors) {
      expect(vector.inputTokens === null).toBe(!needs.inputTokens);
      expect(vector.predictedOutputTokens === null).toBe(!needs.predictedOutputTokens);
    }
  }
  const schema = { title: 'A routing policy by Crossover', ...z.toJSONSchema(policyDocumentSchema) };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../../build/schemas/policy.schema.json',
  );
});

test('no useful threshold exports the better single system, and says so', () => {
  const of = {
    small: madeProfile('cheap', [
      [8, 10, 1],
      [64, 80, 8],
    ]),
    large: madeProfile('dear', [
      [8, 100, 1],
      [64, 800, 8],
    ]),
    workload: madeWorkload([
      [8, 8, 5],
      [50, 60, 3],
    ]),
  };
  const document = documentOf(undefined, of);
  expect(document).toMatchObject({
    policy: 'small',
    fallback: 'small',
    inputThreshold: null,
    verdict: { kind: 'no-useful-threshold' },
    sentence: 'Every query goes to the CHEAP. No threshold is useful.',
  });
  for (const name of ['crossover_policy.mjs', 'crossover_policy.py', 'README.md', 'litellm_config.yaml']) {
    expect(deployFiles(document).get(name)).toContain('No useful threshold');
  }
});

test('in the README what names and sentences hold is text, and no Markdown or HTML', () => {
  const nasty = '<script>|`x` # *M1*';
  const { large } = inputs;
  const document = documentOf(undefined, {
    ...inputs,
    large: { ...large, system: { ...large.system, label: nasty, name: nasty } },
  });
  const readme = deployFiles(document).get('README.md')!;
  expect(document.sentence).toContain('<script>');
  expect(readme).toContain('&lt;script>\\|\\`x\\` \\# \\*M1\\*');
  expect(readme).not.toContain('<script>');
});

test('a policy that nobody could carry out is refused', () => {
  const study = studyOf({ policy: 'small' });
  const oracle = {
    ...study,
    result: { ...study.result, verdict: { ...study.result.verdict, policy: 'oracle' } },
  };
  expect(() => policyDocument(oracle as Study, inputs, { title: '', crossover: '' })).toThrow(LabError);
});

/** Names that try to end a comment, a string or a line. */
const NASTY = 'M1 */ """ \' ` ${1} \n import os \u2028 # {x}';

function written(document: PolicyDocument): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'crossover-deploy-'));
  folders.push(folder);
  for (const [name, text] of deployFiles(document)) writeFileSync(path.join(folder, name), text);
  return folder;
}

function renamed(document: PolicyDocument): PolicyDocument {
  const { small, large } = document.systems;
  return {
    ...document,
    title: NASTY,
    sentence: NASTY,
    tokenizer: NASTY,
    cautions: [NASTY],
    systems: {
      small: { ...small, label: NASTY, model: NASTY },
      large: { ...large, label: NASTY, model: NASTY },
    },
  };
}

describe.each(FAMILIES)('$policy $threshold $product', (chosen) => {
  const document = renamed(documentOf(chosen));

  test('the JavaScript function agrees with every test vector', async () => {
    const file = path.join(written(document), 'crossover_policy.mjs');
    const { route } = (await import(pathToFileURL(file).href)) as {
      route: (m: number | null, n: number | null) => string;
    };
    for (const { inputTokens, predictedOutputTokens, system } of document.testVectors) {
      expect(route(inputTokens, predictedOutputTokens)).toBe(system);
    }
    if (document.needs.inputTokens) expect(() => route(-1, 1)).toThrow(TypeError);
    if (document.needs.predictedOutputTokens) expect(() => route(1, null)).toThrow(TypeError);
  });

  test("LiteLLM's configuration names both systems, what clients ask for, and the router", () => {
    const config = parse(deployFiles(document).get('litellm_config.yaml')!) as {
      model_list: { model_name: string; litellm_params: Record<string, string> }[];
      litellm_settings: { callbacks: string };
    };
    expect(config.model_list.map(({ model_name }) => model_name)).toEqual([
      'crossover-small',
      'crossover-large',
      'crossover',
    ]);
    const [small, large, asked] = config.model_list;
    expect(asked!.litellm_params).toEqual((document.fallback === 'small' ? small! : large!).litellm_params);
    expect(small!.litellm_params['api_base']).toBe('os.environ/CROSSOVER_SMALL_URL');
    expect(config.litellm_settings.callbacks).toBe('crossover_router.proxy_handler_instance');
  });

  withPython('with the python3 of this computer', () => {
    test('the Python function agrees with every test vector, and finds a wrong one', () => {
      const folder = written(document);
      const ran = spawnSync(python!, ['crossover_policy.py'], { cwd: folder, encoding: 'utf8' });
      expect(ran.stderr).toBe('');
      expect(ran.stdout).toContain(
        `${document.testVectors.length} of ${document.testVectors.length} test vectors agree`,
      );
      expect(ran.status).toBe(0);
      const [first, ...rest] = document.testVectors;
      const wrong = { ...first!, system: first!.system === 'small' ? 'large' : 'small' };
      writeFileSync(
        path.join(folder, 'wrong.json'),
        JSON.stringify({ ...document, testVectors: [wrong, ...rest] }),
      );
      const found = spawnSync(python!, ['crossover_policy.py', 'wrong.json'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(found.status).toBe(1);
    });

    test('the LiteLLM router sends every test vector to its model, and what it knows nothing about to the fallback', () => {
      const folder = written(document);
      standInLitellm(folder);
      const ran = spawnSync(python!, ['drive.py'], { cwd: folder, encoding: 'utf8' });
      expect(ran.stderr).toBe('');
      const told = JSON.parse(ran.stdout) as { routed: string[]; nothing: string; other: string };
      expect(told.routed).toEqual(document.testVectors.map(({ system }) => `crossover-${system}`));
      const needsAny = document.needs.inputTokens || document.needs.predictedOutputTokens;
      expect(told.nothing).toBe(`crossover-${needsAny ? document.fallback : document.policy}`);
      expect(told.other).toBe('another-model');
    });
  });
});

/** What the router uses of LiteLLM, with a counter that takes the number of tokens from the text. */
function standInLitellm(folder: string): void {
  mkdirSync(path.join(folder, 'litellm', 'integrations'), { recursive: true });
  const put = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  put(
    'litellm/__init__.py',
    'def token_counter(model, messages=None, text=None):\n    return int(text if text is not None else messages[0]["content"])\n',
  );
  put('litellm/integrations/__init__.py', '');
  put('litellm/integrations/custom_logger.py', 'class CustomLogger:\n    pass\n');
  put(
    'drive.py',
    `import asyncio, json
from crossover_router import proxy_handler_instance as router

def ask(data):
    return asyncio.run(router.async_pre_call_hook(None, None, data, "completion"))["model"]

routed = []
for i, vector in enumerate(json.load(open("crossover-policy.json", encoding="utf-8"))["testVectors"]):
    m, n = vector["inputTokens"] or 0, vector["predictedOutputTokens"]
    data = {"model": "crossover"}
    data.update([{"messages": [{"role": "user", "content": str(m)}]}, {"prompt": str(m)}][i % 2])
    if n is not None:
        data.update([{"metadata": {"predicted_output_tokens": n}, "max_tokens": 7}, {"max_tokens": n}][i % 2])
    routed.append(ask(data))
print(json.dumps({"routed": routed, "nothing": ask({"model": "crossover"}), "other": ask({"model": "another-model", "prompt": "1"})}))
`,
  );
}

test('the published schema is JSON that describes the format', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../build/schemas/policy.schema.json', import.meta.url), 'utf8'),
  ) as { properties: { format: { const: string } } };
  expect(schema.properties.format.const).toBe('crossover-policy');
});
