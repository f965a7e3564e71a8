import { LabError } from '../errors.ts';
import { guessTimeUnit, type ColumnRoles, type SourceColumn } from './columns.ts';
import { FORMATS, plainName, USUAL_NAMES, type FormatColumns } from './formats.ts';
import { WORKLOAD_FORMATS, type TimeUnit, type WorkloadFormat, type WorkloadRequest } from './request.ts';

/** What stands in the rows. */
export type RowContent =
  /** token counts */
  | 'counts'
  /** texts to tokenise, or some of them */
  | 'texts'
  /** conversations to take apart and tokenise */
  | 'messages'
  /** lists of token counts, an entry for each query */
  | 'lists';

/** How a table was understood. */
export interface Understanding {
  readonly format: WorkloadFormat;
  readonly roles: ColumnRoles;
  readonly content: RowContent;
  /** columns among texts that hold token counts, and are not tokenised */
  readonly counted: readonly string[];
  /** of arrival times that are numbers; undefined where they are dates, or there are none */
  readonly timeUnit?: TimeUnit;
  /** the unit was neither said nor plain from the numbers */
  readonly timeUnitAssumed?: boolean;
}

type Wishes = Omit<WorkloadRequest, 'files'>;

/**
 * Finds out which columns are what: as the user says, or by the columns of a known format, or by usual names.
 * @returns undefined where the columns do not tell
 * @throws LabError "bad-setting" naming a column that is asked for and is not there
 */
export function understand(columns: readonly SourceColumn[], wishes: Wishes): Understanding | undefined {
  const told = rolesTold(columns, wishes);
  if (wishes.input !== undefined || wishes.output !== undefined) {
    const found = mapped(columns, wishes, told);
    return found && finished(columns, wishes, found.format, found.roles);
  }
  const formats = wishes.format === undefined ? WORKLOAD_FORMATS : [wishes.format];
  for (const format of formats) {
    const roles = rolesOf(columns, format);
    if (roles !== undefined) return finished(columns, wishes, format, { ...roles, ...told });
  }
  return undefined;
}

function rolesTold(columns: readonly SourceColumn[], wishes: Wishes): Partial<ColumnRoles> {
  const { input, output, count, arrival } = wishes;
  for (const name of [...(input ?? []), output, count, arrival]) {
    if (typeof name === 'string' && !columns.some((column) => column.name === name)) {
      throw new LabError(
        'bad-setting',
        `There is no column "${name}". Nothing was written.`,
        `The columns are ${namesOf(columns)}.`,
      );
    }
  }
  return {
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(count === undefined ? {} : { count }),
    ...(typeof arrival === 'string' ? { arrival } : {}),
  };
}

/** The columns' names for a sentence, not all of them where there are many. */
export function namesOf(columns: readonly { readonly name: string }[]): string {
  const shown = columns.slice(0, 20).map(({ name }) => `"${name.slice(0, 60)}"`);
  return columns.length > shown.length
    ? `${shown.join(', ')} and ${columns.length - shown.length} more`
    : shown.join(', ');
}

/** Columns that the user names; the other side may be left to its usual name. */
function mapped(
  columns: readonly SourceColumn[],
  wishes: Wishes,
  told: Partial<ColumnRoles>,
): { format: WorkloadFormat; roles: ColumnRoles } | undefined {
  const { input, output } = told;
  const first = columns.find(({ name }) => name === (input?.[0] ?? output));
  if (first?.holds === 'messages' && output === undefined && input?.length === 1) {
    return { format: wishes.format ?? 'openai', roles: { ...told, input: [], messages: first.name } };
  }
  const format =
    wishes.format ?? (first?.holds === 'numbers' ? 'counts' : first?.holds === 'lists' ? 'vllm' : 'prompts');
  const { inputCounts, outputCounts, inputTexts, outputTexts, arrivals } = USUAL_NAMES;
  const numbers = first?.holds === 'numbers';
  const usual = FORMATS[format];
  const otherInput = firstOf(columns, [...(usual.input ?? []), ...(numbers ? inputCounts : inputTexts)]);
  const otherOutput = firstOf(columns, [
    ...(usual.output === undefined ? [] : [usual.output]),
    ...(numbers ? outputCounts : outputTexts),
  ]);
  const roles = {
    ...arrivalOf(columns, usual.arrival === undefined ? arrivals : [usual.arrival]),
    ...(otherInput === undefined ? {} : { input: [otherInput] }),
    ...(otherOutput === undefined ? {} : { output: otherOutput }),
    ...told,
  };
  if (roles.input === undefined || roles.output === undefined) return undefined;
  return { format, roles: { ...roles, input: roles.input } };
}

function rolesOf(columns: readonly SourceColumn[], format: WorkloadFormat): ColumnRoles | undefined {
  if (format === 'counts') return usualCounts(columns);
  if (format === 'prompts') return usualTexts(columns);
  const known = FORMATS[format];
  if (known.messages !== undefined) {
    const messages = firstOf(columns, known.messages, known);
    return messages === undefined
      ? undefined
      : { input: [], messages, ...arrivalOf(columns, USUAL_NAMES.arrivals) };
  }
  if (known.input === undefined || known.output === undefined) return undefined;
  const input = known.input.map((name) => firstOf(columns, [name], known));
  const output = firstOf(columns, [known.output], known);
  const count = known.count === undefined ? undefined : firstOf(columns, [known.count]);
  if (output === undefined || (known.count !== undefined && count === undefined)) return undefined;
  if (!input.every((name) => name !== undefined)) return undefined;
  return {
    input,
    output,
    ...(count === undefined ? {} : { count }),
    ...(known.count === undefined
      ? known.arrival === undefined
        ? arrivalOf(columns, USUAL_NAMES.arrivals)
        : knownArrivalOf(columns, known.arrival)
      : {}),
  };
}

function usualCounts(columns: readonly SourceColumn[]): ColumnRoles | undefined {
  const holds: Pick<FormatColumns, 'holds'> = { holds: 'numbers' };
  const input = firstOf(columns, USUAL_NAMES.inputCounts, holds);
  const output = firstOf(columns, USUAL_NAMES.outputCounts, holds);
  if (input === undefined || output === undefined) return undefined;
  const count = firstOf(columns, USUAL_NAMES.counts, holds);
  return {
    input: [input],
    output,
    ...(count === undefined ? arrivalOf(columns, USUAL_NAMES.arrivals) : { count }),
  };
}

function usualTexts(columns: readonly SourceColumn[]): ColumnRoles | undefined {
  const messages = columns.find(
    ({ name, holds }) =>
      holds === 'messages' && USUAL_NAMES.messages.some((usual) => plainName(usual) === plainName(name)),
  );
  const arrival = arrivalOf(columns, USUAL_NAMES.arrivals);
  if (messages !== undefined) return { input: [], messages: messages.name, ...arrival };
  const wanted = new Set<string>(USUAL_NAMES.inputTexts.map(plainName));
  const isText = ({ holds }: SourceColumn): boolean =>
    holds === 'texts' || holds === 'nothing' || holds === 'numbers';
  const input = columns.filter((column) => isText(column) && wanted.has(plainName(column.name)));
  const output = firstOf(columns.filter(isText), USUAL_NAMES.outputTexts);
  // Numbers alone are no prompts; a file without rows, or with a long one, is told by its names.
  if (!input.some(({ holds }) => holds !== 'numbers') || output === undefined) return undefined;
  return { input: input.map(({ name }) => name), output, ...arrival };
}

/** The first of the names that a column has; one that holds something else is not it. */
function firstOf(
  columns: readonly SourceColumn[],
  names: readonly string[],
  { holds }: Partial<Pick<FormatColumns, 'holds'>> = {},
): string | undefined {
  for (const name of names.map(plainName)) {
    const found = columns.find(
      (column) =>
        plainName(column.name) === name &&
        // Alpaca's "input" is empty in most rows; texts may look like numbers; a file may have no row at all.
        (holds === undefined ||
          column.holds === holds ||
          column.holds === 'nothing' ||
          (holds === 'texts' && column.holds !== 'messages' && column.holds !== 'lists') ||
          (holds === 'numbers' && column.holds === 'texts')),
    );
    if (found !== undefined) return found.name;
  }
  return undefined;
}

const UNIT_ENDINGS = ['', '_s', '_sec', '_seconds', '_ms', '_us', '_ns'];

function arrivalOf(columns: readonly SourceColumn[], names: readonly string[]): { arrival?: string } {
  const timed = columns.filter(({ holds }) => holds === 'times' || holds === 'numbers');
  const usual = names.flatMap((name) => UNIT_ENDINGS.map((ending) => name + ending));
  const arrival = firstOf(timed, usual);
  return arrival === undefined ? {} : { arrival };
}

/** The arrival of a known format is what its name says, whatever the first values are. */
function knownArrivalOf(columns: readonly SourceColumn[], name: string): { arrival?: string } {
  const arrival = firstOf(columns, [name]);
  return arrival === undefined ? {} : { arrival };
}

function finished(
  columns: readonly SourceColumn[],
  wishes: Wishes,
  format: WorkloadFormat,
  found: ColumnRoles,
): Understanding {
  const { arrival, ...others } = found;
  // A row that stands for many queries has no arrival time of each.
  const timed = arrival !== undefined && wishes.arrival !== null && found.count === undefined;
  const roles: ColumnRoles = timed ? found : others;
  const understanding = { format, roles, ...contentOf(columns, wishes, format, roles) };
  const column = columns.find(({ name }) => name === roles.arrival);
  if (column === undefined || column.holds !== 'numbers') return understanding;
  const usual = wishes.arrival === undefined ? FORMATS[format].timeUnit : undefined;
  const timeUnit = wishes.timeUnit ?? usual ?? guessTimeUnit(column);
  return timeUnit === undefined
    ? { ...understanding, timeUnit: 's', timeUnitAssumed: true }
    : { ...understanding, timeUnit };
}

function contentOf(
  columns: readonly SourceColumn[],
  wishes: Wishes,
  format: WorkloadFormat,
  roles: ColumnRoles,
): { content: RowContent; counted: string[] } {
  if (roles.messages !== undefined) return { content: 'messages', counted: [] };
  const used = columns.filter(({ name }) => roles.input.includes(name) || roles.output === name);
  if (used.length > 0 && used.every(({ holds }) => holds === 'lists'))
    return { content: 'lists', counted: [] };
  // What the names say is believed: a word among token counts does not make them texts, nor a number among prompts.
  const byName = wishes.format !== undefined || (wishes.input === undefined && wishes.output === undefined);
  if (byName) return { content: FORMATS[format].holds === 'numbers' ? 'counts' : 'texts', counted: [] };
  // A column without any value holds as many counts as texts: the others decide.
  const counted = used.filter(({ holds }) => holds === 'numbers').map(({ name }) => name);
  const texts = used.filter(({ holds }) => holds !== 'nothing' && holds !== 'numbers');
  return texts.length === 0 && counted.length > 0
    ? { content: 'counts', counted: [] }
    : { content: 'texts', counted };
}
