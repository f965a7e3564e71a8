import type { UnderstoodWorkloadColumn, WorkloadRole } from '#core/workloadImport/columns';
import type { WorkloadRequest } from '#core/workloadImport/request';

type Mapping = Pick<WorkloadRequest, 'input' | 'output' | 'count' | 'arrival'>;

/** Roles that one column alone can have. */
const SINGLE: readonly WorkloadRole[] = ['output', 'count', 'arrival', 'messages'];

/**
 * What a request says of the columns when one of them is given another role: the others keep theirs, but for one that
 * had this role before, or that a conversation takes the place of.
 */
export function mappingWith(
  columns: readonly UnderstoodWorkloadColumn[],
  name: string,
  role: WorkloadRole,
): Mapping {
  const roles = columns.map((column): readonly [string, WorkloadRole] => {
    if (column.name === name) return [name, role];
    if (SINGLE.includes(role) && column.role === role) return [column.name, 'unused'];
    const replaced =
      (role === 'messages' && (column.role === 'input' || column.role === 'output')) ||
      ((role === 'input' || role === 'output') && column.role === 'messages');
    return [column.name, replaced ? 'unused' : column.role];
  });
  const named = (wanted: WorkloadRole): string[] =>
    roles.filter(([, each]) => each === wanted).map(([column]) => column);
  const [messages] = named('messages');
  const [arrival] = named('arrival');
  const [output] = named('output');
  const [count] = named('count');
  const input = messages === undefined ? named('input') : [messages];
  return {
    ...(input.length === 0 ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(count === undefined ? {} : { count }),
    arrival: arrival ?? null,
  };
}
