import type { Command } from 'commander';
import { LabError } from '#core/errors';
import type { Registrar } from './command.ts';

/** `bench`: how fast all this is here, measured by the benches of the source. */
export function addBench(program: Command, { add }: Registrar): void {
  add(
    program,
    'bench [names...]',
    {
      description:
        'the performance figures on this machine, as ratios where something else can be measured beside them; ' +
        'without a name all of them, which takes some minutes on a machine that does nothing else',
      example: 'bench analysis bootstrap',
    },
    async ({ benches, say }, names) => {
      if (benches === undefined) {
        throw new LabError(
          'missing',
          'The benches belong to the source of Crossover, which is not here. Nothing was measured.',
          'Get the repository, and run it there: npm run -s lab -- bench.',
        );
      }
      const unknown = names.filter((name) => !benches.names.includes(name));
      if (unknown.length > 0) {
        throw new LabError(
          'wrong-usage',
          `There is no bench ${unknown.join(', ')}. Nothing was measured.`,
          `Choose from: ${benches.names.join(', ')}.`,
        );
      }
      const report = await benches.run(names, (name) => say(`measuring ${name} …`));
      return { data: report, text: () => benches.text(report).trimEnd() };
    },
  );
}
