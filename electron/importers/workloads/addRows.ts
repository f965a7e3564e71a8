/** Tokenises texts row by row and adds them up; also lists of token counts, and mixtures of both. */
import { sumArrivals } from '#core/workloadImport/arrivals';
import { CHAT_REFUSALS, countConversation, readConversation } from '#core/workloadImport/chats';
import { faultReason, readCount, tokenFault, weightFault } from '#core/workloadImport/counts';
import { coarsened, JointTable } from '#core/workloadImport/joint';
import { DropCounter, type ImportWarning } from '#core/workloadImport/reasons';
import { readTimeS } from '#core/workloadImport/times';
import type { Understanding } from '#core/workloadImport/understand';
import type { Weighted } from '#core/statistics';
import type { Tokenizer } from '../tokenizers/tokenizer.ts';
import type { Added } from './added.ts';
import { many } from './sayings.ts';
import type { RowSource, WantedColumn } from './source.ts';

/** Longer texts are no prompts: a tokenizer's time and memory grow with them. */
const MOST_CHARACTERS = 20_000_000;

/**
 * Adds up rows one by one.
 * @param tokenizer undefined where nothing is to be tokenised
 */
export async function addRows(
  sources: readonly RowSource[],
  understanding: Understanding,
  tokenizer: Tokenizer | undefined,
  onProgress: (what: string, fraction: number) => void,
): Promise<Added> {
  const adder = new RowAdder(understanding, tokenizer);
  const wanted = wantedColumns(understanding);
  const what = tokenizer === undefined ? 'adding up' : 'tokenising';
  onProgress('counting the rows', 0);
  let total = 0;
  for (const source of sources) total += await source.count();
  for (const source of sources) {
    for await (const columns of source.portions(wanted)) {
      const rows = columns[0]?.length ?? 0;
      for (let i = 0; i < rows; i++) {
        adder.add(columns.map((column) => column[i]));
        // A long chat takes as long as a portion of short ones.
        if (i % 64 === 0) onProgress(what, Math.min(1, adder.rows / Math.max(1, total)));
      }
    }
    for (const { count, reason } of await source.lost()) adder.lose(count, reason);
  }
  return adder.result();
}

/** Inputs, output, then the others, each once. */
function wantedColumns({ roles, content }: Understanding): WantedColumn[] {
  const { input, output, count, arrival, messages } = roles;
  const as = content === 'lists' ? 'json' : 'plain';
  return [
    ...(messages === undefined ? [] : [{ name: messages, as: 'json' as const }]),
    ...input.map((name) => ({ name, as }) as const),
    ...(output === undefined ? [] : [{ name: output, as } as const]),
    ...[count, arrival].filter((name) => name !== undefined).map((name) => ({ name, as: 'plain' as const })),
  ];
}

class RowAdder {
  rows = 0;
  readonly #joint = new JointTable();
  readonly #dropped = new DropCounter();
  readonly #input = new Map<number, number>();
  readonly #output = new Map<number, number>();
  #timesS = new Float64Array(1024);
  #timed = 0;
  #untimed = 0;
  #emptyTexts = 0;
  #notOnlyText = 0;

  constructor(
    private readonly understanding: Understanding,
    private readonly tokenizer: Tokenizer | undefined,
  ) {}

  lose(count: number, reason: string): void {
    this.rows += count;
    this.#dropped.add(reason, count);
  }

  /** @param row the values of the wanted columns */
  add(row: readonly unknown[]): void {
    this.rows += 1;
    const { roles, content, timeUnit } = this.understanding;
    const rest =
      roles.input.length + Number(roles.messages !== undefined) + Number(roles.output !== undefined);
    let weight = 1;
    if (roles.count !== undefined) {
      const value = readCount(row[rest]);
      const fault = weightFault(value);
      if (fault !== undefined) return this.#dropped.add(faultReason('queries', fault));
      weight = value!;
    }
    const timeS = roles.arrival === undefined ? undefined : readTimeS(row.at(-1), timeUnit);
    const query = (m: number, n: number): void => this.#query(m, n, weight, timeS);
    if (content === 'messages') this.#addConversation(row[0], query);
    else if (content === 'lists') this.#addLists(row, query);
    else this.#addTexts(row, query);
  }

  #query(m: number, n: number, weight: number, timeS: number | undefined): void {
    this.#joint.add(m, n, weight);
    this.#input.set(m, (this.#input.get(m) ?? 0) + weight);
    this.#output.set(n, (this.#output.get(n) ?? 0) + weight);
    if (this.understanding.roles.arrival === undefined) return;
    if (timeS === undefined) {
      this.#untimed += 1;
      return;
    }
    if (this.#timed === this.#timesS.length) {
      const larger = new Float64Array(this.#timed * 2);
      larger.set(this.#timesS);
      this.#timesS = larger;
    }
    this.#timesS[this.#timed++] = timeS;
  }

  #addTexts(row: readonly unknown[], query: (m: number, n: number) => void): void {
    const { roles } = this.understanding;
    const inputs = roles.input.length;
    let m = 0;
    // An input that is partly empty is usual; one without anything is a row without its prompt.
    if (row.slice(0, inputs).every((value) => value === null || value === undefined)) {
      return this.#dropped.add('no input');
    }
    for (let i = 0; i < inputs; i++) {
      const tokens = this.#tokens(roles.input[i]!, row[i], 'input tokens');
      if (tokens === undefined) return;
      m += tokens;
    }
    const answer = row[inputs];
    if (answer === null || answer === undefined) return this.#dropped.add('no output');
    const n = this.#tokens(roles.output!, answer, 'output tokens');
    if (n !== undefined) query(m, n);
  }

  /** Tokens of a text, or the count that is there; undefined where the row was dropped. */
  #tokens(column: string, value: unknown, what: 'input tokens' | 'output tokens'): number | undefined {
    if (this.tokenizer === undefined || this.understanding.counted.includes(column)) {
      const count = readCount(value);
      const fault = tokenFault(count);
      if (fault === undefined) return count;
      this.#dropped.add(faultReason(what, fault));
      return undefined;
    }
    const text =
      typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value);
    if (text.length > MOST_CHARACTERS) {
      this.#dropped.add(`a text of more than ${MOST_CHARACTERS / 1e6} million characters`);
      return undefined;
    }
    if (text === '') this.#emptyTexts += 1;
    return this.tokenizer.count(text);
  }

  #addLists(row: readonly unknown[], query: (m: number, n: number) => void): void {
    const [inputs, outputs] = [parsedList(row[0]), parsedList(row[1])];
    if (inputs === undefined || outputs === undefined) return this.#dropped.add('no lists of token counts');
    // What is a row here is a whole benchmark: its requests are the rows.
    this.rows += Math.max(inputs.length, outputs.length) - 1;
    for (let i = 0; i < Math.max(inputs.length, outputs.length); i++) {
      const m = i < inputs.length ? readCount(inputs[i]) : undefined;
      const n = i < outputs.length ? readCount(outputs[i]) : undefined;
      const fault = tokenFault(m);
      if (fault !== undefined) this.#dropped.add(faultReason('input tokens', fault));
      else {
        const other = tokenFault(n);
        if (other === undefined) query(m!, n!);
        else this.#dropped.add(faultReason('output tokens', other));
      }
    }
  }

  #addConversation(value: unknown, query: (m: number, n: number) => void): void {
    const messages = readConversation(parsedJson(value));
    if (messages === undefined) return this.#dropped.add('no conversation');
    if (messages.some(({ text }) => text.length > MOST_CHARACTERS)) {
      return this.#dropped.add(`a text of more than ${MOST_CHARACTERS / 1e6} million characters`);
    }
    if (messages.some(({ more }) => more)) this.#notOnlyText += 1;
    countConversation(messages, this.tokenizer!, query, (why) => this.#dropped.add(CHAT_REFUSALS[why]));
  }

  result(): Added {
    const ascending = (counts: ReadonlyMap<number, number>): Weighted[] =>
      [...counts].sort(([a], [b]) => a - b);
    const warnings: ImportWarning[] = [];
    if (this.#emptyTexts > 0) {
      const each = this.tokenizer?.count('') ?? 0;
      warnings.push({
        kind: 'empty-texts',
        message: `${many(this.#emptyTexts, 'text is', 'texts are')} empty and counted as ${many(each, 'token', 'tokens')} each, as the tokenizer has it.`,
      });
    }
    if (this.#notOnlyText > 0) {
      warnings.push({
        kind: 'not-only-text',
        message: `${many(this.#notOnlyText, 'conversation holds', 'conversations hold')} more than text, such as images or calls of tools; only their text is counted.`,
      });
    }
    return {
      ...coarsened(this.#joint.pairs()),
      marginals: { input: ascending(this.#input), output: ascending(this.#output) },
      rows: this.rows,
      dropped: this.#dropped.list(),
      warnings,
      ...(this.#timed >= 2 ? { arrivals: sumArrivals(this.#timesS.slice(0, this.#timed)) } : {}),
      untimed: this.#untimed,
    };
  }
}

function parsedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function parsedList(value: unknown): unknown[] | undefined {
  const list = parsedJson(value);
  return Array.isArray(list) ? (list as unknown[]) : undefined;
}
