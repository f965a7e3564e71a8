import type { Command } from 'commander';
import type { ProfileSummary } from '#core/catalogue';
import path from 'node:path';
import { formatCount } from '#core/format';
import { writeWhole } from '../files/writeWhole.ts';
import { PROFILE_FORMATS, type ProfileFormat } from '../store/profileFile.ts';
import { besideThePaper } from '../lab/likeForLike.ts';
import { parseChoice } from './choice.ts';
import { addProfilesImport } from './importCommand.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { likeForLikeText } from './likeForLikeText.ts';
import { profileDocument, profileText } from './profileAnswer.ts';
import { paragraphs, table } from './text.ts';

interface ExportFlags {
  readonly format?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** `profiles list | show | import | export | remove`: what a query costs on which system. */
export function addProfiles(program: Command, registrar: Registrar): void {
  const { add } = registrar;
  const group = program
    .command('profiles')
    .description('what a query costs on each system, cell by cell: list, show, import, export, remove');
  add(
    group,
    'list',
    { description: 'every profile in the lab', example: 'profiles list --json' },
    (context) => {
      const profiles = context.inLab('read', (lab) => lab.listProfiles());
      return { data: { profiles }, text: () => listText(profiles) };
    },
  );
  add(
    group,
    'show',
    {
      description: 'a profile with its cells: tokens, trials, energy in J, runtime in s',
      example: 'profiles show m1-pro.llama-2-7b.grid',
    },
    (context, [id = '']) => {
      return context.inLab('read', (lab) => {
        const stored = lab.showProfile(id);
        const match = stored.kind === 'measured' ? besideThePaper(lab, stored.profile) : undefined;
        return {
          data: { ...profileDocument(stored), likeForLike: match ?? null },
          text: (columns) => paragraphs(profileText(stored, columns), likeForLikeText(match, columns)),
        };
      });
    },
  ).argument('<id>', 'id of the profile, see crossover profiles list');
  add<ExportFlags>(
    group,
    'export',
    {
      description: 'a profile as a file that can be read again, YAML or JSON; without --out, on the terminal',
      example: 'profiles export m1-pro.llama-2-7b.sweeps --out m1-pro.yaml',
    },
    exportProfile,
  )
    .argument('<id>', 'id of the profile, see crossover profiles list')
    .option('--out <file>', 'file to write')
    .option('--format <yaml|json>', 'form of the file (default: by its ending, else yaml)')
    .option('--force', 'replace the file if it is there already');
  addProfilesImport(group, registrar);
  add(
    group,
    'remove',
    {
      description: 'removes an imported profile; studies keep the copy that they were computed from',
      example: 'profiles remove swing.falcon-7b.1f3a9c02',
    },
    (context, [id = '']) => {
      context.inLab('write', (lab) => lab.imports.remove(id));
      return { data: { removed: id }, text: () => `Removed ${id}.` };
    },
  ).argument('<id>', 'id of the profile, see crossover profiles list');
}

function exportProfile(context: Context, [id = '']: readonly string[], flags: ExportFlags): Answer {
  const { out, force = false } = flags;
  const format = exportFormat(flags);
  const text = context.inLab('read', (lab) => lab.exportProfile(id, format));
  if (out === undefined) return { data: { profile: id, format, text }, text: () => text.trimEnd() };
  const file = path.resolve(out);
  writeWhole(file, text, { overwrite: force });
  return {
    data: { profile: id, format, file, bytes: Buffer.byteLength(text) },
    text: () => `Wrote ${id} to ${file}.`,
  };
}

function exportFormat({ format, out }: ExportFlags): ProfileFormat {
  if (format !== undefined) return parseChoice('--format', PROFILE_FORMATS, format);
  return out !== undefined && path.extname(out).toLowerCase() === '.json' ? 'json' : 'yaml';
}

function listText(profiles: readonly ProfileSummary[]): string {
  return paragraphs(
    table(
      [
        { title: 'id' },
        { title: 'system' },
        { title: 'rails' },
        { title: 'cells', align: 'right' },
        { title: 'kind' },
      ],
      profiles.map(({ id, system, rails, cells, kind, estimate }) => [
        id,
        system,
        rails.join(' + '),
        formatCount(cells),
        estimate ? `${kind}, an estimate` : kind,
      ]),
    ),
    `${formatCount(profiles.length)} profiles. crossover profiles show ID shows the cells of one.`,
  );
}
