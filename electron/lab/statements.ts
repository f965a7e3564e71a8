import type { Stated } from '#core/analysis/boundary';
import { LabError } from '#core/errors';
import { RAILS, type Rail } from '#core/profile';
import type { StudySettings } from '#core/study';

const SIDES = ['small', 'large'] as const;
type Both = NonNullable<StudySettings['stated']>;

/**
 * Reads what the user states about the systems: `large.cpu=40W`, `small.machine=1.1*gpu+cpu+15W`, `large.idle=300W`,
 * `large.pue=1.2`.
 * @returns undefined when nothing is stated
 * @throws LabError "bad-setting" when a statement cannot be read
 */
export function parseStatements(texts: readonly string[]): Both | undefined {
  if (texts.length === 0) return undefined;
  const stated: Record<(typeof SIDES)[number], { -readonly [K in keyof Stated]: Stated[K] }> = {
    small: {},
    large: {},
  };
  for (const text of texts) {
    const [, side, what, value] = /^\s*(small|large)\.([a-z]+)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
    if (side === undefined || what === undefined || value === undefined) throw unreadable(text);
    const of = stated[side as 'small' | 'large'];
    if (what === 'idle') of.idleW = watts(value) ?? fail(text);
    else if (what === 'pue') of.pue = number(value) ?? fail(text);
    else of.rails = [...(of.rails ?? []), { rail: railOf(what) ?? fail(text), ...parseEnergy(value, text) }];
  }
  const said = SIDES.filter((side) => Object.keys(stated[side]).length > 0);
  return Object.fromEntries(said.map((side) => [side, stated[side]]));
}

function parseEnergy(value: string, text: string): { of?: Partial<Record<Rail, number>>; watts?: number } {
  const of: Partial<Record<Rail, number>> = {};
  let power: number | undefined;
  for (const term of value.split('+').map((each) => each.trim())) {
    const drawn = watts(term);
    if (drawn !== undefined) {
      power = (power ?? 0) + drawn;
      continue;
    }
    const [factor, rail] = term.includes('*') ? term.split('*').map((each) => each.trim()) : ['1', term];
    const found = railOf(rail ?? '') ?? fail(text);
    of[found] = (of[found] ?? 0) + (number(factor ?? '') ?? fail(text));
  }
  return {
    ...(Object.keys(of).length === 0 ? {} : { of }),
    ...(power === undefined ? {} : { watts: power }),
  };
}

const number = (text: string): number | undefined =>
  /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;

const watts = (text: string): number | undefined =>
  /w$/i.test(text) ? number(text.slice(0, -1).trim()) : undefined;

const railOf = (text: string): Rail | undefined => RAILS.find((rail) => rail === text);

function fail(text: string): never {
  throw unreadable(text);
}

function unreadable(text: string): LabError {
  return new LabError(
    'bad-setting',
    `--assume cannot be read: "${text}". Nothing was stored.`,
    'Write it as large.cpu=40W, small.machine=1.1*gpu+cpu+15W, large.idle=300W or large.pue=1.2.',
  );
}

/** The statements that `parseStatements` reads back. */
export function statementTexts(stated: StudySettings['stated']): string[] {
  return SIDES.flatMap((side) => {
    const { rails = [], idleW, pue } = stated?.[side] ?? {};
    return [
      ...rails.map(({ rail, of = {}, watts: power }) => {
        const terms = RAILS.flatMap((each) => (of[each] === undefined ? [] : [`${of[each]}*${each}`]));
        return `${side}.${rail}=${[...terms, ...(power === undefined ? [] : [`${power}W`])].join('+')}`;
      }),
      ...(idleW === undefined ? [] : [`${side}.idle=${idleW}W`]),
      ...(pue === undefined ? [] : [`${side}.pue=${pue}`]),
    ];
  });
}
