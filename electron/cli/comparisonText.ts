import type { ComparedPolicy, StudyComparison } from '#core/compareStudies';
import { formatNumber, formatPercent } from '#core/format';
import { bullets, facts, heading, paragraphs, table, wrap } from './text.ts';

/** Two studies side by side, for people. */
export function comparisonText(found: StudyComparison, columns: number): string {
  const { studies, settings, inputs, policies, verdict, sameCost } = found;
  const said = (value: unknown): string =>
    value === null ? 'not said' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return paragraphs(
    heading(`${studies.a.id} and ${studies.b.id}`),
    facts(
      [
        ['a', studies.a.title],
        ['b', studies.b.title],
      ],
      columns,
    ),
    settings.length + inputs.length === 0
      ? 'Both have the same settings and the same inputs.'
      : table(
          [{ title: 'differs' }, { title: 'a' }, { title: 'b' }],
          [
            ...inputs.map(({ input, a, b }) => [
              input,
              ...(a.id === b.id
                ? [`${a.id} (${a.hash.slice(0, 8)})`, `${b.id} (${b.hash.slice(0, 8)})`]
                : [a.id, b.id]),
            ]),
            ...settings.map(({ setting, a, b }) => [setting, said(a), said(b)]),
          ],
        ),
    table(
      [
        { title: 'policy' },
        { title: 'T in a', align: 'right' },
        { title: 'T in b', align: 'right' },
        { title: 'kWh in a', align: 'right' },
        { title: 'kWh in b', align: 'right' },
        { title: 'change', align: 'right' },
        { title: 'runtime', align: 'right' },
      ],
      policies.map(({ policy, a, b, energyChange, runtimeChange }) => [
        policy,
        thresholdOf(a),
        thresholdOf(b),
        energyOf(a),
        energyOf(b),
        changeText(energyChange),
        changeText(runtimeChange),
      ]),
    ),
    sameCost ? '' : wrap('The costs are not in the same units; energies and runtimes are.', columns),
    verdict.same
      ? wrap(`Both say the same: ${verdict.a.text}`, columns)
      : `${wrap(`a: ${verdict.a.text}`, columns)}\n${wrap(`b: ${verdict.b.text}`, columns)}`,
    restsOn('a', found.assumptions.a, columns),
    restsOn('b', found.assumptions.b, columns),
  );
}

function restsOn(which: string, sentences: readonly string[], columns: number): string {
  if (sentences.length === 0) return '';
  return `Only ${which} rests on this:\n${bullets(
    sentences.map((text) => ({ mark: '·', text })),
    columns,
  )}`;
}

function thresholdOf(policy: ComparedPolicy | null): string {
  if (policy === null || policy.threshold === null) return '–';
  if (policy.policy === 'threshold-in' || policy.policy === 'threshold-out') return String(policy.threshold);
  return policy.product === undefined
    ? `${policy.threshold},${policy.outputThreshold}`
    : `mn≤${policy.product}`;
}

function energyOf(policy: ComparedPolicy | null): string {
  return policy === null ? 'n/a' : formatNumber(policy.energyJ / 3.6e6, 6);
}

function changeText(change: number | null): string {
  if (change === null) return 'n/a';
  return `${change > 0 ? '+' : ''}${formatPercent(change, 2)}`;
}
