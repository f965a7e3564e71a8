import { expect, test } from 'vitest';
import { LabError } from '#core/errors';
import { estimateMeter } from '../meters/estimate.ts';
import type { MeterMakers } from '../meters/here.ts';
import type { PowerSession } from '../meters/powerSession.ts';
import { previewMeter } from './meterPreview.ts';

const session = (changes: Partial<PowerSession>): PowerSession => ({
  offered: true,
  allowed: () => false,
  allow: () => Promise.resolve(),
  meter: () => undefined,
  stop: () => Promise.resolve(),
  ...changes,
});
const refused: MeterMakers = [
  [
    'powermetrics',
    () => Promise.reject(new LabError('meter-permission', 'It needs administrator rights.', 'Allow it.')),
  ],
];
const works: MeterMakers = [['powermetrics', () => Promise.resolve(estimateMeter(5))]];

test('powermetrics without rights can be allowed where the system has a dialog', async () => {
  expect(await previewMeter('powermetrics', session({}), { makers: refused })).toMatchObject({
    meterPermission: 'needed',
    check: { verdict: 'stop', message: 'It needs administrator rights.', todo: 'Allow it.' },
  });
  const elsewhere = await previewMeter('powermetrics', session({ offered: false }), { makers: refused });
  expect(elsewhere).not.toHaveProperty('meterPermission');
});

test('once it is allowed the preview says so', async () => {
  const given = await previewMeter('powermetrics', session({ allowed: () => true }), { makers: works });
  expect(given).toMatchObject({ meterPermission: 'given', check: { title: 'Meter' } });
});

test('nothing is asked for where it works by itself, or for another meter, or for auto', async () => {
  expect(await previewMeter('powermetrics', session({}), { makers: works })).not.toHaveProperty(
    'meterPermission',
  );
  const allowed = session({ allowed: () => true });
  expect(await previewMeter('estimate:5', allowed)).not.toHaveProperty('meterPermission');
  expect(await previewMeter('auto', session({}), { makers: refused })).not.toHaveProperty('meterPermission');
});

test('where none works, why each does not is told apart from that', async () => {
  const missing: MeterMakers = [
    ['rapl', () => Promise.reject(new LabError('meter-missing', 'It shows no counters.'))],
    ...refused,
  ];
  expect(await previewMeter('auto', session({}), { makers: missing })).toMatchObject({
    tried: [
      { kind: 'rapl', why: 'It shows no counters.' },
      { kind: 'powermetrics', why: 'It needs administrator rights.' },
    ],
    check: { verdict: 'stop', message: 'No meter works here.' },
  });
});
