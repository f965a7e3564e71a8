import path from 'node:path';
import type { Command } from 'commander';
import { formatCount } from '#core/format';
import type { TakenBundle, Verification } from '#core/studyBundle';
import { verifyStudyBundle } from '../lab/studyBundle/verify.ts';
import { runStudy } from '../workers/runStudy.ts';
import { createWorkerPool } from '../workers/workerPool.ts';
import type { Registrar } from './command.ts';
import { bullets, paragraphs, table, wrap } from './text.ts';
import { version } from './version.ts';

/** `verify FILE`: recomputes a bundle's numbers; it needs no data folder. */
export function addVerify(program: Command, { add }: Registrar): void {
  add(
    program,
    'verify',
    {
      description:
        "recomputes every number of a study's bundle from what the bundle holds; exit code 3 when one differs",
      example: 'verify study-0ba8d58cb67a.crossover',
    },
    async (_context, [file = '']) => {
      const found = await verified(path.resolve(file));
      return {
        data: found,
        text: (columns) => verificationText(found, columns),
        exitCode: found.verified ? 0 : 3,
      };
    },
  ).argument('<file>', 'a bundle, as crossover report STUDY --out FILE.crossover writes it');
}

/** `studies import FILE`: a bundle's study in this lab. */
export function addStudyImport(group: Command, { add }: Registrar): void {
  add(
    group,
    'import',
    {
      description: 'opens a bundle here: its study, and what is lacking of its profiles, workload and runs',
      example: 'studies import study-0ba8d58cb67a.crossover',
    },
    async (context, [file = '']) => {
      const taken = await context.inLabAsync((lab) => lab.reports.importBundle(path.resolve(file)));
      return { data: taken, text: (columns) => takenText(taken, columns) };
    },
  ).argument('<file>', 'a bundle, as crossover report STUDY --out FILE.crossover writes it');
}

async function verified(file: string): Promise<Verification> {
  const pool = createWorkerPool();
  try {
    return await verifyStudyBundle(file, version, (settings, inputs) => runStudy(pool, settings, inputs));
  } finally {
    pool.close();
  }
}

function verificationText({ sentence, title, study, checks, notes }: Verification, columns: number): string {
  const differing = checks.flatMap(({ what, differing }) => differing.map((each) => ({ what, ...each })));
  return paragraphs(
    wrap(`${study}: ${title}`, columns),
    table(
      [
        { title: 'what' },
        { title: 'compared', align: 'right' },
        { title: 'agree', align: 'right' },
        { title: '' },
      ],
      checks.map(({ what, compared, agree }) => [
        what,
        formatCount(compared),
        formatCount(agree),
        agree === compared ? '✓' : `✗ ${formatCount(compared - agree)} differ`,
      ]),
    ),
    bullets(
      differing.map(({ what, path: at, stated, recomputed }) => ({
        mark: '✗',
        text: `${what}, ${at}: stated ${stated}, recomputed ${recomputed}`,
      })),
      columns,
    ),
    bullets(
      notes.map((text) => ({ mark: '·', text })),
      columns,
    ),
    wrap(sentence, columns),
  );
}

function takenText(
  { study, title, already, profiles, workload, runs, notes }: TakenBundle,
  columns: number,
): string {
  const came = [
    ...profiles.map((id) => `profile ${id}`),
    ...(workload === null ? [] : [`workload ${workload}`]),
    ...runs.map((id) => `run ${id}`),
  ];
  return paragraphs(
    wrap(`${title}: ${already ? 'was here already' : 'stored'} as ${study}.`, columns),
    bullets(
      [...came.map((text) => ({ mark: '+', text })), ...notes.map((text) => ({ mark: '·', text }))],
      columns,
    ),
    `crossover studies show ${study} shows it.`,
  );
}
