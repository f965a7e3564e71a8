import { describe, expect, test } from 'vitest';
import type { UnderstoodWorkloadColumn, WorkloadRole } from '#core/workloadImport/columns';
import { mappingWith, rolesNow } from './workloadRoles.ts';

const columns = (roles: Readonly<Record<string, WorkloadRole>>): UnderstoodWorkloadColumn[] =>
  Object.entries(roles).map(([name, role]) => ({ name, role, holds: 'numbers', examples: [] }));

describe('a column with another role', () => {
  const trace = columns({ t: 'arrival', a: 'input', b: 'output', c: 'unused' });

  test('is one more input beside the others', () => {
    expect(mappingWith(trace, 'c', 'input')).toEqual({ input: ['a', 'c'], output: 'b', arrival: 't' });
  });

  test('takes the place of the one that had a role of which there is one only', () => {
    expect(mappingWith(trace, 'c', 'output')).toEqual({ input: ['a'], output: 'c', arrival: 't' });
    expect(mappingWith(trace, 'a', 'output')).toEqual({ output: 'a', arrival: 't' });
    expect(mappingWith(trace, 'c', 'count')).toEqual({ input: ['a'], output: 'b', count: 'c', arrival: 't' });
  });

  test('that is not used any more leaves the others; arrival times that are not wanted are said to be so', () => {
    expect(mappingWith(trace, 't', 'unused')).toEqual({ input: ['a'], output: 'b', arrival: null });
  });

  test('is a conversation instead of input and output, or the other way round', () => {
    expect(mappingWith(trace, 'c', 'messages')).toEqual({ input: ['c'], arrival: 't' });
    const chat = columns({ talk: 'messages', question: 'unused', answer: 'unused' });
    expect(mappingWith(chat, 'question', 'input')).toEqual({ input: ['question'], arrival: null });
  });
});

describe('roles that were said', () => {
  const odd = columns({ a: 'unused', b: 'unused', c: 'unused' });

  test('hold at once, before the next answer, and add up', () => {
    const first = mappingWith(rolesNow(odd, {}), 'a', 'input');
    expect(rolesNow(odd, first).map(({ role }) => role)).toEqual(['input', 'unused', 'unused']);
    const second = mappingWith(rolesNow(odd, first), 'b', 'output');
    expect(second).toEqual({ input: ['a'], output: 'b', arrival: null });
    expect(rolesNow(odd, second).map(({ role }) => role)).toEqual(['input', 'output', 'unused']);
  });

  test('are those that were understood where nothing was said', () => {
    const trace = columns({ t: 'arrival', a: 'input', b: 'output' });
    expect(rolesNow(trace, {})).toEqual(trace);
  });

  test('of a column with conversations are one role', () => {
    const chat = columns({ talk: 'unused' }).map((column) => ({ ...column, holds: 'messages' as const }));
    expect(rolesNow(chat, mappingWith(chat, 'talk', 'messages'))[0]!.role).toBe('messages');
  });
});
