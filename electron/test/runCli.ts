/** Runs a command in this process, with what it writes captured. */
import type { Tools } from '../cli/command.ts';
import { main } from '../cli/index.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runCli(
  args: readonly string[],
  interrupted: AbortSignal = new AbortController().signal,
  tools: Tools = {},
): Promise<CliResult> {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    flush: () => Promise.resolve(),
    columns: 100,
    interrupted,
    close: () => {},
  };
  const code = await main(args, terminal, tools);
  return { code, out, err };
}

/** The one JSON document that a command printed, which must be all of its standard output. */
export async function runJson<T = Record<string, unknown>>(
  args: readonly string[],
): Promise<CliResult & { json: T }> {
  const result = await runCli([...args, '--json']);
  return { ...result, json: JSON.parse(result.out) as T };
}
