/** What a report says of a policy that the user settled on, which is neither the best nor what the verdict rule proposes. */
import { describe, expect, test } from 'vitest';
import { bundledProfile, bundledWorkload } from '../test/bundled.ts';
import { buildReport, type ReportDocument } from './report.ts';
import { thresholdFigure } from './reportFigures.ts';
import { reportReadouts } from './reportReadouts.ts';
import { sensitivityTables } from './reportSensitivity.ts';
import { policyTables } from './reportTables.ts';
import { analyse, parseSettings, studyTitle, type StudyInputs } from './study.ts';

const inputs: StudyInputs = {
  small: bundledProfile('m1-pro.llama-2-7b.sweeps'),
  large: bundledProfile('swing-a100.llama-2-7b.sweeps'),
  workload: bundledWorkload('alpaca-davinci'),
};

function report(settings: object): ReportDocument {
  const parsed = parseSettings({
    small: inputs.small.id,
    large: inputs.large.id,
    workload: inputs.workload.id,
    energyModel: 'grid',
    thresholds: 'every-integer',
    policy: 'all',
    ...settings,
  });
  return buildReport({
    study: {
      id: 'a-study',
      settings: parsed,
      hashes: { small: 'aa', large: 'bb', workload: 'cc' },
      result: analyse(parsed, inputs),
    },
    inputs,
    title: studyTitle(inputs),
    versions: { crossover: '1.2.3' },
    command: 'crossover analyze',
  });
}

/** The names of the rows in bold, of each table. */
const bold = (made: ReportDocument): string[][] =>
  policyTables(made).map(({ text }) =>
    [...text.matchAll(/<tr class="chosen"><th scope="row">(.*?)<\/th>/g)].map(([, name]) =>
      name!.replace(/<[^>]+>/g, ''),
    ),
  );

describe('the dearer single system', () => {
  const made = report({ chosen: { policy: 'small' } });
  const of = (policy: string) => made.policies.find((each) => each.policy === policy)!;

  test('its own figures stand beside the verdict, not those of the better one', () => {
    const [saving, energy, runtime] = reportReadouts(made);
    expect(made.verdict.bestSingle).toBe('large');
    expect(saving).toMatchObject({
      number: '−18.7',
      what: 'of the energy saved against the A100 (Swing) alone',
    });
    expect(Number(energy!.number) * 3.6e6).toBeCloseTo(of('small').energyJ, -4);
    expect(energy!.what).toMatch(/^on the M1 Pro alone; .* on the A100 \(Swing\)$/);
    expect(runtime!.number.startsWith('+')).toBe(true);
    expect(runtime!.what).toBe('mean runtime of a query on the M1 Pro alone, against the A100 (Swing)');
  });

  test('it alone is in bold', () => expect(bold(made)).toEqual([['M1 Pro alone'], ['M1 Pro alone']]));
});

describe('the better single system', () => {
  test('saves nothing against itself, and is no threshold', () => {
    const [saving] = reportReadouts(report({ chosen: { policy: 'large' } }));
    expect(saving).toMatchObject({
      number: '0.0',
      what: 'of the energy saved: it is the better single system itself',
    });
  });
});

describe('a threshold that is not the best', () => {
  const made = report({ chosen: { policy: 'threshold-in', threshold: 64 } });

  test('it alone is in bold, and not the best of its kind', () => {
    expect(bold(made)).toEqual([['input tokens ≤ 64'], ['input tokens ≤ 64']]);
  });

  test('what it saves is not said of the best threshold', () => {
    const [first] = sensitivityTables(made);
    expect(first!.note).toContain('the policy that was settled on saves −');
    expect(first!.note).not.toContain('the best threshold');
    expect(sensitivityTables(report({}))[0]!.note).toContain('the best threshold saves 3.36%');
  });

  test('the least of the figure is not called other than the best policy', () => {
    const figure = (settings: object): string => thresholdFigure(report(settings)).text;
    expect(figure({ chosen: { policy: 'threshold-in', threshold: 64 } })).toContain('not what was chosen');
    expect(figure({})).toContain('not the best policy');
    expect(figure({ policy: 'threshold-in' })).toContain('not useful');
  });
});

test('two thresholds on input tokens alike, with other limits on outputs, are two policies', () => {
  const best = report({}).policies.find(({ policy }) => policy === 'threshold-both')!;
  const made = report({
    chosen: {
      policy: 'threshold-both',
      threshold: best.threshold,
      outputThreshold: best.outputThreshold! + 50,
    },
  });
  const chosen = made.policies.find((policy) => policy.chosen)!;
  expect(chosen.energyJ).not.toBe(best.energyJ);
  expect(bold(made)[0]).toEqual([
    `input tokens ≤ ${best.threshold} and output tokens ≤ ${best.outputThreshold! + 50}`,
  ]);
  const [, energy] = reportReadouts(made);
  expect(Number(energy!.number) * 3.6e6).toBeCloseTo(chosen.energyJ, -4);
});
