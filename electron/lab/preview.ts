import type { RunEstimate, RunPreview } from '#core/activeRun';
import { checkConditions, type Check } from '#core/preflight';
import { parseRunRequest, planOf, type RunRequest } from '#core/runRequest';
import type { Plan } from '#core/sweep';
import { conditions } from '../computer/conditions.ts';
import { awakeCommand } from '../computer/keepAwake.ts';
import { hereReaders } from '../computer/readers.ts';
import type { PowerSession } from '../meters/powerSession.ts';
import { existingPart } from './computer.ts';
import { checkEngine, modelOutlook, type ModelOutlook } from './engineCheck.ts';
import { modelFolderOf } from './labModels.ts';
import { previewMeter } from './meterPreview.ts';

/** How large a run would be: its model, and what it would take where something tells. */
export interface RunSize {
  readonly model: ModelOutlook;
  readonly estimate: RunEstimate;
}

/**
 * The model of a run and what it would take; looks at nothing but what is stored.
 * @param estimate how long such a run takes
 * @throws LabError "bad-setting", "bad-model" when the request is wrong
 */
export function sizeOfRun(
  asked: unknown,
  folder: string,
  estimate: (request: RunRequest, plan: Plan) => RunEstimate,
): RunSize {
  const request = parseRunRequest(asked);
  return {
    model: modelOutlook(request, modelFolderOf(folder)),
    estimate: estimate(request, planOf(request)),
  };
}

/**
 * What a run would be: its plan, the checks, the meter, the model, and what it would take. Starts nothing and makes
 * nothing.
 * @param size of the same request, from `sizeOfRun`
 * @param power powermetrics, as far as it has been allowed for this session
 * @throws LabError "bad-setting", "bad-model" when the request is wrong
 */
export async function previewRun(
  asked: unknown,
  folder: string,
  size: RunSize,
  power: PowerSession,
): Promise<RunPreview> {
  const request = parseRunRequest(asked);
  const plan = planOf(request);
  const [checks, { check, ...meter }, engine] = await Promise.all([
    checkHere(folder),
    previewMeter(request.meter, power),
    checkEngine(request, { modelFolder: modelFolderOf(folder), freeBytes: freeBytesOf(folder) }),
  ]);
  return { plan, checks: [...checks, engine, check], ...meter, ...size };
}

/** Verdicts on what this computer is doing, whatever is to be measured. */
export async function checkHere(folder: string): Promise<Check[]> {
  const freeBytes = freeBytesOf(folder);
  return checkConditions({
    ...(await conditions()),
    keepsAwake: awakeCommand() !== undefined,
    ...(freeBytes === undefined ? {} : { freeBytes }),
  });
}

const freeBytesOf = (folder: string): number | undefined => hereReaders().freeBytes(existingPart(folder));
