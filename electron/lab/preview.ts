import { statSync } from 'node:fs';
import type { RunPreview } from '#core/activeRun';
import { errorData } from '#core/errors';
import { isSynthetic } from '#core/modelShapes';
import { checkConditions, type Check } from '#core/preflight';
import { parseRunRequest, planOf, type RunRequest } from '#core/runRequest';
import type { RunSummary } from '#core/runSummary';
import { conditions } from '../computer/conditions.ts';
import { awakeCommand } from '../computer/keepAwake.ts';
import { hereReaders } from '../computer/readers.ts';
import { estimateModel } from '../engines/choose.ts';
import { chooseMeter } from '../meters/choose.ts';

/**
 * What a run would be: its plan, the checks, the meter, the model, and how long such a run took before. Starts
 * nothing and makes nothing.
 * @param earlier the runs so far, the latest first
 * @throws LabError "bad-setting" when the request is wrong
 */
export async function previewRun(
  asked: unknown,
  folder: string,
  earlier: readonly RunSummary[],
): Promise<RunPreview> {
  const request = parseRunRequest(asked);
  const plan = planOf(request);
  const freeBytes = hereReaders().freeBytes(folder);
  const checks = checkConditions({
    ...(await conditions()),
    keepsAwake: awakeCommand() !== undefined,
    ...(freeBytes === undefined ? {} : { freeBytes }),
  });
  const found = await tryMeter(request.meter);
  checks.push(found.check);
  const model = modelOf(request);
  const before = earlier.find(
    (run) => run.state === 'done' && run.model === model.name && run.plan === plan.name,
  );
  return {
    plan,
    checks,
    ...(found.meter === undefined ? {} : { meter: found.meter }),
    tried: [...found.tried],
    model,
    ...(before === undefined ? {} : { estimate: { seconds: before.durationS } }),
  };
}

async function tryMeter(asked: string): Promise<{
  meter?: RunPreview['meter'];
  tried: RunPreview['tried'];
  check: Check;
}> {
  try {
    const { meter, tried } = await chooseMeter(asked);
    const { estimate, name } = meter.info;
    return {
      meter: meter.info,
      tried: tried.map(({ kind, why }) => ({ kind, why })),
      check: {
        id: 'meter',
        verdict: estimate ? 'warning' : 'ok',
        title: 'Meter',
        message: estimate ? `${name}: an estimate, not a measurement` : name,
      },
    };
  } catch (thrown) {
    const { message, hint } = errorData(thrown);
    return {
      tried: [],
      check: {
        id: 'meter',
        verdict: 'stop',
        title: 'Meter',
        message,
        ...(hint === undefined ? {} : { todo: hint }),
      },
    };
  }
}

function modelOf(request: RunRequest): RunPreview['model'] {
  if (request.engine !== 'embedded') return { name: request.model, toBeMade: false };
  if (isSynthetic(request.model)) {
    const { name, bytes, parameters } = estimateModel(request.model);
    return { name, bytes, parameters, toBeMade: true };
  }
  const bytes = statSync(request.model, { throwIfNoEntry: false })?.size;
  return { name: request.model, toBeMade: false, ...(bytes === undefined ? {} : { bytes }) };
}
