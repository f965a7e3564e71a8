import { existsSync } from 'node:fs';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { LabError } from '#core/errors';
import { PAPERS, REPORT_FORMATS, type Paper, type ReportFormat } from '#core/reportFormat';
import { nameTaken, writeWhole } from '../files/writeWhole.ts';
import type { Answer, Context, Registrar } from './command.ts';

interface ReportFlags {
  readonly out: string;
  readonly force?: boolean;
  readonly samples?: boolean;
  readonly paper: Paper;
}

/** `report STUDY --out FILE`: writes the report of a stored study. */
export function addReport(program: Command, { add }: Registrar): void {
  add<ReportFlags>(
    program,
    'report',
    {
      description:
        'writes the report of a study: HTML, PDF or Markdown for people, CSV or JSON for programs, a bundle for others to verify',
      example: 'report study-0ba8d58cb67a --out report.html',
    },
    writeReport,
  )
    .argument('<study>', 'id of the study, see crossover studies list')
    .requiredOption('--out <file>', `file to write; its ending, ${endings()}, says in which form`)
    .addOption(new Option('--paper <size>', 'of a PDF').choices(PAPERS).default(PAPERS[0]))
    .option('--samples', 'of a bundle: with every raw sample of what was measured')
    .option('--force', 'replace the file if it is there already');
}

async function writeReport(
  context: Context,
  [study = '']: readonly string[],
  flags: ReportFlags,
): Promise<Answer> {
  const file = path.resolve(flags.out);
  const format = reportFormat(file);
  const content =
    format === 'pdf'
      ? await printed(context, study, file, flags)
      : context.inLab('read', (lab) => lab.reports.file(study, format, { samples: flags.samples ?? false }));
  writeWhole(file, content, { overwrite: flags.force ?? false });
  const bytes = Buffer.byteLength(content);
  return {
    data: { study, file, format, bytes },
    text: () => `Wrote the report of ${study} to ${file}.`,
  };
}

/** A PDF, printed by Electron: the window's own program, without a window. */
async function printed(
  { inLab, print, say }: Context,
  study: string,
  file: string,
  { paper, force = false }: ReportFlags,
): Promise<Uint8Array> {
  const html = inLab('read', (lab) => lab.reports.paper(study));
  // Printing takes seconds: a name that is taken is told before.
  if (existsSync(file) && !force) throw nameTaken(file);
  if (print === undefined) {
    throw new LabError(
      'missing',
      'A PDF is printed by Electron, which this program was started without. Nothing was written.',
      'Write it with npm run lab, or save it in the window; .html prints as well from any browser.',
    );
  }
  say('Printing…');
  try {
    return await print(html, paper);
  } catch (cause) {
    throw new LabError(
      'missing',
      `The report could not be printed: ${cause instanceof Error ? cause.message : String(cause)} Nothing was written.`,
      'Write it as .html instead, and print that from any browser.',
      { cause },
    );
  }
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
