import type { Bridge } from '#ipc/contract';

declare global {
  interface Window {
    /** put there by the preload */
    readonly crossover: Bridge;
  }
}
