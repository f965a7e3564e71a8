/** Runs a command in this process, with what it writes captured. */
import { main } from '../cli/index.ts';

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function runCli(
  args: readonly string[],
  interrupted: AbortSignal = new AbortController().signal,
): Promise<CliResult> {
  let out = '';
  let err = '';
  const code = await main(args, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    flush: () => Promise.resolve(),
    columns: 100,
    interrupted,
    close: () => {},
  });
  return { code, out, err };
}

/** The one JSON document that a command printed, which must be all of its standard output. */
export async function runJson<T = Record<string, unknown>>(
  args: readonly string[],
): Promise<CliResult & { json: T }> {
  const result = await runCli([...args, '--json']);
  return { ...result, json: JSON.parse(result.out) as T };
}
