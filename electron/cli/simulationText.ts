import { formatNumber, formatPercent, readoutText, timeReadout } from '#core/format';
import { systemLabels } from '#core/report';
import type { Simulation } from '#core/simulation/simulate';
import {
  carriedText,
  overloadText,
  policyWords,
  simulationNotes,
  simulationSentence,
  type Carried,
  type Labels,
} from '#core/simulation/words';
import type { StudyInputs } from '#core/study';
import type { Verdict } from '#core/verdict';
import { bullets, heading, paragraphs, table, wrap } from './text.ts';

/** The study whose policy was carried out, and why it is that policy. */
interface CarriedStudy {
  readonly inputs: StudyInputs;
  readonly carried: Carried;
  readonly verdict: Pick<Verdict, 'bestSingle'>;
}

/** A simulation, for people. */
export function simulationText(
  simulation: Simulation,
  { inputs, carried, verdict }: CarriedStudy,
  columns: number,
): string {
  const labels = systemLabels(inputs);
  return paragraphs(
    wrap(carriedText(simulation, labels, carried, verdict), columns),
    wrap(simulationSentence(simulation, labels), columns),
    queueTable(simulation, labels),
    `${heading('A year of it')}\n${yearTable(simulation, labels)}`,
    bullets(
      [
        ...simulation.policies.slice(1).flatMap((policy) => {
          const text = overloadText(policy, labels);
          return text === undefined ? [] : [{ mark: '!', text: `${policyWords(policy, labels)}: ${text}` }];
        }),
        ...simulationNotes(simulation, labels).map((text) => ({ mark: '·', text })),
      ],
      columns,
    ),
  );
}

const right = (title: string): { title: string; align: 'right' } => ({ title, align: 'right' });

function queueTable({ policies }: Simulation, labels: Labels): string {
  const time = (s: number | undefined): string => (s === undefined ? 'n/a' : readoutText(timeReadout(s)));
  return table(
    [
      { title: 'policy' },
      right(`busy ${labels.small}`),
      right(`busy ${labels.large}`),
      right('waits, mean'),
      right('95% interval'),
      right('95 of 100 within'),
      right('99 of 100 within'),
    ],
    policies.map((policy) => {
      const { waitS, responseS } = policy;
      const busy = (side: 'small' | 'large'): string =>
        policy[side].utilisation === null ? '–' : formatPercent(policy[side].utilisation);
      return [
        policyWords(policy, labels),
        busy('small'),
        busy('large'),
        time(waitS?.mean),
        waitS === null ? 'n/a' : `${time(waitS.interval95[0])} to ${time(waitS.interval95[1])}`,
        time(responseS?.p95),
        time(responseS?.p99),
      ];
    }),
  );
}

function yearTable({ policies }: Simulation, labels: Labels): string {
  const number = (value: number | null | undefined): string =>
    value === null || value === undefined ? 'n/a' : formatNumber(value, 4);
  return table(
    [
      { title: 'policy' },
      right('queries, kWh'),
      right('idle, kWh'),
      right('J a query'),
      right('kg CO2e'),
      right('idle kg CO2e'),
      right('electricity'),
      right('idle electricity'),
      right('devices'),
    ],
    policies.map((policy) => {
      const { year } = policy;
      return [
        policyWords(policy, labels),
        number(year?.activeKwh),
        number(year?.idleKwh),
        number(year?.perQueryJ),
        number(year?.activeCarbonKg),
        number(year?.idleCarbonKg),
        number(year?.activePrice),
        number(year?.idlePrice),
        number(year?.devicesPrice),
      ];
    }),
  );
}
