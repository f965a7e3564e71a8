/** The process that reads files for the doctor: it answers one diagnosis after the other, and keeps what it read. */
import { errorData } from '#core/errors';
import { profileReader } from './profileReader.ts';
import type { Answered, Asked } from './profileReaderProcess.ts';

const reader = profileReader();
const tell = (answer: Answered): void => void process.send?.(answer);

let before: Promise<void> = Promise.resolve();
process.on('message', ({ number, request }: Asked) => {
  before = before.then(async () => {
    let told = -1;
    try {
      const value = await reader.diagnose(request, {
        progress: (fraction) => {
          const percent = Math.floor(100 * Math.min(1, Math.max(0, fraction)));
          if (percent === told) return;
          told = percent;
          tell({ number, kind: 'progress', fraction: percent / 100 });
        },
        onRead: () => tell({ number, kind: 'read' }),
      });
      tell({ number, kind: 'done', value });
    } catch (thrown) {
      tell({ number, kind: 'failed', error: errorData(thrown) });
    }
  });
});
// Without its parent it has nothing to do; a plain exit would wait for a query in progress.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
