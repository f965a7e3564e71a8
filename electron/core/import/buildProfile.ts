import { railNames, type Cell, type Profile, type Rail } from '../profile.ts';
import { totalOf, type RailEnergy } from '../meter.ts';
import { leftOutNote } from '../trialValues.ts';
import type { Batches } from './batches.ts';
import { designOf, withSweeps } from './cells.ts';
import type { Device } from './devices.ts';
import type { Idle } from './idle.ts';
import { boundaryOf, modelOf, slug, systemOf } from './names.ts';
import { fact } from './facts.ts';
import { conditionsOf } from './conditions.ts';
import type { ImportFinding, Reading, SourceFacts } from './observation.ts';
import type { ImportOptions } from './options.ts';
import type { Selection } from './select.ts';

/** Everything that a profile is put together from. */
export interface ProfileParts {
  readonly readings: readonly Reading[];
  readonly options: ImportOptions;
  readonly selection: Selection;
  readonly batches: Batches;
  readonly idle: Idle;
  readonly cells: readonly Cell[];
  /** cells without the values of their trials because there are too many */
  readonly valuesLeftOut: number;
  readonly rails: readonly Rail[];
  readonly device: Device | undefined;
  readonly gpus: number;
  readonly dropped: readonly { readonly count: number; readonly reason: string }[];
  readonly stored: readonly Profile[];
}

const DESIGN_NAMES = { sweeps: 'two sweeps', grid: 'full grid', cells: 'own cells' } as const;

/** A short text that is the same for the same files, whatever their order. */
export function filesMark(readings: readonly Reading[]): string {
  const hashes = readings.map(({ file }) => file.sha256).sort();
  if (hashes.length === 1) return hashes[0]!.slice(0, 8);
  // FNV-1a: the hashes are random already, so that anything which mixes them serves.
  let mark = 0x811c9dc5;
  for (const letter of hashes.join()) mark = Math.imul(mark ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return mark.toString(16).padStart(8, '0');
}

/** The profile that would be stored, and what had to be assumed for it. */
export function buildProfile(
  names: { readonly system: string; readonly model: string },
  parts: ProfileParts,
): { profile: Profile; findings: ImportFinding[] } {
  const { readings, options, batches, idle, rails, stored } = parts;
  const findings: ImportFinding[] = [];
  const model = modelOf(
    names.model,
    stored.map((profile) => profile.model),
  );
  if (slug(model.name) !== slug(names.model)) {
    findings.push({
      kind: 'model-name',
      level: 'note',
      message: `The model "${names.model}" is taken as ${model.name}, under which the lab has it.`,
      todo: `Give it a name of its own (--model) if it is another.`,
    });
  }
  const system = systemOf(
    names.system,
    stored.map((profile) => profile.system),
    {
      hardware: options.hardware,
      otherwise: fact(readings, 'hardware') ?? parts.device?.name,
      place:
        options.place ??
        (parts.device === undefined ? undefined : parts.device.kind === 'soc' ? 'mac' : 'gpu'),
    },
  );
  const conditions = conditionsOf(readings, options);
  findings.push(...conditions.findings);
  const swept =
    options.design === undefined || options.design === 'sweeps' ? withSweeps(parts.cells) : undefined;
  const design = options.design ?? designOf(parts.cells);
  const cells = design === 'sweeps' ? swept : parts.cells;
  if (cells === undefined) {
    findings.push({
      kind: 'design',
      level: 'error',
      message:
        'The cells are no two sweeps: they do not lie on one length of input and one of output tokens.',
      todo: 'Leave the design to be found out, or say cells.',
    });
  }
  const id =
    options.id ?? [slug(names.system) || 'system', slug(model.id) || 'model', filesMark(readings)].join('.');
  const energyIs = fact(readings, 'energyIs');
  const estimate = energyIs === 'estimated' || energyIs === 'modelled';
  const boundary = boundaryOf(rails, system.place, options.boundary);
  const profile: Profile = {
    format: 'crossover-profile',
    version: 1,
    id,
    name:
      options.name ??
      `${system.label} · ${model.name} · ${DESIGN_NAMES[design]}, imported${estimate ? ' · estimate' : ''}`,
    system,
    model,
    design,
    estimate,
    conditions: {
      engine: conditions.engine,
      precision: conditions.precision,
      kvCache: conditions.kvCache,
      batch: batches.batch,
      gpus: parts.gpus,
      ...(batches.recorded === undefined || batches.recorded === batches.batch
        ? {}
        : { recordedBatch: batches.recorded }),
    },
    rails: [...rails],
    ...idleOf(idle, rails),
    boundary,
    boundaryNote: boundaryNote(rails, idle.mode, energyIs),
    source: {
      title:
        fact(readings, 'title') ??
        `Imported from ${readings.map(({ file }) => file.name).join(', ')}`.slice(0, 300),
      authors: fact(readings, 'authors') ?? 'not stated',
      note: sourceNote(readings),
    },
    notes: [...conditions.notes, ...notesOf(parts)],
    cells: [...(cells ?? parts.cells)],
  };
  return { profile, findings };
}

function idleOf(idle: Idle, rails: readonly Rail[]): Pick<Profile, 'idleW'> {
  if (idle.mode === 'subtract') return {};
  const idleW: RailEnergy = {};
  for (const rail of rails) if (idle.idleW[rail] !== undefined) idleW[rail] = idle.idleW[rail];
  return totalOf(idleW) === undefined ? {} : { idleW };
}

function boundaryNote(rails: readonly Rail[], idle: Idle['mode'], energyIs: SourceFacts['energyIs']): string {
  const what = `Energy of ${railNames(rails)}, as the source has it`;
  const gross =
    idle === 'subtract'
      ? 'without the idle energy, which was taken away when it was imported'
      : 'gross: what the machine draws when idle is part of it, unless the source took it away';
  const origin =
    energyIs === 'modelled'
      ? ' It was computed from a mean, and not measured per query.'
      : energyIs === 'estimated'
        ? ' It is an estimate, and not measured.'
        : '';
  return `${what}, ${gross}.${origin}`;
}

function sourceNote(readings: readonly Reading[]): string {
  const shown = readings
    .slice(0, 20)
    .map(({ file, format }) => `${file.name} (${format.name}, SHA-256 ${file.sha256})`);
  const more = readings.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
}

function notesOf({ readings, options, selection, batches, dropped, valuesLeftOut }: ProfileParts): string[] {
  const notes: string[] = [];
  if (batches.recorded !== undefined && batches.recorded !== batches.batch) {
    notes.push(`The source records a batch size of ${batches.recorded}, but each row is one query.`);
  } else if (batches.mode === 'divide') {
    notes.push(`Energies of whole batches were divided by the batch size, up to ${batches.batch}.`);
  }
  if (selection.warmUp !== 'none') {
    notes.push(
      selection.warmUp === 'first'
        ? 'The first row of each cell is left out as a warm-up.'
        : 'Iteration 0 is left out as a warm-up.',
    );
  }
  const left = dropped.slice(0, 12).map(({ count, reason }) => `${count} × ${reason}`);
  if (left.length > 0)
    notes.push(`Rows left out: ${left.join('; ')}${dropped.length > left.length ? '; and more' : ''}.`);
  if (valuesLeftOut > 0) notes.push(leftOutNote(valuesLeftOut));
  const licence = options.licence ?? fact(readings, 'licence');
  if (licence !== undefined) notes.push(`Licence of the data: ${licence}.`);
  if (options.note !== undefined && options.note.trim() !== '') notes.push(options.note.trim());
  return notes;
}
