import { LabError, type ErrorKind } from '#core/errors';
import type { Check } from '#core/preflight';
import type { LabRuns } from '../lab/labRuns.ts';

/** One check in a line. */
export function checkLine({ title, message, todo }: Check): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return `${title}: ${sentence}${todo === undefined ? '' : ` ${todo}`}`;
}

/**
 * Looks at the computer, the meter and the engine before a run, and says what is not as it should be.
 * @param request what is going to be measured
 * @param options `ignore`: a stop is said like a warning, and the run may try
 * @throws LabError of the first thing for which the run should not start: meter and engine fail with the kind that
 * the run itself would end with
 */
export async function preflight(
  runs: Pick<LabRuns, 'preview'>,
  request: unknown,
  { say, ignore }: { readonly say: (text: string) => void; readonly ignore: boolean },
): Promise<void> {
  const { checks, tried } = await runs.preview(request);
  const stop = ignore ? undefined : checks.find(({ verdict }) => verdict === 'stop');
  for (const check of checks) {
    if (check.verdict !== 'ok' && check !== stop) say(`  ! ${checkLine(check)}`);
  }
  if (stop === undefined) return;
  const { id, title, todo, kind } = stop;
  // Why each of the meters does not work is told apart.
  const why = id === 'meter' ? tried.map((each) => ` ${each.kind}: ${each.why}`).join('') : '';
  const message = `${stop.message}${why}`;
  const hint = 'To start all the same: --ignore-preflight.';
  throw new LabError(
    (kind ?? 'missing') as ErrorKind,
    `${/[.!?]$/.test(message) ? message : `${title}: ${message}.`} Nothing was started.`,
    kind === 'disk-full' && todo !== undefined ? `${todo} ${hint}` : (todo ?? hint),
  );
}
