import type { Command } from 'commander';
import { exitCodeOf, LabError } from '#core/errors';
import type { Diagnosis } from '#core/import/diagnosis';
import { COLUMN_ROLES, COLUMN_UNITS } from '#core/import/observation';
import type { ColumnChoice } from '#core/import/options';
import { BOUNDARIES, DESIGNS, RAILS, type Rail } from '#core/profile';
import { areRunBundles } from '../lab/runBundles.ts';
import { parseChoice } from './choice.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { acceptedText, diagnosisDocument, diagnosisText } from './importAnswer.ts';
import { runImportAnswer } from './runBundleCommands.ts';

interface ImportFlags {
  readonly format?: string;
  readonly system?: string;
  readonly model?: string;
  readonly onlySystem?: string;
  readonly onlyModel?: string;
  readonly column?: readonly string[];
  readonly place?: string;
  readonly hardware?: string;
  readonly engine?: string;
  readonly precision?: string;
  readonly kvCache?: boolean;
  readonly gpus?: string;
  readonly boundary?: string;
  readonly design?: string;
  readonly inputTokens?: string;
  readonly outputTokens?: string;
  readonly batch?: string;
  readonly batchSize?: string;
  readonly idle?: readonly string[];
  readonly warmUp?: string;
  readonly phase?: string;
  readonly clockShift?: string;
  readonly rated?: string;
  readonly id?: string;
  readonly name?: string;
  readonly licence?: string;
  readonly note?: string;
  readonly replace?: boolean;
  readonly check?: boolean;
}

/** of what is said on standard error, whose width nobody knows */
const TERMINAL_COLUMNS = 100;
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** `profiles import`: files become a profile, or it is said why they cannot. */
export function addProfilesImport(group: Command, { add }: Registrar): void {
  add<ImportFlags>(
    group,
    'import',
    {
      description:
        'makes a profile of measurements from elsewhere: trial tables, results of benchmarks, a power log along with ' +
        'its request log, exported profiles; the format is told by the content, and everything that was understood, left ' +
        'out or doubted is shown',
      example: 'profiles import trials.csv --check',
    },
    importFiles,
  )
    .argument('<file...>', 'files that belong together')
    .option('--check', 'say what would be imported, and write nothing')
    .option('--format <id>', 'the format, where it is not to be told by the content')
    .option('--system <name>', 'name of the system')
    .option('--model <name>', 'name of the model')
    .option('--only-system <name>', 'only the rows of this system, where a file mixes several')
    .option('--only-model <name>', 'only the rows of this model')
    .option(
      '--column <name=role[:unit[:rail]]>',
      `what a column is, as in "Energy=energy:mJ:gpu"; roles: ${COLUMN_ROLES.join(', ')}; may be repeated`,
      collect,
    )
    .option('--batch <per-query|divide>', 'whether energies are of one query, or of a whole batch')
    .option('--batch-size <number>', 'queries in a batch')
    .option(
      '--idle <gross|subtract|rail=W>',
      'whether idle energy stays or is taken away, and the idle power of a rail; may be repeated',
      collect,
    )
    .option('--warm-up <none|first|iteration-0>', 'rows that warm up')
    .option('--phase <text>', 'only rows whose phase contains this')
    .option('--input-tokens <number>', 'input tokens of every row, where no column tells')
    .option('--output-tokens <number>', 'output tokens of every row, where no column tells')
    .option('--clock-shift <s>', "to be added to the power log's clock")
    .option('--rated <W>', 'rated power of the hardware, to check against')
    .option('--gpus <number>', 'GPUs in use')
    .option('--boundary <name>', BOUNDARIES.join(' | '))
    .option('--design <name>', DESIGNS.join(' | '))
    .option('--place <name>', 'mac | gpu | other')
    .option('--hardware <text>', 'what the system consists of')
    .option('--engine <name>', 'what ran the model')
    .option('--precision <name>', 'how the weights were stored')
    .option('--kv-cache', 'earlier tokens were kept')
    .option('--no-kv-cache', 'the whole sequence was computed again for each token')
    .option('--id <id>', 'id of the profile')
    .option('--name <name>', 'name of the profile')
    .option('--licence <text>', 'licence of the data')
    .option('--note <text>', 'a note to keep with it')
    .option('--replace', 'replace an earlier import with the same id');
}

function importFiles(context: Context, files: readonly string[], flags: ImportFlags): Promise<Answer> {
  const options = optionsOf(flags);
  const signal = context.takeInterrupt();
  const check = flags.check ?? false;
  const replace = flags.replace ?? false;
  // Runs come as they are: there is nothing about them for the doctor to understand.
  if (areRunBundles(files))
    return context.inLabAsync((lab) => Promise.resolve(runImportAnswer(lab, files, { check })));
  return context.inLabAsync(
    async (lab) => {
      const watch = { signal, progress: reporter(context.say) };
      const diagnosis = await lab.imports.check(files, options, watch);
      const nearest = diagnosis.nearest === null ? undefined : lab.showProfile(diagnosis.nearest).profile;
      if (check) {
        const standing = diagnosis.profile !== null;
        return {
          data: { ...(standing ? {} : errorOf(diagnosis)), ...diagnosisDocument(diagnosis) },
          text: (columns) => diagnosisText(diagnosis, nearest, columns),
          exitCode: standing ? 0 : exitCodeOf('bad-profile'),
        };
      }
      // What stands in the way is shown with everything that was understood, not as a bare error.
      if (diagnosis.profile === null) context.say(diagnosisText(diagnosis, nearest, TERMINAL_COLUMNS));
      const done = await lab.imports.accept(files, options, { signal, replace });
      return {
        data: { ...diagnosisDocument(diagnosis), ...done },
        text: (columns) => `${diagnosisText(diagnosis, nearest, columns)}\n\n${acceptedText(done, columns)}`,
      };
    },
    check ? 'read' : 'write',
  );
}

/** The first error of a diagnosis, in the form that every error has with `--json`. */
function errorOf({ findings }: Diagnosis): object {
  const first = findings.find(({ level }) => level === 'error');
  return {
    error: {
      kind: 'bad-profile',
      message: first?.message ?? 'No profile results.',
      hint: first?.todo ?? 'Look at what was understood.',
    },
  };
}

/** Progress on standard error, for what takes long: a line for each tenth. */
function reporter(say: (text: string) => void): (fraction: number) => void {
  let last = 0;
  const begunMs = performance.now();
  return (fraction) => {
    const tenth = Math.floor(fraction * 10);
    if (tenth <= last || performance.now() - begunMs < 2000) return;
    last = tenth;
    say(`  read ${tenth * 10}%`);
  };
}

/** The options of the import; numbers and words are checked here, the rest by the options' own form. */
function optionsOf(flags: ImportFlags): object {
  const { column, idle, clockShift, rated, ...plain } = flags;
  const numbers = ['gpus', 'inputTokens', 'outputTokens', 'batchSize'] as const;
  const options: Record<string, unknown> = { ...plain };
  delete options['check'];
  delete options['replace'];
  for (const name of numbers) {
    if (flags[name] !== undefined) options[name] = numberOf(kebab(name), flags[name]);
  }
  if (clockShift !== undefined) options['clockShiftS'] = numberOf('--clock-shift', clockShift);
  if (rated !== undefined) options['ratedW'] = numberOf('--rated', rated);
  if (column !== undefined) options['columns'] = Object.fromEntries(column.map(columnChoice));
  for (const each of idle ?? []) {
    const [, rail, power] = /^([a-z]+)=(.+)$/.exec(each) ?? [];
    if (rail === undefined || power === undefined) {
      options['idle'] = parseChoice('--idle', ['gross', 'subtract'], each);
      continue;
    }
    options['idleW'] = {
      ...(options['idleW'] as object | undefined),
      [parseChoice<Rail>('--idle', RAILS, rail)]: numberOf('--idle', power),
    };
  }
  for (const [name, choices] of CHOICES) {
    const value = flags[name];
    if (value !== undefined) options[name] = parseChoice(kebab(name), choices, value);
  }
  return options;
}

const CHOICES = [
  ['batch', ['per-query', 'divide']],
  ['warmUp', ['none', 'first', 'iteration-0']],
  ['boundary', BOUNDARIES],
  ['design', DESIGNS],
  ['place', ['mac', 'gpu', 'other']],
] as const;

const kebab = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** @throws LabError "bad-setting" */
function numberOf(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new LabError(
    'bad-setting',
    `${flag} takes a number, not "${text}". Nothing was imported.`,
    'Give a number.',
  );
}

/** "NAME=role:unit:rail"; a name may have equals signs, what stands behind the last one is the choice. */
function columnChoice(text: string): [string, ColumnChoice] {
  const at = text.lastIndexOf('=');
  const name = text.slice(0, at);
  const [role = '', unit, rail, ...rest] = text.slice(at + 1).split(':');
  if (at < 1 || rest.length > 0) {
    throw new LabError(
      'bad-setting',
      `--column takes NAME=role, NAME=role:unit or NAME=role:unit:rail, not "${text}". Nothing was imported.`,
      'An example: --column "GPU Energy=energy:mJ:gpu".',
    );
  }
  return [
    name,
    {
      role: parseChoice('--column', COLUMN_ROLES, role),
      ...(unit === undefined || unit === '' ? {} : { unit: parseChoice('--column', COLUMN_UNITS, unit) }),
      ...(rail === undefined || rail === '' ? {} : { rail: parseChoice<Rail>('--column', RAILS, rail) }),
    },
  ];
}
