import { expect, test } from 'vitest';
import { madeRun } from '../test/madeRun.ts';
import { labErrorOf } from '../test/thrown.ts';
import { refuseOther } from './refuseOther.ts';

const GPU = { name: 'NVIDIA A100-SXM4-80GB', driver: '535.1' };
const before = madeRun();
const { engine, environment } = before;

test('a run goes on where it began, also with a newer system, a new port or more threads', () => {
  refuseOther(before, before);
  refuseOther(
    madeRun({ engine: { ...engine, kind: 'openai', device: 'http://a:1' } }),
    madeRun({
      engine: { ...engine, kind: 'openai', device: 'http://b:2' },
      environment: { ...environment, os: 'macOS 16' },
    }),
  );
  refuseOther(
    madeRun({ engine: { ...engine, device: 'CPU, 1 thread' } }),
    madeRun({ engine: { ...engine, device: 'CPU, 3 threads' } }),
  );
});

test('it does not go on on a node with other GPUs, which a cluster may have', () => {
  const error = labErrorOf(() =>
    refuseOther(
      madeRun({ environment: { ...environment, gpus: [GPU, GPU] } }),
      madeRun({ environment: { ...environment, gpus: [{ name: 'Tesla V100-SXM2-32GB' }] } }),
    ),
  );
  expect(error.kind).toBe('incompatible');
  expect(error.message).toContain(
    '(before, now): the GPUs: 2 × NVIDIA A100-SXM4-80GB, Tesla V100-SXM2-32GB. Its trials are kept.',
  );
});

test('nor on the CPU where it began on a GPU', () => {
  const now = madeRun({ engine: { ...engine, device: 'CPU, 4 threads' } });
  expect(labErrorOf(() => refuseOther(before, now)).message).toContain('the device: Metal, CPU');
});
