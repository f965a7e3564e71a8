import { parse } from 'yaml';
import { LabError } from '#core/errors';
import type { ImportFinding, SourceFacts } from '#core/import/observation';
import type { Source } from './importFormat.ts';

/** A job description is a few lines. */
const MOST_BYTES = 1024 * 1024;
const LONGEST = 200;

export const JOB_FORMAT = { id: 'job-info', name: 'job description of the paper' };

/** What a job description tells. */
export interface JobFacts {
  readonly facts: SourceFacts;
  readonly findings: readonly ImportFinding[];
}

/** Whether a source is a job description, by its beginning. */
export function looksLikeJob({ text, binary }: Source['head']): boolean {
  return binary === null && /^(?:#[^\n]*\n|---\s*\n)*job:\s*(?:#[^\n]*)?\r?\n\s+\w/.test(text);
}

/**
 * The facts of a `job_info.yaml`, as the paper's authors write it: `job.{date,start_time,details{model_name,
 * system_name,num_tokens,batch_size,hf_name,prompt-…}}`.
 * @returns undefined when the file is none
 * @throws LabError "bad-profile" when it looks like one and is no YAML; "file-not-readable"; "interrupted"
 */
export async function jobFactsOf(source: Source): Promise<JobFacts | undefined> {
  const { file, head } = source;
  if (!looksLikeJob(head)) return undefined;
  return readJobInfo(await source.text(MOST_BYTES), file.name);
}

/**
 * @param text the YAML
 * @throws LabError "bad-profile" when it is no YAML, or no job
 */
export function readJobInfo(text: string, name: string): JobFacts {
  let document: unknown;
  try {
    document = parse(text, { maxAliasCount: 20, logLevel: 'error' });
  } catch (cause) {
    throw new LabError(
      'bad-profile',
      `${name} looks like a job description, but is no YAML: ${reasonOf(cause)}.`,
      'Nothing was read from it. Mend it, or import without it.',
      { cause },
    );
  }
  const details = objectAt(objectAt(document, 'job'), 'details') ?? {};
  const model = textAt(details, 'hf_name') ?? textAt(details, 'model_name');
  const system = textAt(details, 'system_name');
  const tokens = details.num_tokens;
  const findings: ImportFinding[] = [];
  if (typeof tokens === 'number' && Number.isInteger(tokens) && tokens > 0) {
    findings.push({
      kind: 'job-tokens',
      level: 'note',
      message: `${name} says that ${tokens} output tokens were asked for; rows that tell their own are taken at their word.`,
      todo: `Say so (--output-tokens ${tokens}) where the rows tell none.`,
    });
  }
  return {
    facts: {
      ...(model === undefined ? {} : { model: model.split('/').at(-1)! }),
      ...(system === undefined ? {} : { system }),
    },
    findings,
  };
}

function reasonOf(cause: unknown): string {
  const first = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0]!;
  return first.slice(0, LONGEST).replace(/[.:]\s*$/, '');
}

type Fields = Readonly<Record<string, unknown>>;

function objectAt(value: unknown, key: string): Fields | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const found = (value as Fields)[key];
  return typeof found === 'object' && found !== null ? (found as Fields) : undefined;
}

function textAt(fields: Fields, key: string): string | undefined {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  const text = typeof value === 'string' ? value.trim().slice(0, LONGEST) : '';
  return text === '' ? undefined : text;
}
