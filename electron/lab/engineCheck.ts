import { statSync } from 'node:fs';
import type { EngineKind } from '#core/engine';
import { errorData, LabError } from '#core/errors';
import { bytesText } from '#core/format';
import { isSynthetic, parseSynthetic } from '#core/modelShapes';
import type { Check } from '#core/preflight';
import type { RunRequest } from '#core/runRequest';
import { estimateModel, lookAtServer } from '../engines/choose.ts';
import { availableMemoryBytes, type MemoryBytes } from '../engines/memory.ts';
import { checkModelFile } from '../engines/modelFile.ts';
import { syntheticFile } from '../engines/syntheticModel.ts';

/** A server that has not answered by then gets a warning: a run would wait for it. */
const PATIENCE_MS = 4000;

/** The model of a run as far as it can be told before, and whether its weights lie on the disk. */
export interface ModelOutlook {
  readonly name: string;
  readonly bytes?: number;
  readonly parameters?: number;
  readonly toBeMade: boolean;
}

/**
 * What a request's model is; nothing is opened.
 * @param modelFolder where made-up weights are kept
 * @throws LabError "bad-model", "bad-setting" where made-up weights have no such shape or quantisation
 */
export function modelOutlook(request: RunRequest, modelFolder: string): ModelOutlook {
  if (request.engine !== 'embedded') return { name: request.model, toBeMade: false };
  if (isSynthetic(request.model)) {
    const { name, bytes, parameters } = estimateModel(request.model);
    const file = syntheticFile(parseSynthetic(request.model), modelFolder);
    return { name, bytes, parameters, toBeMade: sizeOf(file) !== bytes };
  }
  const bytes = sizeOf(request.model);
  return { name: request.model, toBeMade: false, ...(bytes === undefined ? {} : { bytes }) };
}

const sizeOf = (file: string): number | undefined => statSync(file, { throwIfNoEntry: false })?.size;

export interface EngineCheckOptions {
  readonly modelFolder: string;
  /** free on the disk with the data folder, where it is known */
  readonly freeBytes?: number | undefined;
  readonly memory?: () => MemoryBytes;
  /** how long a server may take to answer, ms */
  readonly patienceMs?: number;
}

/** Whether what runs the queries is there: the model file, room for made-up weights, the server. */
export async function checkEngine(request: RunRequest, options: EngineCheckOptions): Promise<Check> {
  if (request.engine !== 'embedded') return checkServer(request, request.engine, options);
  try {
    return isSynthetic(request.model)
      ? checkMadeUp(request, options)
      : await checkFile(request.model, options);
  } catch (thrown) {
    return failed('Model', thrown);
  }
}

async function checkFile(
  file: string,
  { memory = availableMemoryBytes }: EngineCheckOptions,
): Promise<Check> {
  const bytes = await checkModelFile(file, memory);
  return ok('Model', `a GGUF file of ${bytesText(bytes)}`);
}

function checkMadeUp(
  request: RunRequest,
  { modelFolder, freeBytes, memory = availableMemoryBytes }: EngineCheckOptions,
): Check {
  const { bytes = 0, toBeMade } = modelOutlook(request, modelFolder);
  const size = bytesText(bytes);
  const { available, total } = memory();
  if (bytes > available) {
    return {
      ...ok('Model', `its weights take ${size} of memory, and ${bytesText(available)} can be had here`),
      verdict: 'stop',
      kind: 'bad-model',
      todo:
        bytes > total
          ? 'Choose a smaller shape or quantisation: this one does not fit into this computer.'
          : 'Close other programs, or choose a smaller shape or quantisation.',
    };
  }
  if (toBeMade && freeBytes !== undefined && bytes > freeBytes) {
    return {
      ...ok('Model', `its weights take ${size} on the disk, and ${bytesText(freeBytes)} are free`),
      verdict: 'stop',
      kind: 'disk-full',
      todo: 'Free some space, or choose a smaller shape or quantisation.',
    };
  }
  return ok(
    'Model',
    toBeMade ? `${size} of weights to be made up first` : `${size} of weights, made already`,
  );
}

async function checkServer(
  { url, model }: RunRequest,
  engine: Exclude<EngineKind, 'embedded'>,
  { patienceMs = PATIENCE_MS }: EngineCheckOptions,
): Promise<Check> {
  try {
    const info = await lookAtServer(engine, url, model, AbortSignal.timeout(patienceMs));
    return ok('Server', `${info.name} answers, with ${info.model.name}`);
  } catch (thrown) {
    if (!(thrown instanceof LabError) || thrown.kind !== 'interrupted') return failed('Server', thrown);
    return {
      ...ok('Server', `has not answered within ${patienceMs / 1000} s`),
      verdict: 'warning',
      todo: 'Look whether it is busy; the run would wait for it.',
    };
  }
}

const ok = (title: string, message: string): Check => ({ id: 'engine', verdict: 'ok', title, message });

/** What an error says of work that there was none of yet. */
const OF_NO_WORK = / (The trials before are kept|Nothing was (loaded|measured|sent|started|written))\.$/;

function failed(title: string, thrown: unknown): Check {
  const { kind, message, hint } = errorData(thrown);
  return {
    ...ok(title, message.replace(OF_NO_WORK, '')),
    verdict: 'stop',
    kind,
    ...(hint === undefined ? {} : { todo: hint }),
  };
}
