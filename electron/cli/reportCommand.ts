import path from 'node:path';
import type { Command } from 'commander';
import { LabError } from '#core/errors';
import { REPORT_FORMATS, type ReportFormat } from '#core/reportFormat';
import { writeWhole } from '../files/writeWhole.ts';
import type { Answer, Context, Registrar } from './command.ts';

interface ReportFlags {
  readonly out: string;
  readonly force?: boolean;
  readonly samples?: boolean;
}

/** `report STUDY --out FILE`: writes the report of a stored study. */
export function addReport(program: Command, { add }: Registrar): void {
  add<ReportFlags>(
    program,
    'report',
    {
      description:
        'writes the report of a study: HTML or Markdown for people, CSV or JSON for programs, a bundle for others to verify',
      example: 'report study-0ba8d58cb67a --out report.html',
    },
    writeReport,
  )
    .argument('<study>', 'id of the study, see crossover studies list')
    .requiredOption('--out <file>', `file to write; its ending, ${endings()}, says in which form`)
    .option('--samples', 'of a bundle: with every raw sample of what was measured')
    .option('--force', 'replace the file if it is there already');
}

function writeReport(context: Context, [study = '']: readonly string[], flags: ReportFlags): Answer {
  const file = path.resolve(flags.out);
  const format = reportFormat(file);
  const content = context.inLab('read', (lab) =>
    lab.reports.file(study, format, { samples: flags.samples ?? false }),
  );
  writeWhole(file, content, { overwrite: flags.force ?? false });
  const bytes = Buffer.byteLength(content);
  return {
    data: { study, file, format, bytes },
    text: () => `Wrote the report of ${study} to ${file}.`,
  };
}

function reportFormat(file: string): ReportFormat {
  const ending = path.extname(file).toLowerCase();
  const found = REPORT_FORMATS.find(({ endings }) => endings.some((each) => each === ending));
  if (found !== undefined) return found.id;
  throw new LabError(
    'bad-setting',
    `A report cannot be written as "${ending === '' ? path.basename(file) : ending}". Nothing was written.`,
    `Let the name end in ${endings()}.`,
  );
}

function endings(): string {
  const all = REPORT_FORMATS.map(({ endings: [first] }) => first);
  return `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}
