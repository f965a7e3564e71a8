import { boundaryName } from '#core/assumptions';
import { summariseProfile, type StoredProfile } from '#core/catalogue';
import { formatCount, formatNumber } from '#core/format';
import { ODD_TODO, oddCells } from '#core/oddCells';
import { cellAboveIdle, fitLinear, RAILS, readCell, type Cell, type Profile } from '#core/profile';
import type { Fit } from '#core/statistics';
import { trialsWords } from '#core/trialValues';
import { bullets, facts, heading, paragraphs, table } from './text.ts';

/** `profiles show --json`: energies in J, runtimes in s; what was not recorded is null. */
export function profileDocument({ profile, kind, contentHash }: StoredProfile): object {
  const { conditions, boundaryNote, notes } = profile;
  return {
    ...summariseProfile(profile, kind),
    contentHash,
    conditions,
    boundaryNote,
    idleW: profile.idleW ?? null,
    notes,
    systemDetails: profile.system,
    modelDetails: profile.model,
    sourceDetails: profile.source,
    models: { linear: fitLinear(profile) ?? null },
    oddCells: oddCells(profile).map(({ cell: { m, n }, reasons }) => ({ m, n, reasons })),
    cells: profile.cells.map((cell) => ({
      ...cell,
      sweep: cell.sweep ?? null,
      tokensMean: cell.tokensMean ?? null,
      sdEnergyJ: cell.sdEnergyJ ?? null,
      aboveIdleJ: cell.aboveIdleJ ?? null,
      sdAboveIdleJ: cell.sdAboveIdleJ ?? null,
      sdRuntimeS: cell.sdRuntimeS ?? null,
      trialValues: cell.trialValues ?? null,
      published: cell.published ?? null,
      doubt: cell.doubt ?? null,
    })),
  };
}

/** `profiles show` for people. */
export function profileText({ profile, kind }: StoredProfile, columns: number): string {
  const { system, model, conditions, source, rails, boundary } = profile;
  const where = [
    source.doi && `doi ${source.doi}`,
    source.arxiv && `arXiv ${source.arxiv}`,
    source.repository,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
  const idle = idleText(profile);
  const odd = oddCells(profile);
  const doubts = profile.cells.filter((cell) => cell.doubt !== undefined);
  return paragraphs(
    heading(profile.name),
    facts(
      [
        ['id', `${profile.id} (${kind})`],
        ['system', `${system.name}: ${system.hardware}`],
        ['model', `${model.name}, ${conditions.precision}`],
        [
          'conditions',
          `${conditions.engine}, KV cache ${conditions.kvCache ? 'on' : 'off'}, batch ${conditions.batch}` +
            (conditions.gpus > 0 ? `, ${conditions.gpus} GPU${conditions.gpus > 1 ? 's' : ''}` : ''),
        ],
        ['energy', `${rails.join(' + ')} (${boundaryName(boundary)}). ${profile.boundaryNote}`],
        ...(idle === undefined ? [] : [['idle', idle] as const]),
        ['trials', trialsWords(profile.cells)],
        ['source', `${source.authors}: ${source.title}${where === '' ? '' : ` (${where})`}`],
      ],
      columns,
    ),
    cellTable(profile),
    doubts.length === 0
      ? ''
      : bullets(
          doubts.map((cell) => ({ mark: '!', text: `m = ${cell.m}, n = ${cell.n}: ${cell.doubt}` })),
          columns,
        ),
    odd.length === 0
      ? ''
      : bullets(
          odd.map(({ cell, reasons }) => ({
            mark: '!',
            text: `m = ${cell.m}, n = ${cell.n} is far off the other cells. ${reasons.join(' ')} ${ODD_TODO}`,
          })),
          columns,
        ),
    linearText(profile),
    bullets(
      profile.notes.map((text) => ({ mark: '·', text })),
      columns,
    ),
  );
}

/** The idle power by rail; undefined where it is not known. */
function idleText({ idleW }: Profile): string | undefined {
  const known = RAILS.filter((rail) => idleW?.[rail] !== undefined);
  if (known.length === 0) return undefined;
  return `${known.map((rail) => `${rail} ${formatNumber(idleW![rail]!)} W`).join(', ')}: it is part of the gross energy, not of that above idle`;
}

function cellTable(profile: Profile): string {
  const sweeps = profile.design === 'sweeps';
  const aboveIdle = profile.cells.some((cell) => cellAboveIdle(cell) !== undefined);
  const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });
  return table(
    [
      ...(sweeps ? [{ title: 'sweep' }] : []),
      right('m'),
      right('n'),
      right('trials'),
      right('energy, J'),
      right('± sd'),
      ...(aboveIdle ? [right('above idle, J')] : []),
      right('J/token'),
      right('runtime, s'),
      right('± sd'),
      right('power, W'),
    ],
    profile.cells.map((cell) => [...(sweeps ? [cell.sweep ?? ''] : []), ...cellRow(cell, aboveIdle)]),
  );
}

function cellRow(cell: Cell, withAboveIdle: boolean): string[] {
  const spread = (sd: number | undefined): string => (sd === undefined ? '–' : formatNumber(sd, 2));
  const aboveIdle = cellAboveIdle(cell);
  return [
    String(cell.m),
    String(cell.n),
    formatCount(cell.trials),
    formatNumber(cell.energyJ.total, 4) + (cell.doubt === undefined ? '' : ' !'),
    spread(cell.sdEnergyJ),
    ...(withAboveIdle ? [aboveIdle === undefined ? 'n/a' : formatNumber(aboveIdle, 4)] : []),
    formatNumber(readCell(cell, 'energyPerToken').mean),
    formatNumber(cell.runtimeS, 4),
    spread(cell.sdRuntimeS),
    formatNumber(readCell(cell, 'power').mean),
  ];
}

function linearText(profile: Profile): string {
  const linear = fitLinear(profile);
  if (linear === undefined) return 'Linear model: too few cells to fit one.';
  const line = (name: string, unit: string, { coefficients, r2 }: Fit): string => {
    const [m, n, mn] = coefficients.map((value) => formatNumber(value, 4));
    return `  ${name} = ${m} m + ${n} n + ${mn} m·n   ${unit}   (R² ${formatNumber(r2, 4)})`.replaceAll(
      '+ −',
      '− ',
    );
  };
  return [
    'Linear model (least squares through the origin, cells weighted by their trials):',
    line('E', 'J', linear.energy),
    line('R', 's', linear.runtime),
  ].join('\n');
}
