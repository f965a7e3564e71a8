import { statSync } from 'node:fs';
import type { RunPreview } from '#core/activeRun';
import { isSynthetic } from '#core/modelShapes';
import { checkConditions } from '#core/preflight';
import { parseRunRequest, planOf, type RunRequest } from '#core/runRequest';
import type { Plan } from '#core/sweep';
import { conditions } from '../computer/conditions.ts';
import { awakeCommand } from '../computer/keepAwake.ts';
import { hereReaders } from '../computer/readers.ts';
import { estimateModel } from '../engines/choose.ts';
import type { PowerSession } from '../meters/powerSession.ts';
import { previewMeter } from './meterPreview.ts';

/**
 * What a run would be: its plan, the checks, the meter, the model, and how long such a run took before. Starts
 * nothing and makes nothing.
 * @param estimate how long such a run takes, as far as anything was measured here that tells
 * @param power powermetrics, as far as it has been allowed for this session
 * @throws LabError "bad-setting" when the request is wrong
 */
export async function previewRun(
  asked: unknown,
  folder: string,
  estimate: (request: RunRequest, plan: Plan) => RunPreview['estimate'],
  power: PowerSession,
): Promise<RunPreview> {
  const request = parseRunRequest(asked);
  const plan = planOf(request);
  const freeBytes = hereReaders().freeBytes(folder);
  const checks = checkConditions({
    ...(await conditions()),
    keepsAwake: awakeCommand() !== undefined,
    ...(freeBytes === undefined ? {} : { freeBytes }),
  });
  const { check, ...found } = await previewMeter(request.meter, power);
  checks.push(check);
  const estimated = estimate(request, plan);
  return {
    plan,
    checks,
    ...found,
    model: modelOf(request),
    ...(estimated === undefined ? {} : { estimate: estimated }),
  };
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
