import path from 'node:path';
import type { Command } from 'commander';
import { LabError } from '#core/errors';
import type { PolicyDocument } from '#core/deploy/policyDocument';
import { writeFolder } from '../files/writeFolder.ts';
import { writeWhole } from '../files/writeWhole.ts';
import type { Answer, Context, Registrar } from './command.ts';
import { bullets, facts, paragraphs, wrap } from './text.ts';

interface ExportFlags {
  readonly out: string;
  readonly force?: boolean;
}

/** `policy show | export`: the policy of a study, to be carried out by a router. */
export function addPolicy(program: Command, { add }: Registrar): void {
  const group = program
    .command('policy')
    .description('the policy of a study, to be carried out by a router: show, export');
  add(
    group,
    'show',
    {
      description:
        'which queries go where, and what a router has to know; --json prints it with test vectors',
      example: 'policy show study-0ba8d58cb67a --json',
    },
    (context, [study = '']) => {
      const policy = context.inLab('read', (lab) => lab.reports.policy(study));
      return { data: policy, text: (columns) => policyText(policy, columns) };
    },
  ).argument('<study>', 'id of the study, see crossover studies list');
  add<ExportFlags>(
    group,
    'export',
    {
      description:
        'writes the policy as a folder or a .zip with JSON, JavaScript, Python and a LiteLLM configuration, or as one .json, .mjs or .py',
      example: 'policy export study-0ba8d58cb67a --out policy',
    },
    exportPolicy,
  )
    .argument('<study>', 'id of the study, see crossover studies list')
    .requiredOption('--out <path>', 'a folder, or a file that ends in .zip, .json, .mjs or .py')
    .option('--force', 'replace what is there already');
}

/** Which file of the policy stands for it alone, by the ending asked for. */
const ALONE: Readonly<Record<string, string>> = {
  '.json': 'crossover-policy.json',
  '.mjs': 'crossover_policy.mjs',
  '.js': 'crossover_policy.mjs',
  '.py': 'crossover_policy.py',
};

function exportPolicy(context: Context, [study = '']: readonly string[], flags: ExportFlags): Answer {
  const out = path.resolve(flags.out);
  const ending = path.extname(out).toLowerCase();
  const alone = ALONE[ending];
  if (alone === undefined && ending !== '.zip' && ending !== '') {
    throw new LabError(
      'bad-setting',
      `A policy cannot be written as "${ending}". Nothing was written.`,
      'Name a folder, or a file that ends in .zip, .json, .mjs or .py.',
    );
  }
  const overwrite = flags.force ?? false;
  const { policy, files, zip } = context.inLab('read', (lab) => ({
    policy: lab.reports.policy(study),
    files: lab.reports.policyFiles(study),
    zip: ending === '.zip' ? lab.reports.policyZip(study) : undefined,
  }));
  if (zip !== undefined) writeWhole(out, zip, { overwrite });
  else if (alone !== undefined) writeWhole(out, files.get(alone)!, { overwrite });
  else writeFolder(out, files, { overwrite });
  return {
    data: { study, out, files: alone === undefined ? [...files.keys()] : [path.basename(out)], policy },
    text: (columns) => paragraphs(policyText(policy, columns), `Wrote it to ${out}.`),
  };
}

function policyText(policy: PolicyDocument, columns: number): string {
  const { needs } = policy;
  return paragraphs(
    wrap(policy.sentence, columns),
    facts(
      [
        ['study', policy.study],
        [
          'looks at',
          [
            ...(needs.inputTokens ? ['input tokens'] : []),
            ...(needs.predictedOutputTokens ? ['predicted output tokens'] : []),
          ].join(', ') || 'nothing',
        ],
        ['test vectors', String(policy.testVectors.length)],
      ],
      columns,
    ),
    bullets(
      policy.cautions.map((text) => ({ mark: '!', text })),
      columns,
    ),
  );
}
