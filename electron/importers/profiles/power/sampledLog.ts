import { LabError } from '#core/errors';
import type { SourceClock, SourceFile } from '#core/import/observation';
import { powerSteps, spanEnergy } from '#core/import/spanEnergy';
import type { EnergySample } from '#core/meter';
import type { Rail } from '#core/profile';
import { reportTrace, type TraceFacts, type TraceSample } from '#core/traceReport';
import type { PowerLog } from '../importFormat.ts';
import { sampleStore } from './sampleStore.ts';

/** One reading of a log from its start: its samples in portions, and what it says beside them when they are over. */
export interface LogPass {
  readonly facts: TraceFacts;
  readonly portions: AsyncIterable<readonly TraceSample[]>;
}

/** Times that are s since 1970, from 2001 to 2100; smaller ones count from elsewhere. */
const SINCE_1970_S = [978_307_200, 4_102_444_800] as const;
const EPOCH_SLACK_S = 5;

/**
 * A power log of anything that can be read from its start again and again. Its samples stay in memory up to a limit;
 * of longer logs the shape stays, and each `integrate` reads them anew.
 * @param read begins a pass; it stops when the signal says so, by throwing
 * @param addUp the rails of a log that may be added up
 * @throws LabError "bad-trace" when it has no sample with a length; whatever `read` throws
 */
export async function sampledLog(
  file: SourceFile,
  format: { readonly id: string; readonly name: string },
  read: (signal: AbortSignal) => LogPass,
  { signal, addUp, most }: { signal: AbortSignal; addUp: (rails: readonly Rail[]) => Rail[]; most?: number },
): Promise<PowerLog> {
  const store = sampleStore(most);
  const sums = reportTrace(format.id);
  let span: { startS: number; endS: number } | undefined;
  const { facts, portions } = read(signal);
  for await (const samples of portions) {
    for (const sample of samples) {
      sums.add(sample);
      if (!(sample.endS > sample.startS)) continue;
      store.add(sample);
      span ??= { startS: sample.startS, endS: sample.endS };
      if (sample.endS > span.endS) span.endS = sample.endS;
    }
  }
  const report = sums.report(facts);
  if (span === undefined) throw noEnergy(file.name, format.name, report.samples > 0);
  const rails = addUp(Object.keys(report.rails) as Rail[]);
  const { clock, originS } = clockOf(facts, span.startS);
  return {
    file,
    format,
    report,
    clock,
    originS,
    span,
    rails,
    integrate: async (spans, stop) => {
      const energies = spanEnergy(spans, rails);
      if (store.exact) for (const sample of store.samples()) energies.add(sample);
      else for await (const samples of read(stop).portions) samples.forEach(energies.add);
      return energies.result();
    },
    series: (points, part) => Promise.resolve(powerSteps(within(store.samples(), part), part, points, rails)),
  };
}

/** The error of a log of a known form that has no energy. */
export function noEnergy(name: string, format: string, oneReading: boolean): LabError {
  return new LabError(
    'bad-trace',
    oneReading
      ? `${name} is a power log (${format}) with one reading alone, which is no energy of any time.`
      : `${name} looks like a power log (${format}), but has no complete sample.`,
    'Nothing was read from it. Check that it was written to its end.',
  );
}

function* within(samples: Iterable<EnergySample>, part: { startS: number; endS: number }) {
  for (const sample of samples) if (sample.endS > part.startS && sample.startS < part.endS) yield sample;
}

/** The clock that a log tells, or that its times show. */
function clockOf(facts: TraceFacts, firstS: number): { clock: SourceClock; originS: number } {
  if (facts.clock !== undefined) {
    const { originS, kind, slackS } = facts.clock;
    return { clock: { kind, slackS }, originS };
  }
  const dated = firstS > SINCE_1970_S[0] && firstS < SINCE_1970_S[1];
  return { clock: dated ? { kind: 'utc', slackS: EPOCH_SLACK_S } : { kind: 'own', slackS: 0 }, originS: 0 };
}
