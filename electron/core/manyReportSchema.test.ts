/** The published schema of a comparison's JSON, by a validator of another maker: the one that ESLint brings. */
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { madeComparison } from '../test/madeComparison.ts';
import { loadSolver } from '../workers/highs.ts';
import { manyReportJsonSchema, manyReportSchema } from './manyReportSchema.ts';

interface Validator {
  (document: unknown): boolean;
  readonly errors?: readonly object[] | null;
}

const fromEslint = createRequire(createRequire(import.meta.url).resolve('eslint'));
const Ajv = fromEslint('ajv') as new (options: object) => { compile: (schema: object) => Validator };
const validate = new Ajv({ allErrors: true }).compile(manyReportJsonSchema());

test('is the one in build/schemas', async () => {
  await expect(`${JSON.stringify(manyReportJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../build/schemas/comparison-report.schema.json',
  );
});

test.each([
  ['without intervals', {}],
  ['with intervals at another λ', { bootstrap: 5, lambda: 0.5, cost: 'normalised' }],
  ['with devices', { bootstrap: 5, capacity: { devices: [20, 4, 3], arrivalRate: 0.2 } }],
])('holds for the report of a comparison (%s), and knows every field of it', async (_, changes) => {
  const solve = 'capacity' in changes ? await loadSolver() : undefined;
  const document: unknown = JSON.parse(JSON.stringify(madeComparison(changes, solve)));
  validate(document);
  expect(validate.errors).toBeNull();
  // What the schema does not know would be gone.
  expect(manyReportSchema.parse(document)).toEqual(document);
});

test('finds what is missing or of another kind; a field that a later version adds is none of it', () => {
  const document = JSON.parse(JSON.stringify(madeComparison())) as Record<string, unknown>;
  expect(validate({ ...document, later: { more: 1 } })).toBe(true);
  const { map, ...rest } = document;
  expect(map).toBeDefined();
  expect(validate(rest)).toBe(false);
  expect(validate({ ...document, extrapolated: { queries: '0', energy: 0 } })).toBe(false);
});
