/**
 * Waits so many seconds.
 * @returns false when the signal ended the wait
 */
export function pause(lengthS: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const done = (whole: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(whole);
    };
    const stop = (): void => done(false);
    const timer = setTimeout(() => done(true), Math.max(0, lengthS) * 1000);
    signal.addEventListener('abort', stop, { once: true });
  });
}
