import { Notification, type BrowserWindow } from 'electron';
import type { SignPost } from '#core/runSigns';

/**
 * The signs of a real window.
 * @param show brings the page of the run to the front
 */
export function windowSigns(window: () => BrowserWindow, show: () => void): SignPost {
  return {
    setProgress: (share, held) => {
      if (!window().isDestroyed()) window().setProgressBar(share ?? -1, { mode: held ? 'paused' : 'normal' });
    },
    isLookedAt: () => !window().isDestroyed() && window().isFocused(),
    notify: (title, body) => {
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title, body });
      notification.on('click', show);
      notification.show();
    },
  };
}
