import type { Command } from 'commander';
import type { StudySummary } from '#core/catalogue';
import { isComparison } from '#core/storedComparison';
import type { Registrar } from './command.ts';
import { comparisonText } from './comparisonText.ts';
import { comparisonAnswer } from './manySystems.ts';
import { studyAnswer } from './studyAnswer.ts';
import { addStudyImport } from './verifyCommand.ts';
import { bullets, paragraphs } from './text.ts';

/** `studies list | show | compare | rename | remove | import`: analyses with their settings, as stored. */
export function addStudies(program: Command, registrar: Registrar): void {
  const { add } = registrar;
  const group = program
    .command('studies')
    .description('analyses with their settings, as stored: list, show, compare, rename, remove, import');
  add(
    group,
    'list',
    { description: 'every stored study, the latest first', example: 'studies list' },
    (context) => {
      const { studies, comparisons } = context.inLab('read', (lab) => ({
        studies: lab.listStudies(),
        comparisons: lab.comparisons.list(),
      }));
      return {
        data: { studies, comparisons },
        text: (columns) =>
          listText(
            [...studies, ...comparisons].toSorted((a, b) => b.storedAt.localeCompare(a.storedAt)),
            columns,
          ),
      };
    },
  );
  add(
    group,
    'show',
    { description: 'a stored study, as analyze printed it', example: 'studies show study-0ba8d58cb67a' },
    (context, [id = '']) => {
      return context.inLab('read', (lab) =>
        isComparison(id) ? comparisonAnswer(lab.comparisons.show(id)) : studyAnswer(lab, lab.showStudy(id)),
      );
    },
  ).argument('<id>', 'id of the study, see crossover studies list');
  add(
    group,
    'compare',
    {
      description: 'two stored studies side by side: settings, inputs, energies, thresholds, verdicts',
      example: 'studies compare study-0ba8d58cb67a study-5d2f0c61e9b4',
    },
    (context, [a = '', b = '']) => {
      const found = context.inLab('read', (lab) => lab.compareStudies(a, b));
      return { data: found, text: (columns) => comparisonText(found, columns) };
    },
  )
    .argument('<a>', 'id of a study, see crossover studies list')
    .argument('<b>', 'id of another');
  add<RenameFlags>(
    group,
    'rename',
    {
      description: 'gives a study a name or a note, which are no part of it; an empty one takes it away',
      example: 'studies rename study-0ba8d58cb67a "The paper, like for like"',
    },
    (context, [id = '', name], { note }) => {
      const changes = { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
      const study = context.inLab('write', (lab) =>
        isComparison(id) ? lab.comparisons.change(id, changes) : lab.changeStudy(id, changes),
      );
      return {
        data: study,
        text: () => (study.name === '' ? `${id} has no name.` : `${id} is now "${study.name}".`),
      };
    },
  )
    .argument('<id>', 'id of the study, see crossover studies list')
    .argument('[name]', 'its name from now on')
    .option('--note <text>', 'what there is to say about it');
  add(
    group,
    'remove',
    { description: 'removes a stored study', example: 'studies remove study-0ba8d58cb67a' },
    (context, [id = '']) => {
      context.inLab('write', (lab) => (isComparison(id) ? lab.comparisons.remove(id) : lab.removeStudy(id)));
      return { data: { removed: id }, text: () => `Removed ${id}.` };
    },
  ).argument('<id>', 'id of the study, see crossover studies list');
  addStudyImport(group, registrar);
}

interface RenameFlags {
  readonly note?: string;
}

type Listed = Pick<StudySummary, 'id' | 'name' | 'title' | 'storedAt' | 'verdict'>;

function listText(studies: readonly Listed[], columns: number): string {
  if (studies.length === 0) return 'No study is stored yet. crossover analyze runs one.';
  return paragraphs(
    ...studies.map(
      ({ id, name, title, storedAt, verdict }) =>
        `${id}  ${name === '' ? title : `${name}: ${title}`}\n${bullets(
          [{ mark: '·', text: `stored ${storedAt.slice(0, 16).replace('T', ' ')} UTC. ${verdict.text}` }],
          columns,
        )}`,
    ),
  );
}
