import { z } from 'zod';
import { chosenRule, toChosen, type Chosen } from '../analysis/chosenPolicy.ts';
import { thresholdPhrase } from '../analysis/policyChoice.ts';
import { LabError } from '../errors.ts';
import { formatPercent } from '../format.ts';
import type { Profile } from '../profile.ts';
import { systemLabels } from '../report.ts';
import type { Study, StudyInputs } from '../study.ts';
import { systemFor, testVectors } from './testVectors.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const tokens = z.number().int().min(-1);

const systemSchema = z.strictObject({
  label: z.string(),
  system: z.string(),
  model: z.string(),
  profile: z.string(),
  sha256,
});

/** Which queries go to which of two systems, as a file for routers; its JSON Schema is in build/schemas. */
export const policyDocumentSchema = z.strictObject({
  format: z.literal('crossover-policy'),
  version: z.literal(1),
  study: z.string(),
  title: z.string(),
  /** the version of Crossover that wrote it */
  crossover: z.string(),
  verdict: z.strictObject({
    kind: z.enum(['threshold', 'no-useful-threshold']),
    text: z.string(),
    condition: z.string(),
  }),
  systems: z.strictObject({ small: systemSchema, large: systemSchema }),
  /** where a query goes when nothing is known about it: the better single system */
  fallback: z.enum(['small', 'large']),
  policy: z.enum(['small', 'large', 'threshold-in', 'threshold-out', 'threshold-both', 'threshold-product']),
  /** the most input tokens of a query on the small system; −1 sends none there; null where they do not decide */
  inputThreshold: tokens.nullable(),
  /** the same of output tokens */
  outputThreshold: tokens.nullable(),
  /** the largest product of input and output tokens on the small system */
  product: tokens.nullable(),
  /** what has to be known of a query; output tokens are known only afterwards, so they have to be predicted */
  needs: z.strictObject({ inputTokens: z.boolean(), predictedOutputTokens: z.boolean() }),
  /** the policy as a sentence */
  sentence: z.string(),
  /** with which the workload's tokens were counted; null where they came as counts */
  tokenizer: z.string().nullable(),
  cautions: z.array(z.string()),
  /** queries with the system that they must go to, the boundaries among them; null where it does not matter */
  testVectors: z.array(
    z.strictObject({
      inputTokens: z.number().int().nonnegative().nullable(),
      predictedOutputTokens: z.number().int().nonnegative().nullable(),
      system: z.enum(['small', 'large']),
    }),
  ),
});
export type PolicyDocument = z.output<typeof policyDocumentSchema>;

/**
 * The policy that a study's verdict proposes, or that its user settled on, as a document to deploy. Without a useful
 * threshold that is a single system, and the document says so.
 * @throws LabError "bad-setting" when nobody could carry the policy out
 */
export function policyDocument(
  { id, settings, hashes, result }: Study,
  inputs: StudyInputs,
  { title, crossover }: { readonly title: string; readonly crossover: string },
): PolicyDocument {
  const { verdict } = result;
  const chosen = toChosen(verdict);
  if (chosen === undefined) {
    throw new LabError(
      'bad-setting',
      `The policy "${verdict.policy}" of ${id} cannot be carried out query by query. Nothing was written.`,
      'Choose a threshold or a single system.',
    );
  }
  const labels = systemLabels(inputs);
  const limits = limitsOf(chosen);
  const needs = {
    inputTokens: limits.inputThreshold !== null || limits.product !== null,
    predictedOutputTokens: limits.outputThreshold !== null || limits.product !== null,
  };
  const system = (side: 'small' | 'large'): PolicyDocument['systems']['small'] =>
    describe(inputs[side], labels[side], hashes[side]);
  return {
    format: 'crossover-policy',
    version: 1,
    study: id,
    title,
    crossover,
    verdict: { kind: verdict.kind, text: verdict.text, condition: verdict.condition },
    systems: { small: system('small'), large: system('large') },
    fallback: verdict.bestSingle,
    policy: chosen.policy,
    ...limits,
    needs,
    sentence:
      chosen.policy === 'small' || chosen.policy === 'large'
        ? `Every query goes to the ${labels[chosen.policy]}.${
            settings.chosen === undefined ? ' No threshold is useful.' : ''
          }`
        : `Queries with ${thresholdPhrase(verdict)} go to the ${labels.small}, the others to the ${labels.large}.`,
    tokenizer: inputs.workload.tokenizer,
    cautions: cautionsOf(needs, inputs, result),
    testVectors: testVectors(chosen).map(({ m, n }) => ({
      inputTokens: needs.inputTokens ? m : null,
      predictedOutputTokens: needs.predictedOutputTokens ? n : null,
      system: systemFor(chosen, m, n),
    })),
  };
}

/** A policy's three limits, each null where it does not decide. */
function limitsOf(chosen: Chosen): Pick<PolicyDocument, 'inputThreshold' | 'outputThreshold' | 'product'> {
  const none = { inputThreshold: null, outputThreshold: null, product: null };
  const rule = chosenRule(chosen);
  switch (rule.policy) {
    case 'threshold-in':
      return { ...none, inputThreshold: rule.thresholds[0]! };
    case 'threshold-out':
      return { ...none, outputThreshold: rule.thresholds[0]! };
    case 'threshold-both':
      return { ...none, inputThreshold: rule.thresholds[0]!, outputThreshold: rule.outputThresholds[0]! };
    case 'threshold-product':
      return { ...none, product: rule.products[0]! };
    default:
      return none;
  }
}

function describe(profile: Profile, label: string, sha256: string): PolicyDocument['systems']['small'] {
  return { label, system: profile.system.name, model: profile.model.name, profile: profile.id, sha256 };
}

function cautionsOf(
  needs: PolicyDocument['needs'],
  { workload }: StudyInputs,
  { unknownOutput, assumptions }: Study['result'],
): string[] {
  const cautions: string[] = [];
  if (needs.predictedOutputTokens) {
    const lost = unknownOutput?.prediction.find(({ sigma }) => sigma === 0.5);
    cautions.push(
      'The number of output tokens is not known before a query runs: pass a predicted one.' +
        (lost === undefined
          ? ' What a wrong prediction loses was not computed in this study.'
          : ` A threshold on output tokens predicted with an error of a factor of 1.65 (σ = 0.5 of ln n) costs ${formatPercent(lost.loss)} ` +
            'more than with n known.'),
    );
  }
  if (needs.inputTokens && workload.tokenizer !== null) {
    cautions.push(
      `Count tokens as the study did, with the ${workload.tokenizer} tokenizer; another one moves the threshold.`,
    );
  }
  return [
    ...cautions,
    ...assumptions.filter(({ level }) => level === 'warning').map(({ message }) => message),
  ];
}
