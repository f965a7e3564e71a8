import type { RailEnergy } from '#core/meter';
import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { cellsOf, lineSplitter, numberIn } from './lines.ts';
import { spansOf } from './readings.ts';
import { midnightOf, timeOfDay } from './wallTime.ts';

/** The logger's clock and that of the requests may be apart by this, s, beside the zone. */
const CLOCK_SLACK_S = 5;

/** AMD uProf's timechart: what was asked for, a table of counters, then one line a reading. */
export function uprofReader(): TraceReader {
  const facts: TraceFacts = { warnings: [] };
  const lines = lineSplitter();
  const spans = spansOf(facts);
  const clock = timeOfDay();
  let columns: readonly string[] | undefined;

  const readLine = (line: string, whole: boolean): TraceSample[] => {
    if (columns === undefined) {
      const asked = /^Sampling Interval:,\s*(\d+(?:\.\d+)?)\s*milli/.exec(line);
      if (asked !== null) facts.requestedS = Number(asked[1]) / 1000;
      const midnightS = midnightOf(/^Profile Start Time:,\s*([^,]+)/.exec(line)?.[1] ?? '');
      if (midnightS !== undefined) facts.clock = { originS: midnightS, kind: 'local', slackS: CLOCK_SLACK_S };
      if (/^RecordId,/.test(line)) columns = cellsOf(line);
      return [];
    }
    const cells = cellsOf(line);
    const atS = clock(cells[1] ?? '');
    if (atS === undefined || cells.length < columns.length) {
      if (!whole && line.trim() !== '')
        facts.warnings.push({ kind: 'cut-line', message: 'The last line is cut; it was left out.' });
      return [];
    }
    const powerW: RailEnergy = {};
    columns.forEach((column, index) => {
      const rail = /^socket\d+-package-power/.test(column)
        ? 'package'
        : /^core\d+-power/.test(column)
          ? 'cpu'
          : undefined;
      const power = numberIn(cells[index]);
      if (rail !== undefined && power !== undefined) powerW[rail] = (powerW[rail] ?? 0) + power;
    });
    return spans.push({ atS, powerW });
  };

  return {
    facts,
    push: (text) => lines.push(text).flatMap((line) => readLine(line, true)),
    end: () => {
      const samples = readLine(lines.rest(), false);
      spans.end();
      return samples;
    },
  };
}
