import type { Command } from 'commander';
import { bytesText } from '#core/format';
import type { ModelCache, RemovedModels } from '#core/modelCache';
import type { Registrar } from './command.ts';
import { paragraphs, table } from './text.ts';

/** `models list | remove | clear`: the made-up weights in the data folder. */
export function addModels(program: Command, { add }: Registrar): void {
  const group = program.command('models').description('made-up weights that are kept: list, remove, clear');
  add(
    group,
    'list',
    { description: 'the files, with the room that they take', example: 'models list' },
    (context) => {
      const cache = context.inLab('read', (lab) => lab.models.list());
      return { data: cache, text: () => listText(cache) };
    },
  );
  add(
    group,
    'remove',
    {
      description: 'removes weights; a later run makes them anew',
      example: 'models remove synthetic:tiny:Q8_0',
    },
    async (context, names) => {
      const removed = await context.inLabAsync((lab) => lab.models.remove(names));
      return { data: removed, text: () => removedText(removed) };
    },
  ).argument('<name...>', 'names, see crossover models list');
  add(
    group,
    'clear',
    { description: 'removes all of them; models of your own stay where they are', example: 'models clear' },
    async (context) => {
      const removed = await context.inLabAsync((lab) => lab.models.remove());
      return { data: removed, text: () => removedText(removed) };
    },
  );
}

function listText({ models, bytes }: ModelCache): string {
  if (models.length === 0) return 'No weights were made yet. crossover measure makes what it needs.';
  const count = models.length === 1 ? '1 file' : `${models.length} files`;
  return paragraphs(
    table(
      [{ title: 'name' }, { title: 'size', align: 'right' }, { title: 'made' }, { title: '' }],
      models.map((model) => [
        model.name,
        bytesText(model.bytes),
        model.madeAt.slice(0, 16).replace('T', ' '),
        [...(model.complete ? [] : ['half-made, not used']), ...(model.inUse ? ['in use'] : [])].join(', '),
      ]),
    ),
    `${count}, ${bytesText(bytes)}. crossover models clear removes them.`,
  );
}

function removedText({ removed, kept, freedBytes }: RemovedModels): string {
  const left = kept.length === 0 ? '' : ` Kept, because the run under way works with it: ${kept.join(', ')}.`;
  if (removed.length === 0) return `Nothing was removed.${left}`;
  return `Removed ${removed.join(', ')}: ${bytesText(freedBytes)} are free again.${left}`;
}
