import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { formatCount } from '#core/format';
import type { Reproduction } from '#core/reproduction';
import { PAPER_SETTINGS } from '#core/study';
import { queryCount } from '#core/workload';
import { writeWhole } from '../files/writeWhole.ts';
import type { Lab } from '../lab.ts';
import { guarded } from '../store/storeError.ts';
import type { StoredStudy } from '../store/studies.ts';
import type { Registrar } from './command.ts';
import { figureTable, reconciliationText } from './reproductionText.ts';
import { studyDocument } from './studyAnswer.ts';
import { bullets, facts, heading, paragraphs, wrap } from './text.ts';
import { version } from './version.ts';

interface Demonstration {
  readonly reproduction: Reproduction;
  readonly stored: StoredStudy;
  /** path of the report */
  readonly report: string;
}

/** `demo`: the whole way on defaults, in the terminal, to a report file. */
export function addDemo(program: Command, { add }: Registrar): void {
  add(
    program,
    'demo',
    {
      description:
        "the whole way on defaults: the paper's profiles, Alpaca, the threshold, the verdict, and a report file in " +
        'the data folder',
      example: 'demo --data ./lab',
    },
    (context) => {
      const shown = context.inLab('write', demonstrate);
      return {
        data: {
          reproduction: shown.reproduction,
          study: studyDocument(shown.stored),
          verdict: shown.stored.study.result.verdict,
          report: shown.report,
        },
        text: (columns) => demoText(shown, columns),
      };
    },
  );
}

function demonstrate(lab: Lab): Demonstration {
  const reproduction = lab.reproduce();
  const { id } = lab.saveStudy(PAPER_SETTINGS);
  const folder = path.join(lab.dataFolder, 'reports');
  const report = path.join(folder, `${id}.html`);
  guarded(report, () => mkdirSync(folder, { recursive: true }));
  writeWhole(report, lab.reportHtml(id), { overwrite: true });
  return { reproduction, stored: lab.showStudy(id), report };
}

function demoText({ reproduction, stored, report }: Demonstration, columns: number): string {
  const { study, inputs } = stored;
  const { verdict, assumptions } = study.result;
  const warnings = assumptions.filter(({ level }) => level === 'warning');
  return paragraphs(
    heading(`Crossover ${version}: the paper's study on the bundled data`),
    facts(
      [
        ['1 Measure', "this version does not measure yet; the paper's own figures stand here"],
        ['2 Profiles', `${inputs.small.name}; ${inputs.large.name}`],
        ['3 Workload', `${inputs.workload.name}: ${formatCount(queryCount(inputs.workload))} queries`],
        ['4 Threshold', "first the paper's two figures, reproduced with all its models:"],
      ],
      columns,
    ),
    figureTable(reproduction),
    reconciliationText(reproduction, columns),
    wrap('Then like for like, Llama-2 7B on both systems:', columns),
    wrap(verdict.text, columns, 2),
    wrap(verdict.condition, columns, 2),
    `5 Check      what it rests on most:\n${bullets(
      warnings.map(({ message }) => ({ mark: '!', text: message })),
      columns,
    )}`,
    `6 Report     ${report}`,
  );
}
