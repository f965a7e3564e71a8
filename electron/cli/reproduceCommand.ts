import type { Command } from 'commander';
import type { Registrar } from './command.ts';
import { reproductionText } from './reproductionText.ts';

/** `reproduce`: the paper's analysis on the bundled data, with the reconciliation. */
export function addReproduce(program: Command, { add }: Registrar): void {
  add(
    program,
    'reproduce',
    {
      description:
        "the paper's analysis on the bundled data, beside the published curves, with the reconciliation",
      example: 'reproduce --json',
    },
    (context) => {
      const reproduction = context.inLab('read', (lab) => lab.reproduce());
      return { data: reproduction, text: (columns) => reproductionText(reproduction, columns) };
    },
  );
}
