import path from 'node:path';
import type { Command } from 'commander';
import { formatCount } from '#core/format';
import { RUN_BUNDLE_ENDING } from '#core/runBundle';
import { profilesOf, type RunImport } from '#core/runImport';
import { writeWhole } from '../files/writeWhole.ts';
import type { Lab } from '../lab.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { bullets, paragraphs, table } from './text.ts';

interface ExportFlags {
  readonly out?: string;
  readonly force?: boolean;
}

interface ImportFlags {
  readonly check?: boolean;
  readonly merge: boolean;
}

/** `runs export | import | remove`: runs as files, to and from other computers. */
export function addRunBundles(group: Command, { add }: Registrar): void {
  add<ExportFlags>(
    group,
    'export',
    {
      description:
        'a run with its trials and all of its samples as one file, with checksums, to be imported elsewhere',
      example: `runs export run-20261123-1a2b3c --out run${RUN_BUNDLE_ENDING}`,
    },
    exportRun,
  )
    .argument('<id>', 'id of the run, see crossover runs list')
    .option('--out <file>', `file to write (default: the run's id with ${RUN_BUNDLE_ENDING}, in this folder)`)
    .option('--force', 'replace the file if it is there already');
  add<ImportFlags>(
    group,
    'import',
    {
      description:
        'imports what runs export wrote elsewhere, all files or none; shards of one sweep become one profile',
      example: `runs import shard-1${RUN_BUNDLE_ENDING} shard-2${RUN_BUNDLE_ENDING}`,
    },
    importRuns,
  )
    .argument('<files...>', 'run bundles')
    .option('--check', 'say what would be imported, and store nothing')
    .option('--no-merge', 'keep shards of a sweep by themselves, each with a profile of its own');
  add(
    group,
    'remove',
    {
      description: 'removes a run with its trials, samples and the profile that was made of it alone',
      example: 'runs remove run-20261123-1a2b3c',
    },
    (context, [id = '']) => {
      context.inLab('write', (lab) => lab.runs.delete(id));
      return { data: { removed: id }, text: () => `Removed ${id}.` };
    },
  ).argument('<id>', 'id of the run, see crossover runs list');
}

function exportRun(context: Context, [id = '']: readonly string[], flags: ExportFlags): Answer {
  const { bytes, manifest } = context.inLab('read', (lab) => lab.runs.exportBundle(id));
  const file = path.resolve(flags.out ?? `${id}${RUN_BUNDLE_ENDING}`);
  writeWhole(file, bytes, { overwrite: flags.force ?? false });
  return {
    data: { run: id, file, bytes: bytes.length, samples: manifest.samples, content: manifest.content },
    text: () =>
      `Wrote ${id} with ${formatCount(manifest.samples)} samples to ${file} (${formatCount(bytes.length)} bytes).`,
  };
}

function importRuns(context: Context, files: readonly string[], flags: ImportFlags): Answer {
  return context.inLab('write', (lab) =>
    runImportAnswer(lab, files, { check: flags.check ?? false, merge: flags.merge }),
  );
}

/** Imports run bundles, and says what came of it: also what `profiles import` does with them. */
export function runImportAnswer(
  lab: Lab,
  files: readonly string[],
  { check, merge = true }: { check: boolean; merge?: boolean },
): Answer {
  const result = lab.runs.importBundles(files, { check, merge });
  return { data: { check, ...result }, text: (columns) => importText(result, check, columns) };
}

function importText(result: RunImport, check: boolean, columns: number): string {
  const { runs, merged, warnings } = result;
  const [profile] = profilesOf(result);
  return paragraphs(
    check ? 'Nothing was stored; this is what an import would do:' : '',
    table(
      [
        { title: 'file' },
        { title: 'run' },
        { title: 'shard' },
        { title: 'trials', align: 'right' },
        { title: 'samples', align: 'right' },
        { title: '' },
      ],
      runs.map(({ file, run, shard, trials, samples, already }) => [
        file,
        run,
        shard ?? 'whole',
        formatCount(trials),
        formatCount(samples),
        already ? 'was here already' : '',
      ]),
    ),
    ...merged.map(
      (each) =>
        `${each.runs.length} ${each.runs.length === 1 ? 'run' : 'runs'} of the ${each.sweep}, taken together: ` +
        (each.profile === null ? 'no cell has a valid trial yet.' : each.profile),
    ),
    bullets(
      warnings.map((text) => ({ mark: '!', text })),
      columns,
    ),
    profile === undefined || check ? '' : `crossover profiles show ${profile} shows the profile.`,
  );
}
