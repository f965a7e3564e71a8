/** The loop that is measured: exactly m tokens in, exactly n out. */
import type { LlamaContextSequence, Token } from 'node-llama-cpp';
import type { QueryRecord } from '#core/engine';
import { monotonicS } from '../clock.ts';

/** Greedy, and an end of the text does not end it. */
const SAMPLING = { temperature: 0, yieldEogToken: true } as const;

/** Thrown between two tokens of a query that is not wanted any more. */
export class Stopped extends Error {}

/**
 * Runs one query on a sequence that it clears first.
 * @param kvCache without it, each new token evaluates the whole sequence again
 * @param stopped asked between tokens
 * @throws Stopped
 */
export function forcedQuery(
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  n: number,
  { kvCache, stopped }: { kvCache: boolean; stopped: () => boolean },
): Promise<QueryRecord> {
  return (kvCache ? withCache : withoutCache)(sequence, prompt, n, stopped);
}

async function withCache(
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  n: number,
  stopped: () => boolean,
): Promise<QueryRecord> {
  await sequence.clearHistory();
  const cachedTokens = sequence.nextTokenIndex;
  const tokens = [...prompt];
  let firstTokenS = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  const startS = monotonicS();
  const generated = sequence.evaluate(tokens, SAMPLING);
  try {
    while (outputTokens < n) {
      const { done } = await generated.next();
      if (done === true) break;
      outputTokens += 1;
      if (outputTokens === 1) {
        firstTokenS = monotonicS();
        inputTokens = sequence.nextTokenIndex - cachedTokens;
      }
      if (outputTokens < n && stopped()) throw new Stopped();
    }
    return { startS, firstTokenS, endS: monotonicS(), inputTokens, outputTokens, cachedTokens };
  } finally {
    await generated.return();
  }
}

async function withoutCache(
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  n: number,
  stopped: () => boolean,
): Promise<QueryRecord> {
  const tokens = [...prompt];
  let firstTokenS = 0;
  let inputTokens = 0;
  let outputTokens = 0;
  let cachedTokens = 0;
  const startS = monotonicS();
  while (outputTokens < n) {
    await sequence.clearHistory();
    cachedTokens += sequence.nextTokenIndex;
    const next = await nextToken(sequence, tokens);
    if (next === undefined) break;
    outputTokens += 1;
    if (outputTokens === 1) {
      firstTokenS = monotonicS();
      inputTokens = sequence.nextTokenIndex - cachedTokens;
    }
    tokens.push(next);
    if (outputTokens < n && stopped()) throw new Stopped();
  }
  return { startS, firstTokenS, endS: monotonicS(), inputTokens, outputTokens, cachedTokens };
}

/** The token that follows a whole sequence. */
async function nextToken(sequence: LlamaContextSequence, tokens: Token[]): Promise<Token | undefined> {
  const generated = sequence.evaluate(tokens, SAMPLING);
  const { value } = await generated.next();
  await generated.return();
  return value ?? undefined;
}
