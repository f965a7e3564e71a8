import type { ActiveRun, RunNews } from './activeRun.ts';

/** How a run shows itself outside of the window. */
export interface RunSigns {
  /** share done, 0 to 1; null when none is under way */
  readonly progress: number | null;
  /** not running: paused, by the user or by what holds it */
  readonly held: boolean;
  /** what happened, for somebody who looks elsewhere; absent when nothing did */
  readonly notice?: { readonly title: string; readonly body: string };
}

const OVER: ReadonlySet<ActiveRun['state']> = new Set(['done', 'cancelled', 'failed']);

/**
 * What there is to show of a run.
 * @param before its state in the news before, undefined at the first
 */
export function runSigns(run: ActiveRun, before: ActiveRun['state'] | undefined): RunSigns {
  const over = OVER.has(run.state);
  const held = run.state === 'paused';
  const notice = before === undefined || before === run.state ? undefined : noticeOf(run);
  return {
    progress: over ? null : shareDone(run),
    held,
    ...(notice === undefined ? {} : { notice }),
  };
}

/** By time where what is left is known, otherwise by cells. */
function shareDone({ state, nowS, remainingS, cells }: ActiveRun): number {
  if (state === 'preparing') return 0;
  if (remainingS !== undefined && nowS + remainingS > 0) return nowS / (nowS + remainingS);
  return cells.length === 0 ? 0 : cells.filter((cell) => cell.done).length / cells.length;
}

function noticeOf(run: ActiveRun): RunSigns['notice'] {
  const done = run.cells.filter((cell) => cell.done).length;
  const cells = `${done} of ${run.cells.length} ${run.cells.length === 1 ? 'cell' : 'cells'} done`;
  if (run.state === 'done') return { title: `${run.name} is done`, body: `${cells}. Its profile is ready.` };
  if (run.state === 'paused') return { title: `${run.name} is paused`, body: `${run.what}. ${cells}.` };
  if (run.state === 'failed') {
    return { title: `${run.name} has failed`, body: run.error?.message ?? 'What was measured is kept.' };
  }
  return undefined;
}

/** What shows a run where its window is not looked at. */
export interface SignPost {
  readonly setProgress: (share: number | null, held: boolean) => void;
  readonly isLookedAt: () => boolean;
  readonly notify: (title: string, body: string) => void;
}

/** Progress on the dock or task bar, and a notification when a run ends or is held while nobody looks. */
export function createSigns(post: SignPost): (news: RunNews) => void {
  let state: ActiveRun['state'] | undefined;
  let id = '';
  let shown: string | undefined;
  return (news) => {
    if (news.news !== 'state') return;
    const { run } = news;
    const { progress, held, notice } = runSigns(run, run.id === id ? state : undefined);
    [id, state] = [run.id, run.state];
    const next = progress === null ? 'none' : `${progress.toFixed(2)} ${held}`;
    if (next !== shown) post.setProgress(progress, held);
    shown = next;
    if (notice !== undefined && !post.isLookedAt()) post.notify(notice.title, notice.body);
  };
}
