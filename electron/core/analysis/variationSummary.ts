import { FACTORS, type Factor, type VariationAnswer } from './variations.ts';

/** A variation that could be computed. */
export type FoundVariation = Exclude<VariationAnswer, { kind: 'impossible' }>;
export type ImpossibleVariation = Extract<VariationAnswer, { kind: 'impossible' }>;

/** What one thing, changed, does to the answer. */
export interface FactorSummary {
  readonly factor: Factor;
  /** ascending by what they save, the study itself among them */
  readonly found: readonly FoundVariation[];
  readonly impossible: readonly ImpossibleVariation[];
  /** least and most saved, fractions; undefined where nothing could be computed */
  readonly range: readonly [least: number, most: number] | undefined;
}

/** How far the answer of a study moves. */
export interface VariationSummary {
  /** the study itself; undefined where it cannot be computed */
  readonly own: FoundVariation | undefined;
  /** different variations that could be computed, the study itself once */
  readonly all: number;
  /** of these: a threshold is useful */
  readonly useful: number;
  /** those whose answer, useful or not, is another than the study's own */
  readonly turned: readonly FoundVariation[];
  readonly impossible: readonly ImpossibleVariation[];
  /** by how far they move the saving, the widest first */
  readonly factors: readonly FactorSummary[];
}

/** Puts the answers of variations in order: which thing moves the saving most, and which turn the answer. */
export function summariseVariations(answers: readonly VariationAnswer[]): VariationSummary {
  const factors = FACTORS.map((factor): FactorSummary => {
    const of = answers.filter((answer) => answer.factor === factor);
    const found = of.filter(isFound).sort((a, b) => a.saving - b.saving);
    return {
      factor,
      found,
      impossible: of.filter(isImpossible),
      range: found.length === 0 ? undefined : [found[0]!.saving, found.at(-1)!.saving],
    };
  }).filter(({ found, impossible }) => found.length + impossible.length > 0);
  const own = answers.filter(isFound).find(({ now }) => now);
  const others = answers.filter(isFound).filter(({ now }) => !now);
  const different = own === undefined ? others : [own, ...others];
  return {
    own,
    all: different.length,
    useful: different.filter(({ kind }) => kind === 'threshold').length,
    turned: own === undefined ? [] : others.filter(({ kind }) => kind !== own.kind),
    impossible: answers.filter(isImpossible),
    factors: factors.sort((a, b) => spanOf(b) - spanOf(a)),
  };
}

/** How far a thing moves the saving, a fraction; −1 where nothing is known of it. */
export function spanOf({ range }: FactorSummary): number {
  return range === undefined ? -1 : range[1] - range[0];
}

function isFound(answer: VariationAnswer): answer is FoundVariation {
  return answer.kind !== 'impossible';
}

function isImpossible(answer: VariationAnswer): answer is ImpossibleVariation {
  return answer.kind === 'impossible';
}
