import { describe, expect, test } from 'vitest';
import { errorData, exitCodeOf, fromWire, LabError, toWire } from './errors.ts';

const refuse = (error: unknown) => () => {
  throw error;
};

describe('the way between processes', () => {
  test('a value arrives as it was', async () => {
    const wire = await toWire(() => ({ threshold: 32 }));
    expect(fromWire(structuredClone(wire))).toEqual({ threshold: 32 });
  });

  test('a lab error arrives with its kind, message and hint', async () => {
    const sent = new LabError('bad-profile', 'The file is not a profile.', 'Mend it.');
    const wire = structuredClone(await toWire(refuse(sent)));
    expect(() => fromWire(wire)).toThrow(LabError);
    expect(() => fromWire(wire)).toThrow(
      expect.objectContaining({
        kind: 'bad-profile',
        message: 'The file is not a profile.',
        hint: 'Mend it.',
      }),
    );
  });

  test('a rejected promise travels like a thrown error', async () => {
    const wire = await toWire(() => Promise.reject(new LabError('missing', 'There is no meter.')));
    expect(wire).toEqual({ ok: false, error: { kind: 'missing', message: 'There is no meter.' } });
  });

  test('anything unknown becomes internal, with its reason', async () => {
    const wire = await toWire(refuse(new TypeError('x is undefined')));
    expect(wire).toMatchObject({ ok: false, error: { kind: 'internal' } });
    expect(errorData(new TypeError('x is undefined')).message).toContain('x is undefined');
    expect(errorData('just text').message).toContain('just text');
  });

  test('an error without a hint has no hint, not an empty one', () => {
    expect(errorData(new LabError('missing', 'There is no meter.'))).not.toHaveProperty('hint');
  });
});

test('exit codes are those of the command line: 1 internal, 2 usage, 3 input, 4 missing, 130 interrupted', () => {
  expect(exitCodeOf('internal')).toBe(1);
  expect(exitCodeOf('wrong-usage')).toBe(2);
  for (const kind of [
    'bad-profile',
    'bad-workload',
    'bad-setting',
    'unknown-profile',
    'incompatible',
  ] as const) {
    expect(exitCodeOf(kind)).toBe(3);
  }
  for (const kind of ['missing', 'database-in-use', 'database-read-only', 'disk-full'] as const) {
    expect(exitCodeOf(kind)).toBe(4);
  }
  expect(exitCodeOf('interrupted')).toBe(130);
});
