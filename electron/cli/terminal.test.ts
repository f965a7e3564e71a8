import { expect, test } from 'vitest';
import { processTerminal } from './terminal.ts';

test.each(['SIGINT', 'SIGTERM'] as const)('%s is heard while a command runs, and not after it', (signal) => {
  const before = process.listenerCount(signal);
  const terminal = processTerminal();
  expect(terminal.interrupted.aborted).toBe(false);
  process.emit(signal);
  expect(terminal.interrupted.aborted).toBe(true);
  terminal.close();
  const another = processTerminal();
  another.close();
  expect(process.listenerCount(signal)).toBe(before);
});

test('being told to end several times is being told once', () => {
  const terminal = processTerminal();
  const before = process.listenerCount('SIGTERM');
  process.emit('SIGTERM');
  expect(process.listenerCount('SIGTERM')).toBe(before);
  terminal.close();
});

test('lines are as wide as the terminal, within reason', () => {
  const terminal = processTerminal();
  terminal.close();
  expect(terminal.columns).toBeGreaterThanOrEqual(72);
  expect(terminal.columns).toBeLessThanOrEqual(100);
});
