import type { UnderstoodWorkloadColumn, WorkloadRole } from '#core/workloadImport/columns';
import type { WorkloadRequest } from '#core/workloadImport/request';

type Mapping = Pick<WorkloadRequest, 'input' | 'output' | 'count' | 'arrival'>;

/** The columns with the roles that they have by now: as the user says, where it was said, else as understood. */
export function rolesNow(
  columns: readonly UnderstoodWorkloadColumn[],
  said: Mapping,
): UnderstoodWorkloadColumn[] {
  // A mapping of the window says of the arrival times, too, whether they are wanted.
  if (said.arrival === undefined) return [...columns];
  const roleOf = ({ name, holds }: UnderstoodWorkloadColumn): WorkloadRole => {
    if (said.input?.includes(name)) return holds === 'messages' ? 'messages' : 'input';
    if (said.output === name) return 'output';
    if (said.count === name) return 'count';
    return said.arrival === name ? 'arrival' : 'unused';
  };
  return columns.map((column) => ({ ...column, role: roleOf(column) }));
}

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
