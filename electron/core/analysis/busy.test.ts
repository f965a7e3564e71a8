import { expect, test } from 'vitest';
import { busyOf } from './busy.ts';

test('devices are busy for the time of their queries over the time in which these come', () => {
  // 30 queries of 2 s, one a second: two devices always busy, of four the half.
  expect(busyOf(60, 30, 4)).toEqual({ busy: 2, utilisation: 0.5 });
  expect(busyOf(60, 30, 1)).toEqual({ busy: 2, utilisation: 2 });
  expect(busyOf(0, 30, 2)).toEqual({ busy: 0, utilisation: 0 });
  expect(busyOf(60, 30, 0)).toEqual({ busy: 2, utilisation: null });
});
