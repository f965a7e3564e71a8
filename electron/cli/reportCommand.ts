import path from 'node:path';
import type { Command } from 'commander';
import { LabError } from '#core/errors';
import { writeWhole } from '../files/writeWhole.ts';
import type { Answer, Context, Registrar } from './command.ts';

interface ReportFlags {
  readonly out: string;
  readonly force?: boolean;
}

/** `report STUDY --out FILE`: writes the report of a stored study. */
export function addReport(program: Command, { add }: Registrar): void {
  add<ReportFlags>(
    program,
    'report',
    {
      description: 'writes the report of a study: a self-contained HTML file for people, JSON for programs',
      example: 'report study-0ba8d58cb67a --out report.html',
    },
    writeReport,
  )
    .argument('<study>', 'id of the study, see crossover studies list')
    .requiredOption('--out <file>', 'file to write; its ending, .html or .json, says in which form')
    .option('--force', 'replace the file if it is there already');
}

function writeReport(context: Context, [study = '']: readonly string[], flags: ReportFlags): Answer {
  const file = path.resolve(flags.out);
  const format = reportFormat(file);
  const text = context.inLab('read', (lab) =>
    format === 'html' ? lab.reportHtml(study) : lab.reportJson(study),
  );
  writeWhole(file, text, { overwrite: flags.force ?? false });
  return {
    data: { study, file, format, bytes: Buffer.byteLength(text) },
    text: () => `Wrote the report of ${study} to ${file}.`,
  };
}

function reportFormat(file: string): 'html' | 'json' {
  const ending = path.extname(file).toLowerCase();
  if (ending === '.html' || ending === '.htm') return 'html';
  if (ending === '.json') return 'json';
  throw new LabError(
    'bad-setting',
    `A report cannot be written as "${ending === '' ? path.basename(file) : ending}" in this version. ` +
      'Nothing was written.',
    'Let the name end in .html or .json.',
  );
}
