import { markup, type Markup, type MarkupValue } from './markup.ts';
import type { Cell } from './profile.ts';
import type { ReportDocument } from './report.ts';

type Side = 'small' | 'large';

/**
 * Where a number of the report comes from: an entry of the appendix, which leads on to its own sources, or one of those
 * themselves: a setting of the study, a profile, its measured cells, one of them, or their trials.
 */
export type SourceId =
  | `from-${'totals' | 'savings' | 'intervals' | 'thresholds' | 'workload' | 'extrapolated'}`
  | `from-${'lambda' | 'unknown-output' | 'model' | 'capacity'}`
  | 'settings'
  | SettingId
  | 'method'
  | 'workload'
  | `profile-${Side}`
  | `cells-${Side}`
  | `trials-${Side}`
  | CellId
  | CellTrialsId;

/** A row of the study's settings. */
export type SettingId =
  `setting-${'lambda' | 'min-saving' | 'thresholds' | 'bootstrap' | 'capacity' | 'stated-small' | 'stated-large'}`;

/** A row of the measured cells. */
export type CellId = `cell-${Side}-${string}`;

/** The row of a measured cell. */
export function cellId(side: Side, { m, n, sweep }: Pick<Cell, 'm' | 'n' | 'sweep'>): CellId {
  return `cell-${side}-${sweep ?? 'grid'}-${m}-${n}`;
}

/** The trials of a measured cell. */
export type CellTrialsId = `trials-${Side}-${string}`;

export function cellTrialsId(side: Side, { m, n, sweep }: Pick<Cell, 'm' | 'n' | 'sweep'>): CellTrialsId {
  return `trials-${side}-${sweep ?? 'grid'}-${m}-${n}`;
}

/** A number with a way to its source. */
export function sourced(source: SourceId, number: MarkupValue): Markup {
  return markup`<a class="from" href="#${source}">${number}</a>`;
}

/** Words around numbers that tell where those come from. */
export type SourceRule = readonly [words: RegExp, source: SourceId];

/** Turns text into markup in which every number leads to its source. */
export type LinkText = (text: string, source: SourceId, rules?: readonly SourceRule[]) => Markup[];

/** What is said in the same words throughout the report. */
const RULES: readonly SourceRule[] = [
  [/λ\s=\s[\d.]+/g, 'setting-lambda'],
  [/(?:your minimum of|saves at least)\s[\d.]+%/g, 'setting-min-saving'],
  [/95% intervals?(?: begins at)?(?: −?[\d.]+%(?: to −?[\d.]+%)?)?/g, 'from-intervals'],
  [/[\d,]+ replicates|\(seed \d+\)/g, 'setting-bootstrap'],
  [/at most −?\d+|≤ −?\d+|\bT\s=\s−?\d+/g, 'from-thresholds'],
  [/as much as 0\.01%/g, 'method'],
];

/** What others have written in their own words, where those of the report say nothing. */
const OTHERS_WORDS = /^(?:profile-|from-workload$)/;

/** A number, with its sign and percent sign. */
const NUMBER = String.raw`[−+]?\d+(?:[.,]\d+)*%?`;
/** What has a letter in it is a name: "A100", "Llama-2", "7B", "fp16"; so are the 1 and the λ of "1−λ". */
const WORD = String.raw`[\p{L}_][\p{L}\p{N}_]*(?:[-.][\p{L}\p{N}_]+)*|\p{N}+[\p{L}_][\p{L}\p{N}_]*|\(1\s?−\s?λ\)`;

/**
 * For one report: its text with every number as a link. A number in a name is part of the name; what the words around
 * a number say of it (`rules`, then those that hold everywhere) comes before the source of the whole text.
 */
export function linkText(report: ReportDocument): LinkText {
  const names = namesIn(report).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  const named =
    names.length === 0 ? '' : String.raw`(?<![\p{L}\p{N}])(?:${names.join('|')})(?![\p{L}\p{N}])|`;
  const tokens = new RegExp(`${named}${WORD}|(${NUMBER})`, 'gu');
  return (text, source, rules = []) => {
    const spans = [...rules, ...(OTHERS_WORDS.test(source) ? [] : RULES)].flatMap(([words, to]) =>
      [...text.matchAll(words)].map(({ index, 0: { length } }) => ({
        from: index,
        to: index + length,
        source: to,
      })),
    );
    const pieces: Markup[] = [];
    let done = 0;
    for (const { index, 0: token, 1: number } of text.matchAll(tokens)) {
      if (number === undefined) continue;
      const found = spans.find(({ from, to }) => index >= from && index < to);
      pieces.push(markup`${text.slice(done, index)}`, sourced(found?.source ?? source, token));
      done = index + token.length;
    }
    return [...pieces, markup`${text.slice(done)}`];
  };
}

/** The names in a report that may have numbers in them, the longest first. */
function namesIn({ title, systems: { small, large }, workload }: ReportDocument): string[] {
  const names = [small, large].flatMap(({ label, name, model, profile, conditions }) => [
    label,
    name,
    model,
    profile.id,
    profile.name,
    conditions.engine,
  ]);
  return [...new Set([title, workload.id, workload.name, ...names])]
    .filter((name) => /\d/.test(name) && /\p{L}/u.test(name))
    .sort((a, b) => b.length - a.length);
}
