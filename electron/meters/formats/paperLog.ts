import type { TraceFacts, TraceReader, TraceSample } from '#core/traceReport';
import { lineSplitter, numberIn } from './lines.ts';

/**
 * The M1 Pro logs of the paper: event, elapsed ms, energy impact of the process and of all tasks, CPU mW, GPU mW;
 * older ones have a header. As its authors did, the CPU energy is the process's share of it, by energy impact.
 */
export function paperLogReader(): TraceReader {
  const facts: TraceFacts = {
    warnings: [
      {
        kind: 'process-share',
        message:
          "The CPU energy is the measured process's share of it by energy impact, as the authors count it.",
      },
    ],
  };
  const lines = lineSplitter();
  let nowS = 0;
  let unread = false;

  const readLine = (line: string, whole: boolean): TraceSample[] => {
    if (line.trim() === '' || line.startsWith('event,')) return [];
    const cells = line.split(',');
    // An event's name may have commas; the numbers may not.
    const numbers = cells.slice(-5).map(numberIn);
    const [elapsedMs, process, all, cpuMw, gpuMw] = numbers;
    if (
      cells.length < 6 ||
      elapsedMs === undefined ||
      process === undefined ||
      all === undefined ||
      cpuMw === undefined ||
      gpuMw === undefined
    ) {
      if (!whole)
        facts.warnings.push({ kind: 'cut-line', message: 'The last line is cut; it was left out.' });
      else if (!unread) {
        unread = true;
        facts.warnings.push({
          kind: 'unread-lines',
          message: `Lines of another form were left out, the first being "${line.slice(0, 60)}".`,
        });
      }
      return [];
    }
    const startS = nowS;
    nowS += elapsedMs / 1000;
    const gpu = (gpuMw * elapsedMs) / 1e6;
    return [
      {
        startS,
        endS: nowS,
        // Without any impact there is no share: the CPU's energy is then not known, which is not 0.
        energyJ: all > 0 ? { cpu: ((cpuMw * elapsedMs) / 1e6) * (process / all), gpu } : { gpu },
        event: cells.slice(0, -5).join(','),
      },
    ];
  };

  return {
    facts,
    push: (text) => lines.push(text).flatMap((line) => readLine(line, true)),
    end: () => readLine(lines.rest(), false),
  };
}
