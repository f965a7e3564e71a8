import { errorData, type ErrorData } from '#core/errors';
import type { EngineKind } from '#core/engine';
import type { MeterKind } from '#core/meter';
import {
  MODEL_SHAPES,
  QUANTISATIONS,
  parseSynthetic,
  SHAPE_IDS,
  syntheticName,
  weightBytes,
  type Quantisation,
  type ShapeId,
} from '#core/modelShapes';
import { planOf, runRequestSchema, type RunRequest } from '#core/runRequest';
import { readField } from '#core/fieldNumber';
import { decimalSign } from '#core/format';
import { makePlan, parseCells, type Plan } from '#core/sweep';

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
  /** length of the idle baselines, s; empty for the plan's own */
  readonly idle: string;
  /** of the order of the cells and of the prompts; empty for 1 */
  readonly seed: string;
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
  idle: '',
  seed: '',
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

/** The form of a measurement that is offered; one whose weights cannot be made up here needs the file of its model. */
export function setUpFor(offered: Partial<RunRequest> | undefined, kvCache: boolean): Partial<RunSetUp> {
  const named = offered?.sweep;
  const sweep = named === 'paper' || named === 'grid' || named === 'quick' ? named : undefined;
  const model = offered?.model === undefined ? undefined : parseSynthetic(offered.model);
  return {
    engine: 'embedded',
    ...(model === undefined
      ? { shape: 'file' }
      : { shape: SHAPE_IDS.find((id) => id === model.shape.id)!, quantisation: model.quantisation }),
    kvCache,
    ...(named === undefined ? {} : sweep === undefined ? { sweep: 'custom', cells: named } : { sweep }),
  };
}

/** What a plan does where the form says nothing. */
export function planDefaults({ sweep }: Pick<RunSetUp, 'sweep'>): Plan {
  return makePlan(sweep === 'custom' ? '8,8' : sweep, { seed: 1 });
}

/** A sentence for each field that is missing or wrong, in the order of the form. */
export type Problems = Partial<Record<keyof RunSetUp, string>>;

/** What is missing or wrong in a form, field by field. */
export function problemsIn(setUp: RunSetUp): Problems {
  const found: Problems = {};
  const say = (field: keyof RunSetUp, problem: string | undefined): void => {
    if (problem !== undefined) found[field] = problem;
  };
  if (setUp.engine === 'embedded') {
    if (setUp.shape === 'file') say('file', pathProblem(setUp.file, 'a GGUF file'));
  } else {
    const url = setUp.url.trim();
    if (url !== '' && !runRequestSchema.shape.url.safeParse(url).success) {
      say('url', 'The address is not one of a server: it begins with http:// or https://.');
    }
    // llama-server serves the one model that it was started with.
    if (setUp.engine !== 'llama-server' && setUp.serverModel.trim() === '') {
      say('serverModel', 'Type the name that the server gives the model.');
    }
  }
  if (setUp.meter === 'replay') say('replayFile', pathProblem(setUp.replayFile, 'a recorded power log'));
  if (setUp.meter === 'estimate') say('watts', numberProblem(setUp.watts, WATTS));
  if (setUp.sweep === 'custom') say('cells', cellsProblem(setUp.cells));
  for (const field of ['target', 'maxTrials', 'idle', 'seed'] as const) {
    if (clean(setUp[field]) !== '') say(field, numberProblem(setUp[field], NUMBERS[field]));
  }
  if (setUp.name.trim().length > 200) say('name', 'The name is too long: at most 200 characters.');
  return found;
}

/** What is wrong with what was typed into a field; nothing while it is still empty. */
export function typedProblem(setUp: RunSetUp, field: keyof RunSetUp): string | undefined {
  return String(setUp[field]).trim() === '' ? undefined : problemsIn(setUp)[field];
}

/** The request that a form makes, or the first thing that is still missing or wrong in it. */
export function requestOf(setUp: RunSetUp): { request: RunRequest; plan: Plan } | { problem: ErrorData } {
  const [problem] = Object.values(problemsIn(setUp));
  if (problem !== undefined) return { problem: { kind: 'bad-setting', message: problem } };
  const numberOf = (text: string): number | undefined => (clean(text) === '' ? undefined : numberIn(text));
  const target = numberOf(setUp.target);
  const maxTrials = numberOf(setUp.maxTrials);
  const idleS = numberOf(setUp.idle);
  const seed = numberOf(setUp.seed);
  const url = setUp.url.trim();
  const name = setUp.name.trim();
  try {
    const request = runRequestSchema.parse({
      engine: setUp.engine,
      model: modelOf(setUp),
      ...(setUp.engine === 'embedded' || url === '' ? {} : { url }),
      kvCache: setUp.engine === 'embedded' ? setUp.kvCache : true,
      meter: meterOf(setUp),
      sweep: setUp.sweep === 'custom' ? setUp.cells.trim() : setUp.sweep,
      ...(target === undefined ? {} : { target: target / 100 }),
      ...(maxTrials === undefined ? {} : { maxTrials }),
      ...(idleS === undefined ? {} : { idleS }),
      ...(seed === undefined ? {} : { seed }),
      ...(name === '' ? {} : { name }),
    });
    return { request, plan: planOf(request) };
  } catch (thrown) {
    return { problem: errorData(thrown) };
  }
}

interface NumberForm {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  readonly problem: string;
}

const NUMBERS: Readonly<Record<'target' | 'maxTrials' | 'idle' | 'seed', NumberForm>> = {
  target: {
    least: 0.01,
    most: 100,
    whole: false,
    problem: 'The target interval is a share in percent, from 0.01 to 100.',
  },
  maxTrials: {
    least: 1,
    most: 1000,
    whole: true,
    problem: 'The most trials are a whole number from 1 to 1000.',
  },
  idle: { least: 0.2, most: 600, whole: false, problem: 'The idle baseline takes from 0.2 to 600 seconds.' },
  seed: {
    least: 0,
    most: 4_294_967_295,
    whole: true,
    problem: 'The seed is a whole number from 0 to 4294967295.',
  },
};
const WATTS: NumberForm = {
  least: 0.001,
  most: 100_000,
  whole: false,
  problem: 'State a power in watts for the estimate, above 0 and at most 100,000.',
};

const clean = (text: string): string => text.trim().replace(/\s*%$/, '');

/** The number that was typed, with a point or a comma before its fraction; NaN when it is none. */
const numberIn = (text: string): number => readField(clean(text), decimalSign()).value ?? NaN;

function numberProblem(text: string, { least, most, whole, problem }: NumberForm): string | undefined {
  const value = numberIn(text);
  return value >= least && value <= most && (!whole || Number.isInteger(value)) ? undefined : problem;
}

function pathProblem(text: string, what: string): string | undefined {
  if (text.trim() === '') return `Type the path of ${what}, or choose it.`;
  return text.trim().length > 4000 ? 'The path is too long.' : undefined;
}

function cellsProblem(text: string): string | undefined {
  try {
    parseCells(text);
    return text.length > 100_000 ? 'The list of cells is too long.' : undefined;
  } catch (thrown) {
    return errorData(thrown).message;
  }
}

function modelOf({ engine, shape, quantisation, file, serverModel }: RunSetUp): string {
  if (engine !== 'embedded') return serverModel.trim() || 'default';
  return shape === 'file' ? file.trim() : syntheticName({ shape: MODEL_SHAPES[shape], quantisation });
}

function meterOf({ meter, replayFile, watts }: RunSetUp): string {
  if (meter === 'replay') return `replay:${replayFile.trim()}`;
  return meter === 'estimate' ? `estimate:${numberIn(watts)}` : meter;
}
