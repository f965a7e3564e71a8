import { formatCount, formatNumber } from '#core/format';
import type { Diagnosis } from '#core/import/diagnosis';
import type { AcceptedImport } from '#core/import/record';
import type { Profile } from '#core/profile';
import { bullets, facts, heading, paragraphs, table, wrap } from './text.ts';

/** `profiles import --check --json`: the diagnosis, with the findings that ask for a look as warnings. */
export function diagnosisDocument(diagnosis: Diagnosis): object {
  return {
    ...diagnosis,
    warnings: diagnosis.findings
      .filter(({ level }) => level !== 'note')
      .map(({ kind, message }) => ({ kind, message })),
  };
}

const MARKS = { error: '✗', warning: '!', note: '·' } as const;

/** `profiles import` for people: what was understood, what was left out, what is doubtful, and what results. */
export function diagnosisText(diagnosis: Diagnosis, nearest: Profile | undefined, columns: number): string {
  const { files, system, model, rails, cells, dropped, findings, profile, options } = diagnosis;
  const rows = cells.reduce((total, { trials }) => total + trials, 0);
  return paragraphs(
    ...files.map((file) => fileText(file, columns)),
    heading('What it comes to'),
    facts(
      [
        ['system', system ?? 'not told'],
        ['model', model ?? 'not told'],
        ['energy', rails.length === 0 ? 'none' : rails.join(' + ')],
        [
          'cells',
          `${formatCount(cells.length)}, from ${formatCount(rows)} ${rows === 1 ? 'trial' : 'trials'}`,
        ],
        ...(options.batch === undefined ? [] : [['batches', batchText(options.batch)] as const]),
        ...(options.idle === undefined ? [] : [['idle', idleText(options.idle)] as const]),
        ...(profile === null ? [] : [['profile', `${profile.id}: ${profile.name}`] as const]),
      ],
      columns,
    ),
    dropped.length === 0
      ? ''
      : `Left out:\n${bullets(
          dropped.map(({ count, reason }) => ({ mark: '–', text: `${formatCount(count)} × ${reason}` })),
          columns,
        )}`,
    findings.length === 0
      ? ''
      : bullets(
          findings.map(({ level, message, todo }) => ({
            mark: MARKS[level],
            text: todo === undefined ? message : `${message} ${todo}`,
          })),
          columns,
        ),
    cellsText(diagnosis, nearest, columns),
    profile === null ? wrap('Nothing can be imported before what is marked with ✗ is settled.', columns) : '',
  );
}

const batchText = (mode: NonNullable<Diagnosis['options']['batch']>): string =>
  mode === 'divide' ? 'energies divided by the batch size' : 'each row is one query';

const idleText = (mode: NonNullable<Diagnosis['options']['idle']>): string =>
  mode === 'subtract' ? 'taken away' : 'part of the energies (gross)';

function fileText({ name, bytes, format, rows, columns }: Diagnosis['files'][number], width: number): string {
  const used = columns.filter(({ role }) => role !== 'ignore');
  const unused = columns.filter(({ role }) => role === 'ignore');
  return paragraphs(
    heading(`${name}: ${format.name}`),
    `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}, ${formatNumber(bytes / 1024)} KiB`,
    used.length === 0
      ? ''
      : table(
          [
            { title: 'column' },
            { title: 'is' },
            { title: 'unit' },
            { title: 'rail' },
            { title: 'how' },
            { title: 'such as' },
          ],
          used.map(({ name: column, role, unit, rail, how, examples }) => [
            short(column, 30),
            role,
            unit === null || unit === 'text' || unit === 'count' ? '' : unit,
            rail ?? '',
            how,
            short(examples[0] ?? '', 20),
          ]),
        ),
    unused.length === 0
      ? ''
      : wrap(
          `Not used: ${unused
            .slice(0, 30)
            .map((column) => short(column.name, 30))
            .join(', ')}.`,
          width,
        ),
  );
}

/** A text on one line, cut where it is too long for its column. */
function short(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`;
}

/** so many cells are listed for people; programs get all */
const MOST_CELLS = 60;

function cellsText({ cells }: Diagnosis, nearest: Profile | undefined, columns: number): string {
  if (cells.length === 0) return '';
  const shown = cells.slice(0, MOST_CELLS);
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  const spread = (sd: number | undefined): string => (sd === undefined ? '–' : formatNumber(sd, 2));
  const rows = shown.map(({ m, n, trials, tokensMean, energyJ, sdEnergyJ, runtimeS }) => {
    const { total } = energyJ;
    return [
      String(m),
      String(n),
      formatCount(trials),
      formatNumber(total, 4),
      spread(sdEnergyJ),
      formatNumber(total / (tokensMean ?? m + n)),
      formatNumber(runtimeS, 4),
      formatNumber(total / runtimeS),
      ...(nearest === undefined ? [] : [besideText(nearest, m, n)]),
    ];
  });
  return paragraphs(
    table(
      [
        right('m'),
        right('n'),
        right('trials'),
        right('energy, J'),
        right('± sd'),
        right('J/token'),
        right('runtime, s'),
        right('power, W'),
        ...(nearest === undefined ? [] : [right('nearest, J/token')]),
      ],
      rows,
    ),
    cells.length > shown.length
      ? `and ${formatCount(cells.length - shown.length)} more cells; --json has them all.`
      : '',
    nearest === undefined
      ? ''
      : wrap(`Nearest is ${nearest.name} (${nearest.id}), at its closest cell.`, columns),
  );
}

/** At most so far apart on a log scale of base 2, a cell is near enough to set beside another. */
const NEAR = 0.75;

/** J/token of the profile's closest cell; none where it has nothing near. */
function besideText({ cells }: Profile, m: number, n: number): string {
  let best: Profile['cells'][number] | undefined;
  let least = NEAR;
  for (const cell of cells) {
    const distance = Math.hypot(Math.log2(cell.m / m), Math.log2(cell.n / n));
    if (distance < least) [best, least] = [cell, distance];
  }
  if (best === undefined) return '–';
  return formatNumber(best.energyJ.total / (best.tokensMean ?? best.m + best.n));
}

/** What was stored. */
export function acceptedText({ profile, state }: AcceptedImport, columns: number): string {
  return wrap(storedText({ profile, state }), columns);
}

function storedText({ profile, state }: Pick<AcceptedImport, 'profile' | 'state'>): string {
  const next = `crossover profiles show ${profile} shows it; crossover profiles remove ${profile} undoes the import.`;
  switch (state) {
    case 'new':
      return `Imported as ${profile}. ${next}`;
    case 'replaced':
      return `Imported as ${profile}, in place of the earlier import. ${next}`;
    case 'same':
      return `${profile} is there already, the very same. Nothing was changed.`;
  }
}
