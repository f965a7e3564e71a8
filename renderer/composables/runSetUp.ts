import { errorData, LabError, type ErrorData } from '#core/errors';
import type { EngineKind } from '#core/engine';
import type { MeterKind } from '#core/meter';
import {
  MODEL_SHAPES,
  QUANTISATIONS,
  SHAPE_IDS,
  syntheticName,
  weightBytes,
  type Quantisation,
  type ShapeId,
} from '#core/modelShapes';
import { runRequestSchema, type RunRequest } from '#core/runRequest';
import { makePlan, type Plan } from '#core/sweep';

/** The form of a run to be started, as its fields stand. */
export interface RunSetUp {
  readonly engine: EngineKind;
  /** of the embedded engine: a shape whose weights are made up, or a file */
  readonly shape: ShapeId | 'file';
  readonly quantisation: Quantisation;
  readonly file: string;
  readonly serverModel: string;
  readonly url: string;
  readonly kvCache: boolean;
  readonly meter: 'auto' | MeterKind;
  readonly replayFile: string;
  readonly watts: string;
  readonly sweep: 'quick' | 'paper' | 'grid' | 'custom';
  readonly cells: string;
  /** half the interval over the mean, %; empty for the plan's own */
  readonly target: string;
  /** empty for the plan's own */
  readonly maxTrials: string;
  readonly name: string;
}

/** A first try: nothing to install, about three minutes. */
export const FIRST_SET_UP: RunSetUp = {
  engine: 'embedded',
  shape: 'tiny',
  quantisation: MODEL_SHAPES.tiny.usualQuantisation,
  file: '',
  serverModel: '',
  url: '',
  kvCache: true,
  meter: 'auto',
  replayFile: '',
  watts: '15',
  sweep: 'quick',
  cells: '8,32 64,32 32,64',
  target: '',
  maxTrials: '',
  name: '',
};

/** What the paper's A100 profiles were measured with, as far as a computer here can be. */
export const LIKE_THE_PAPER = {
  engine: 'embedded',
  shape: 'llama-2-7b',
  quantisation: 'F16',
  kvCache: false,
} as const satisfies Partial<RunSetUp>;

/** Where each server is when nothing is said. */
export const SERVER_URLS: Readonly<Record<Exclude<EngineKind, 'embedded'>, string>> = {
  'llama-server': 'http://127.0.0.1:8080',
  ollama: 'http://127.0.0.1:11434',
  openai: 'http://127.0.0.1:8000',
};

export const SHAPE_CHOICES = SHAPE_IDS.map((value) => ({ value, label: MODEL_SHAPES[value].name }));
export const QUANTISATION_CHOICES = QUANTISATIONS.map((value) => ({ value, label: value }));

/** What a set-up differs in from the paper's A100 profiles, in words. */
export function differsFromPaper(setUp: RunSetUp): string[] {
  const found: string[] = [];
  if (setUp.engine !== 'embedded' || setUp.shape === 'file') found.push('the model may be another');
  else {
    if (setUp.shape !== LIKE_THE_PAPER.shape) found.push(`model ${MODEL_SHAPES[setUp.shape].name}`);
    if (setUp.quantisation !== LIKE_THE_PAPER.quantisation) found.push(`weights in ${setUp.quantisation}`);
  }
  if (setUp.kvCache || setUp.engine !== 'embedded') found.push('KV cache on');
  return found;
}

/** Bytes of the weights that are made up for `LIKE_THE_PAPER`. */
export const LIKE_THE_PAPER_BYTES = weightBytes({
  shape: MODEL_SHAPES[LIKE_THE_PAPER.shape],
  quantisation: LIKE_THE_PAPER.quantisation,
});

/** The request that a form makes, or what is still missing or wrong in it. */
export function requestOf(setUp: RunSetUp): { request: RunRequest; plan: Plan } | { problem: ErrorData } {
  try {
    const target = numberOf(setUp.target, 'target interval');
    const maxTrials = numberOf(setUp.maxTrials, 'most trials');
    const url = setUp.url.trim();
    const name = setUp.name.trim();
    const parsed = runRequestSchema.safeParse({
      engine: setUp.engine,
      model: modelOf(setUp),
      ...(setUp.engine === 'embedded' || url === '' ? {} : { url }),
      kvCache: setUp.engine === 'embedded' ? setUp.kvCache : true,
      meter: meterOf(setUp),
      sweep: setUp.sweep === 'custom' ? setUp.cells.trim() || ' ' : setUp.sweep,
      ...(target === undefined ? {} : { target: target / 100 }),
      ...(maxTrials === undefined ? {} : { maxTrials }),
      ...(name === '' ? {} : { name }),
    });
    if (!parsed.success)
      throw wrong(WRONG_FIELDS[String(parsed.error.issues[0]?.path[0])] ?? 'A field is not right.');
    const request = parsed.data;
    const plan = makePlan(request.sweep, {
      seed: request.seed,
      ...(request.target === undefined ? {} : { target: request.target }),
      ...(request.maxTrials === undefined ? {} : { maxTrials: request.maxTrials }),
    });
    return { request, plan };
  } catch (thrown) {
    return { problem: errorData(thrown) };
  }
}

const wrong = (message: string): LabError => new LabError('bad-setting', message);

const WRONG_FIELDS: Readonly<Record<string, string>> = {
  url: 'The address is not one of a server: it begins with http:// or https://.',
  target: 'The target interval is above 0 and at most 100%.',
  maxTrials: 'The most trials are a whole number from 1 to 1000.',
  model: 'The name of the model is too long.',
  meter: 'The name of the power log is too long.',
  sweep: 'The list of cells is too long.',
  name: 'The name is too long.',
};

function numberOf(text: string, what: string): number | undefined {
  const clean = text.trim().replace(/%$/, '');
  if (clean === '') return undefined;
  const value = Number(clean);
  if (!Number.isFinite(value)) throw wrong(`The ${what} is not a number.`);
  return value;
}

function modelOf({ engine, shape, quantisation, file, serverModel }: RunSetUp): string {
  if (engine !== 'embedded') {
    if (serverModel.trim() !== '') return serverModel.trim();
    // llama-server serves the one model that it was started with.
    if (engine === 'llama-server') return 'default';
    throw wrong('Type the name that the server gives the model.');
  }
  if (shape !== 'file') return syntheticName({ shape: MODEL_SHAPES[shape], quantisation });
  if (file.trim() === '') throw wrong('Type the path of a GGUF file.');
  return file.trim();
}

function meterOf({ meter, replayFile, watts }: RunSetUp): string {
  if (meter === 'replay') {
    if (replayFile.trim() === '') throw wrong('Type the path of a recorded power log.');
    return `replay:${replayFile.trim()}`;
  }
  if (meter === 'estimate') {
    if (!(Number(watts) > 0 && Number(watts) <= 100_000)) {
      throw wrong('State a power in watts for the estimate, above 0 and at most 100,000.');
    }
    return `estimate:${Number(watts)}`;
  }
  return meter;
}
