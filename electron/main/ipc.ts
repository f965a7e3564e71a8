import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { LabError, toWire, type Wire } from '#core/errors';
import { firstIssues } from '#core/profile';
import { events, requests, type EventData, type Handlers } from '#ipc/contract';
import { REQUEST_NAMES, type EventName, type RequestName } from '#ipc/names';
import { logError } from './log.ts';
import { answerAsShown } from './shownNumbers.ts';

/**
 * Answers the window's requests: only those of its own main frame, only in the form of the contract. A failure
 * travels as data; one that nobody expected is logged whole.
 */
export function answerRequests(handlers: Handlers, isOwnFrame: (event: IpcMainInvokeEvent) => boolean): void {
  for (const name of REQUEST_NAMES) {
    ipcMain.handle(name, async (event, input: unknown): Promise<Wire<unknown>> => {
      const wire = await toWire(() => {
        if (!isOwnFrame(event)) {
          throw new LabError('internal', `A page that is not the lab's asked for ${name}; it was refused.`);
        }
        return answerAsShown(name, () => answer(handlers, name, input));
      });
      if (!wire.ok && wire.error.kind === 'internal') logError(`request ${name} failed`, wire.error);
      return wire;
    });
  }
}

function answer<N extends RequestName>(handlers: Handlers, name: N, input: unknown): unknown {
  const parsed = requests[name].input.safeParse(input);
  if (!parsed.success) {
    throw new LabError(
      'bad-setting',
      `The request ${name} is not in the form it should have: ${firstIssues(parsed.error)}.`,
      'Nothing was changed.',
    );
  }
  const handler = handlers[name] as (input: unknown) => unknown;
  return handler(parsed.data);
}

/** Tells the window something, in the form of the contract. */
export function tell<N extends EventName>(window: BrowserWindow, name: N, data: EventData<N>): void {
  window.webContents.send(name, events[name].parse(data));
}
