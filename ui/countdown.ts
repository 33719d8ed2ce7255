// Runs the calm ring between events: the server says when the calm period ends, this draws how much of it is left.

import type { CameraChange } from '../src/web/wire.ts';

export interface CountDown {
  /** The server's clock now: a phone's own may be minutes off. */
  serverTime(nowMs: number): void;
  /** Something moved again. @returns false when the tile does not count down, so that the page must be fetched */
  move(change: CameraChange): boolean;
}

export const countDown = (): CountDown => {
  let offset = 0;
  // One who asked for less motion gets a step a second; the numbers say the same.
  const isStill = matchMedia('(prefers-reduced-motion: reduce)');

  const draw = (): void => {
    const now = Date.now() + offset;
    for (const tile of document.querySelectorAll<HTMLElement>('[data-calm-at]')) {
      const calmAt = Number(tile.dataset['calmAt']);
      const period = Math.max(1, Number(tile.dataset['calmPeriod']));
      const left = Math.min(period, Math.max(0, calmAt - now));
      const seconds = String(Math.ceil(left / 1000));
      const shown = isStill.matches ? Number(seconds) * 1000 : left;
      tile.querySelector('.ring-arc')?.setAttribute('stroke-dasharray', `${Math.min(100, (100 * shown) / period)} 100`);
      const text = (tile.dataset['toCalm'] ?? '').replace('{seconds}', seconds);
      const words = tile.querySelector('.countdown');
      if (words && words.textContent !== text) words.textContent = text;
    }
  };

  const run = (): void => {
    const isCounting = document.visibilityState === 'visible' && document.querySelector('[data-calm-at]') !== null;
    if (isCounting) draw();
    // Ten steps a second look even at 64 px and cost a tenth of a frame-by-frame drawing.
    setTimeout(run, isCounting ? 100 : 500);
  };
  run();

  return {
    serverTime(nowMs) {
      offset = nowMs - Date.now();
    },
    move(change) {
      const tile = document.getElementById(`camera-${change.camera}`);
      if (tile?.dataset['state'] !== 'moving' || change.calmAtMs === null) return false;
      tile.dataset['calmAt'] = String(change.calmAtMs);
      return true;
    },
  };
};
