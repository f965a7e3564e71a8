import type { ImportFormat } from '../importFormat.ts';
import { readTableSource } from '../tableSource.ts';

const HEADER = /^\s*"?timestamp"?[,;\t]"?tag"?[,;\t]"?duration"?[,;\t]/i;

/**
 * What pyJoules' CSV handler writes: timestamp (s since 1970), tag, duration (s), and one column a device, RAPL domains
 * in uJ and NVIDIA GPUs in mJ (pyjoules.readthedocs.io). It knows no tokens: the user tells them, or another column.
 */
export const pyjoules: ImportFormat = {
  id: 'pyjoules',
  name: 'pyJoules, CSV',
  looks: ({ text }) => (HEADER.test(text) ? 0.9 : 0),
  read: async (source, options) => ({
    ...(await readTableSource(source, options, {
      known: {
        timestamp: { role: 'start-time', unit: 's' },
        tag: { role: 'phase' },
        duration: { role: 'runtime', unit: 's' },
      },
    })),
    format: { id: pyjoules.id, name: pyjoules.name },
    facts: { energyIs: 'measured' },
  }),
};
