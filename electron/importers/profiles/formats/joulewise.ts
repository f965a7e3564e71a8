import type { Observation } from '#core/import/observation';
import type { ImportOptions } from '#core/import/options';
import {
  at,
  fieldsOf,
  filled,
  looksLike,
  note,
  numberAt,
  stated,
  textAt,
  textFormat,
  withStated,
  type Fields,
  type Parsed,
} from './parsed.ts';

const CLOCK_SLACK_S = 2;

/**
 * The phases of a run as JouleWise logs them: a line an event, `timestamp_s, event_type (phase_start, phase_end),
 * phase (tokenize, generation_setup, prefill, decode), metadata.{prompt_tokens,emitted_tokens}` (mpmdw/JouleWise). It
 * has no energy; the power trace of the same run belongs to it.
 */
export const joulewise = textFormat({
  id: 'joulewise-events',
  name: 'JouleWise, events of phases',
  looks: looksLike(/^\s*\{[^\n]*"timestamp_s"\s*:[^\n]*"event_type"\s*:[^\n]*"phase"\s*:/),
  parse: parseEvents,
});

interface Run {
  readonly row: number;
  startS?: number | undefined;
  prefillS?: number | undefined;
  firstS?: number | undefined;
  m?: number | undefined;
}

function parseEvents(text: string, _name: string, options: ImportOptions): Parsed {
  const observations: Observation[] = [];
  let unread = 0;
  let run: Run | undefined;
  text.split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === '') return;
    let event: Fields;
    try {
      event = fieldsOf(JSON.parse(line));
    } catch {
      unread += 1;
      return;
    }
    const atS = numberAt(event, 'timestamp_s');
    const what = `${textAt(event, 'event_type')} ${textAt(event, 'phase')}`;
    const metadata = fieldsOf(at(event, 'metadata'));
    if (what.startsWith('phase_start ')) run ??= { row: index + 1, startS: atS };
    if (run === undefined) return;
    run.m = numberAt(metadata, 'prompt_tokens') ?? run.m;
    if (what === 'phase_start prefill') run.prefillS = atS;
    if (what === 'phase_end prefill') run.firstS = atS;
    if (what !== 'phase_end decode') return;
    const { row, startS, prefillS, firstS, m } = run;
    observations.push(
      withStated(
        {
          row,
          trials: 1,
          energyJ: {},
          ...filled({
            m,
            n: numberAt(metadata, 'emitted_tokens'),
            startS,
            endS: atS,
            runtimeS: startS === undefined || atS === undefined ? undefined : atS - startS,
            firstTokenS: prefillS === undefined || firstS === undefined ? undefined : firstS - prefillS,
          }),
        },
        options,
      ),
    );
    run = undefined;
  });
  return {
    columns: [
      stated(
        'timestamp_s',
        'start-time',
        's',
        observations.slice(0, 3).map(({ startS }) => startS),
      ),
      stated(
        'metadata.prompt_tokens',
        'input-tokens',
        'token',
        observations.slice(0, 3).map(({ m }) => m),
      ),
      stated(
        'metadata.emitted_tokens',
        'output-tokens',
        'token',
        observations.slice(0, 3).map(({ n }) => n),
      ),
    ],
    observations,
    dropped: unread > 0 ? [{ count: unread, reason: 'no JSON' }] : [],
    findings: run === undefined ? [] : [note('unfinished', 'The last run has no end, so it is left out.')],
    facts: {},
    clock: { kind: 'utc', slackS: CLOCK_SLACK_S },
  };
}
