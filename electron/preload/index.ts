import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '#ipc/contract';
import { EVENT_NAMES, REQUEST_NAMES } from '#ipc/names';

/*
 * The bridge between window and main: the named requests and events, where a dropped file lies, nothing else. It
 * validates nothing itself: main checks every question, the window's client every answer.
 */
const bridge: Bridge = {
  request: Object.fromEntries(
    REQUEST_NAMES.map((name) => [name, (input?: unknown) => ipcRenderer.invoke(name, input)]),
  ) as Bridge['request'],
  on: Object.fromEntries(
    EVENT_NAMES.map((name) => [
      name,
      (listener: (data: unknown) => void) => {
        const relay = (_event: unknown, data: unknown): void => listener(data);
        ipcRenderer.on(name, relay);
        return () => void ipcRenderer.off(name, relay);
      },
    ]),
  ) as Bridge['on'],
  pathOf: (file) => webUtils.getPathForFile(file as Parameters<typeof webUtils.getPathForFile>[0]),
};

contextBridge.exposeInMainWorld('crossover', bridge);
