import type { Command } from 'commander';
import type { StudySummary } from '#core/catalogue';
import type { Registrar } from './command.ts';
import { studyAnswer } from './studyAnswer.ts';
import { bullets, paragraphs } from './text.ts';

/** `studies list | show`: analyses with their settings, as stored. */
export function addStudies(program: Command, { add }: Registrar): void {
  const group = program.command('studies').description('analyses with their settings, as stored: list, show');
  add(
    group,
    'list',
    { description: 'every stored study, the latest first', example: 'studies list' },
    (context) => {
      const studies = context.inLab('read', (lab) => lab.listStudies());
      return { data: { studies }, text: (columns) => listText(studies, columns) };
    },
  );
  add(
    group,
    'show',
    { description: 'a stored study, as analyze printed it', example: 'studies show study-0ba8d58cb67a' },
    (context, [id = '']) => {
      return context.inLab('read', (lab) => studyAnswer(lab, lab.showStudy(id)));
    },
  ).argument('<id>', 'id of the study, see crossover studies list');
}

function listText(studies: readonly StudySummary[], columns: number): string {
  if (studies.length === 0) return 'No study is stored yet. crossover analyze runs one.';
  return paragraphs(
    ...studies.map(
      ({ id, title, storedAt, verdict }) =>
        `${id}  ${title}\n${bullets(
          [{ mark: '·', text: `stored ${storedAt.slice(0, 16).replace('T', ' ')} UTC. ${verdict.text}` }],
          columns,
        )}`,
    ),
  );
}
