import type { BrowserWindow } from 'electron';
import type { Handlers } from '#ipc/contract';
import type { Lab } from '../lab.ts';
import { tell } from './ipc.ts';

/** The answers to the requests about bundles. One is looked at at a time: a new look stops the one before. */
export function bundleHandlers(
  window: () => BrowserWindow,
  lab: () => Lab,
): Pick<Handlers, 'inspectBundle' | 'openBundle' | 'closeBundle'> {
  let underWay: AbortController | undefined;
  return {
    inspectBundle: async (file) => {
      underWay?.abort();
      const own = new AbortController();
      underWay = own;
      try {
        return await lab().bundles.inspect(file, {
          signal: own.signal,
          onProgress: ({ what, fraction }) => {
            if (own.signal.aborted || window().isDestroyed()) return;
            tell(window(), 'bundleProgress', { what, fraction: Math.min(1, Math.max(0, fraction)) });
          },
        });
      } finally {
        if (underWay === own) underWay = undefined;
      }
    },
    openBundle: (file) => lab().bundles.open(file),
    closeBundle: () => {
      underWay?.abort();
      lab().bundles.close();
    },
  };
}
