import type { Handlers } from '#ipc/contract';
import type { Lab } from '../lab.ts';

type ProjectRequests =
  | 'listProjects'
  | 'makeProject'
  | 'openProject'
  | 'changeProject'
  | 'duplicateProject'
  | 'removeProject'
  | 'restoreProject';

/** The answers to the requests about projects. */
export function projectHandlers(lab: () => Lab): Pick<Handlers, ProjectRequests> {
  return {
    listProjects: () => lab().projects.list(),
    makeProject: ({ name }) => lab().projects.make(name),
    openProject: (id) => lab().projects.open(id),
    changeProject: ({ project, name, draft, operation }) =>
      lab().projects.change(project, {
        ...(name === undefined ? {} : { name }),
        ...(draft === undefined ? {} : { draft }),
        ...(operation === undefined ? {} : { operation }),
      }),
    duplicateProject: (id) => lab().projects.duplicate(id),
    removeProject: (id) => lab().projects.remove(id),
    restoreProject: (id) => lab().projects.restore(id),
  };
}
