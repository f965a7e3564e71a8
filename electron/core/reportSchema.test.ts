/** The published schema of a report's JSON, by a validator of another maker: the one that ESLint brings. */
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { FULL_SETTINGS, madeReport } from '../test/madeReport.ts';
import { reportDocumentSchema, reportJsonSchema } from './reportSchema.ts';

interface Validator {
  (document: unknown): boolean;
  readonly errors?: readonly object[] | null;
}

const fromEslint = createRequire(createRequire(import.meta.url).resolve('eslint'));
const Ajv = fromEslint('ajv') as new (options: object) => { compile: (schema: object) => Validator };
const validate = new Ajv({ allErrors: true }).compile(reportJsonSchema());

const STUDIES = {
  "the paper's": {},
  'one without a useful threshold': { policy: 'threshold-out', lambda: 0.3, cost: 'normalised' },
  'everything at once': FULL_SETTINGS,
  'one that the user settled': {
    energyModel: 'physical',
    policy: 'all',
    chosen: { policy: 'threshold-both', threshold: 64, outputThreshold: 100 },
    stated: { small: { idleW: 5 }, large: { idleW: 60 } },
  },
};

test('is the one in build/schemas', async () => {
  await expect(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../build/schemas/report.schema.json',
  );
});

test.each(Object.entries(STUDIES))(
  'holds for the report of a study (%s), and knows every field of it',
  async (_, settings) => {
    const report = await madeReport(settings);
    const document: unknown = JSON.parse(JSON.stringify(report));
    validate(document);
    expect(validate.errors).toBeNull();
    // What the schema does not know would be gone.
    expect(reportDocumentSchema.parse(document)).toEqual(document);
  },
);

test('finds what is missing, renamed or of another kind; a field that a later version adds is none of it', async () => {
  const document = JSON.parse(JSON.stringify(await madeReport())) as Record<string, unknown>;
  expect(validate({ ...document, later: { more: 1 } })).toBe(true);
  const { policies, ...rest } = document;
  expect(validate(rest)).toBe(false);
  expect(validate({ ...rest, policy: policies })).toBe(false);
  expect(validate({ ...document, extrapolated: { queries: '0', energy: 0 } })).toBe(false);
  expect(validate({ ...document, version: 2 })).toBe(false);
});
