import type { Command } from 'commander';
import type { ComputerReport, Offer } from '#core/computer';
import { exitCodeOf, LabError } from '#core/errors';
import { formatCount, formatNumber } from '#core/format';
import type { Check } from '#core/preflight';
import { describeComputer } from '../lab/computer.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { checkHere } from '../lab/preview.ts';
import { checkLine } from './preflight.ts';
import { bullets, facts, heading, paragraphs } from './text.ts';
import { version } from './version.ts';

/** `doctor`: what this computer can do. It answers even where the database cannot be opened. */
export function addDoctor(program: Command, { add }: Registrar): void {
  add(
    program,
    'doctor',
    {
      description:
        'what this computer can do and is doing: runtime, data, meters, engines, with what is missing',
      example: 'doctor --json',
    },
    (context) => examine(context),
  );
}

async function examine(context: Context): Promise<Answer> {
  const checks = await checkHere(context.dataFolder);
  try {
    const report = context.inLab('read', (lab) => lab.inspectComputer());
    return { data: { ...report, checks }, text: (columns) => doctorText(report, checks, columns) };
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown;
    const found = describeComputer({ dataFolder: context.dataFolder, version });
    const problem = [thrown.message, thrown.hint ?? ''].join(' ').trim();
    const report = { ...found, missing: [problem, ...found.missing] };
    return {
      data: { ...report, checks },
      text: (columns) => doctorText(report, checks, columns),
      exitCode: exitCodeOf(thrown.kind),
    };
  }
}

const MARKS = { ok: '✓', warning: '!', stop: '✗' } as const;

function doctorText(
  { computer, runtime, data, meters, engines, missing }: ComputerReport,
  checks: readonly Check[],
  columns: number,
): string {
  const gigabytes = (bytes: number): string => `${formatNumber(bytes / 1e9)} GB`;
  const offers = (list: readonly Offer[]): string =>
    bullets(
      list.map(({ available, name, gives, why }) => ({
        mark: available ? '✓' : '✗',
        text: `${name} (${gives}): ${why}`,
      })),
      columns,
    );
  return paragraphs(
    facts(
      [
        ['computer', `${computer.chip}, ${computer.cores} cores, ${gigabytes(computer.memoryBytes)} memory`],
        ['system', `${computer.os}, ${computer.arch}`],
        [
          'runtime',
          `Crossover ${runtime.crossover}, Node ${runtime.node} (Node-API ${runtime.nodeApi}), SQLite ${runtime.sqlite}`,
        ],
        [
          'data',
          `${data.folder}${data.freeBytes === undefined ? '' : ` (${gigabytes(data.freeBytes)} free)`}`,
        ],
        [
          '',
          `${formatCount(data.profiles)} profiles, ${formatCount(data.workloads)} workloads, ` +
            `${formatCount(data.studies)} studies; database form ${data.databaseVersion}`,
        ],
      ],
      columns,
    ),
    `${heading('Now, for a measurement')}\n${bullets(
      checks.map((check) => ({ mark: MARKS[check.verdict], text: checkLine(check) })),
      columns,
    )}`,
    `${heading('Meters')}\n${offers(meters)}`,
    `${heading('Engines')}\n${offers(engines)}`,
    missing.length === 0
      ? ''
      : `${heading('Missing')}\n${bullets(
          missing.map((text) => ({ mark: '·', text })),
          columns,
        )}`,
  );
}
