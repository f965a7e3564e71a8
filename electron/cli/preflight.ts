import type { RunPreview } from '#core/activeRun';
import { LabError, type ErrorKind } from '#core/errors';
import { bytesText } from '#core/format';
import { amountText, energyText, estimateText } from '#core/planText';
import type { Check } from '#core/preflight';
import type { LabRuns } from '../lab/labRuns.ts';

/** One check in a line. */
export function checkLine({ title, message, todo }: Check): string {
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return `${title}: ${sentence}${todo === undefined ? '' : ` ${todo}`}`;
}

/** What a run would measure, with what, and what that takes, a line each. */
export function planLines({ plan, model, meter, estimate }: RunPreview): string[] {
  const energy = energyText(estimate);
  const stated = meter?.estimate === true ? ', an estimate' : '';
  return [
    `plan: ${amountText(plan)}, in a random order of seed ${plan.seed}`,
    `model: ${model.name}${model.bytes === undefined ? '' : `, ${bytesText(model.bytes)}${model.toBeMade ? ', made up on this disk once' : ''}`}`,
    `time: ${estimateText(estimate)}`,
    `energy: ${energy === undefined ? 'known after the first trials' : `${energy}${stated}`}`,
  ];
}

/**
 * Looks at the computer, the meter and the engine before a run, and says what is not as it should be.
 * @param request what is going to be measured
 * @param options `ignore`: a stop is said like a warning, and the run may try
 * @returns what the run would be
 * @throws LabError of the first thing for which the run should not start: meter and engine fail with the kind that
 * the run itself would end with
 */
export async function preflight(
  runs: Pick<LabRuns, 'preview'>,
  request: unknown,
  { say, ignore }: { readonly say: (text: string) => void; readonly ignore: boolean },
): Promise<RunPreview> {
  const preview = await runs.preview(request);
  const { checks, tried } = preview;
  const stop = ignore ? undefined : checks.find(({ verdict }) => verdict === 'stop');
  for (const check of checks) {
    if (check.verdict !== 'ok' && check !== stop) say(`  ! ${checkLine(check)}`);
  }
  if (stop === undefined) return preview;
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
