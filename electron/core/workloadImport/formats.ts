import type { ColumnContent } from './columns.ts';
import type { TimeUnit, WorkloadFormat } from './request.ts';

/** A format that is told by its columns. Names are compared without case, spaces and punctuation. */
export interface FormatColumns {
  readonly name: string;
  /** all of them are needed */
  readonly input?: readonly string[];
  readonly output?: string;
  readonly count?: string;
  readonly messages?: readonly string[];
  /** used where it is there */
  readonly arrival?: string;
  readonly timeUnit?: TimeUnit;
  /** what the input and output columns hold */
  readonly holds: ColumnContent;
}

/** What each format is called, and by which columns it is recognised. */
export const FORMATS: Readonly<Record<WorkloadFormat, FormatColumns>> = {
  workload: { name: 'Crossover workload', holds: 'other' },
  azure: {
    name: 'Azure LLM inference trace',
    input: ['ContextTokens'],
    output: 'GeneratedTokens',
    arrival: 'TIMESTAMP',
    holds: 'numbers',
  },
  vidur: {
    name: 'Vidur trace',
    input: ['num_prefill_tokens'],
    output: 'num_decode_tokens',
    arrival: 'arrived_at',
    timeUnit: 's',
    holds: 'numbers',
  },
  splitwise: {
    name: 'Splitwise trace',
    input: ['prompt_size'],
    output: 'token_size',
    arrival: 'arrival_timestamp',
    timeUnit: 's',
    holds: 'numbers',
  },
  mooncake: {
    name: 'Mooncake trace',
    input: ['input_length'],
    output: 'output_length',
    arrival: 'timestamp',
    timeUnit: 'ms',
    holds: 'numbers',
  },
  burstgpt: {
    name: 'BurstGPT trace',
    input: ['Request tokens'],
    output: 'Response tokens',
    arrival: 'Timestamp',
    timeUnit: 's',
    holds: 'numbers',
  },
  vllm: { name: 'vLLM benchmark', input: ['input_lens'], output: 'output_lens', holds: 'lists' },
  joint: { name: 'joint table', input: ['m'], output: 'n', count: 'count', holds: 'numbers' },
  alpaca: { name: 'Alpaca', input: ['instruction', 'input'], output: 'output', holds: 'texts' },
  sharegpt: { name: 'ShareGPT chats', messages: ['conversations', 'conversation'], holds: 'messages' },
  openai: { name: 'OpenAI messages', messages: ['messages'], holds: 'messages' },
  counts: { name: 'token counts', holds: 'numbers' },
  prompts: { name: 'prompts and answers', holds: 'texts' },
};

/** Names under which other tables keep token counts, texts and times. */
export const USUAL_NAMES = {
  inputCounts: [
    'm',
    'input_tokens',
    'prompt_tokens',
    'num_input_tokens',
    'num_prompt_tokens',
    'n_prompt_tokens',
    'input_token_count',
    'prompt_token_count',
    'prompt_len',
    'prompt_length',
    'input_len',
    'input_length',
    'prefill_tokens',
    'num_prefill_tokens',
    'context_tokens',
    'request_tokens',
    'isl',
  ],
  outputCounts: [
    'n',
    'output_tokens',
    'completion_tokens',
    'num_output_tokens',
    'num_completion_tokens',
    'n_output_tokens',
    'output_token_count',
    'completion_token_count',
    'candidates_token_count',
    'output_len',
    'output_length',
    'completion_len',
    'decode_tokens',
    'num_decode_tokens',
    'generated_tokens',
    'response_tokens',
    'osl',
  ],
  counts: ['count', 'queries', 'requests', 'weight', 'num_requests', 'frequency'],
  /** every one that is there is part of the input */
  inputTexts: [
    'system',
    'system_prompt',
    'instruction',
    'context',
    'prompt',
    'question',
    'query',
    'input',
    'user_prompt',
    'input_text',
    'problem',
  ],
  /** the first that is there */
  outputTexts: [
    'output',
    'response',
    'completion',
    'answer',
    'output_text',
    'generated_text',
    'generation',
    'chosen',
    'target',
    'solution',
  ],
  messages: ['conversations', 'conversation', 'messages', 'chat', 'dialog', 'dialogue'],
  arrivals: [
    'timestamp',
    'arrival_time',
    'arrival_timestamp',
    'arrived_at',
    'arrival',
    'request_time',
    'start_time',
    'created_at',
    'created',
    'time',
    'ts',
  ],
} as const;

/** A column's name without case, spaces and punctuation. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
