import type { TextCell } from '#core/import/columns';
import type { Observation, SourceFacts } from '#core/import/observation';
import type { ImportFormat, SourceHead } from '../importFormat.ts';
import type { TableRecipe } from '../text/tableBuilder.ts';
import { readTableSource } from '../tableSource.ts';

const HEADER = /^(?:[^\n]*[,;\t])?(?:Phase|Operation)[,;\t][^\n]*Runtime[^\n]*Energy[^\n]*Iteration/im;
const PHASE = String.raw`"?(?:start-)?(?:inference|load model|model load|pipeline load|tokenizer)[^,;\t\n]*`;
const WITHOUT_HEADER = new RegExp(
  String.raw`^(?:\d{9,10}(?:[.,]\d+)?[,;\t])?${PHASE}[,;\t]\s*\d+(?:[.,]\d+)?[,;\t]`,
);

/** The two orders of columns that the authors' programs wrote; later columns may be missing. */
const MAC_ORDER = [
  'Phase',
  'Runtime (s)',
  'CPU Energy (J)',
  'GPU Energy (J)',
  'Number of Output Tokens',
  'Number of Input Tokens',
  'Iteration',
  'Model',
  'Number of GPUs',
  'Prompt',
  'Total Number of Tokens',
  'Batch Size',
  'System Name',
  'GPU Memory (MB)',
];
const CLUSTER_ORDER = [
  'Timestamp',
  'Phase',
  'Runtime (s)',
  'GPU Energy (mJ)',
  'Output Token Limit',
  'Number of Input Tokens',
  'Iteration',
  'Model',
  'Number of GPUs',
  'Prompt',
  'Total Number of Tokens',
  'Batch Size',
  'System',
  'CPU Core',
  'GPU Total Memory (MB)',
  'GPU Used Memory (MB)',
  'CPU Energy (J)',
];
const LEAST_COLUMNS = 8;

/** The order of the columns of a table without a header, told by where its numbers stand. */
function namesWithoutHeader(rows: readonly (readonly TextCell[])[]): readonly string[] | undefined {
  const width = rows[0]?.length ?? 0;
  const isNumber = (cell: TextCell | undefined): boolean =>
    cell !== undefined && cell !== null && /^\s*-?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?\s*$/i.test(cell);
  const fits = (order: readonly string[]): boolean =>
    width >= LEAST_COLUMNS &&
    width <= order.length &&
    rows.filter((row) =>
      order.slice(0, LEAST_COLUMNS).every((name, i) => isNumber(row[i]) !== /^(?:Phase|Model)/.test(name)),
    ).length >
      rows.length / 2;
  const order = [MAC_ORDER, CLUSTER_ORDER].find(fits);
  return order?.slice(0, width);
}

/**
 * The authors write what was asked for as "Output Token Limit" or "Number of Output Tokens", and what came as "Output
 * Token Size" or within "Total Number of Tokens". What came is taken, and what was asked for kept beside it.
 */
function mend(observation: Observation): Observation {
  const { m, n, askedN, totalTokens } = observation;
  if (askedN !== undefined || m === undefined || n === undefined || totalTokens === undefined)
    return observation;
  const came = totalTokens - m;
  return came > 0 ? { ...observation, n: came, askedN: n } : observation;
}

const RECIPE: TableRecipe = { namesWithoutHeader, mend };

/** Where the authors measured, by the beginning of the names in their tables. */
const SYSTEMS: readonly (readonly [RegExp, Pick<SourceFacts, 'hardware' | 'device'>])[] = [
  [/^m1.?pro/i, { device: 'M1 Pro', hardware: 'MacBook Pro, M1 Pro' }],
  [/swing/i, { device: 'A100', hardware: '2 x EPYC 7742, 8 x A100 40 GB; the GPUs used are counted' }],
  [/palmetto.*v100/i, { device: 'V100' }],
  [/palmetto.*a100/i, { device: 'A100' }],
];

function looks({ text }: SourceHead): number {
  return HEADER.test(text) || WITHOUT_HEADER.test(text) ? 0.9 : 0;
}

/**
 * The trial tables of the paper's authors (grantwilkins/energy-inference), in all their variants: mJ, uJ, J, kWh; with
 * and without a header; semicolons; idle columns. Every trial is one query, whatever "Batch Size" says.
 */
export const paperTable: ImportFormat = {
  id: 'paper-table',
  name: 'trial table of the paper',
  looks,
  read: async (source, options) => {
    const reading = await readTableSource(source, options, RECIPE);
    const system = reading.observations.find((each) => each.system !== undefined)?.system;
    const place = SYSTEMS.find(([pattern]) => system !== undefined && pattern.test(system))?.[1];
    return {
      ...reading,
      format: { id: paperTable.id, name: paperTable.name },
      facts: {
        engine: 'Hugging Face Accelerate',
        precision: 'fp16',
        kvCache: false,
        conditionsAssumed: place === undefined,
        energyIs: 'measured',
        singlePrompts: true,
        warmUp: 'iteration-0',
        phase: 'inference',
        ...place,
      },
    };
  },
};
