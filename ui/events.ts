// The connection: opened when the page is looked at, watched by the server's heartbeat, given back when nobody looks.

import type { BeatView, CameraChange, StillArrived } from '../src/web/wire.ts';

interface Listeners {
  readonly onClock: (nowMs: number) => void;
  readonly onCamera: (change: CameraChange) => void;
  readonly onStill: (arrived: StillArrived) => void;
  /** A camera that sends by itself was heard of. */
  readonly onSender: () => void;
  /** Connected again, after events may have been missed. */
  readonly onBack: () => void;
  readonly onLost: (isLost: boolean) => void;
}

/** Milliseconds. Two heartbeats and a half: a connection that died without a word (sleep, lost Wi-Fi) is given up. */
const SILENT_FOR = 38_000;
/** Milliseconds. The browser tries again after 2 s by itself; a note that comes and goes at once would only worry. */
const LOST_AFTER = 5_000;

export const connect = (listeners: Listeners): void => {
  let source: EventSource | undefined;
  let silence: number | undefined;
  let lost: number | undefined;
  let wasConnected = false;

  const alive = (): void => {
    clearTimeout(lost);
    lost = undefined;
    listeners.onLost(false);
    clearTimeout(silence);
    silence = setTimeout(() => {
      listeners.onLost(true);
      open();
    }, SILENT_FOR);
  };

  const dying = (): void => {
    lost ??= setTimeout(() => listeners.onLost(true), LOST_AFTER);
  };

  const data = (event: MessageEvent): unknown => JSON.parse(String(event.data));

  const close = (): void => {
    clearTimeout(silence);
    clearTimeout(lost);
    lost = undefined;
    source?.close();
    source = undefined;
  };

  function open(): void {
    close();
    const opened = new EventSource('/api/v1/live');
    source = opened;
    opened.addEventListener('hello', (event) => {
      listeners.onClock((data(event) as BeatView).nowMs);
      alive();
      // The page was drawn before this connection was there: what came between is on the page of now.
      if (wasConnected || document.readyState !== 'loading') listeners.onBack();
      wasConnected = true;
    });
    opened.addEventListener('beat', (event) => {
      listeners.onClock((data(event) as BeatView).nowMs);
      alive();
    });
    opened.addEventListener('reset', () => listeners.onBack());
    opened.addEventListener('camera', (event) => {
      alive();
      listeners.onCamera(data(event) as CameraChange);
    });
    opened.addEventListener('still', (event) => {
      alive();
      listeners.onStill(data(event) as StillArrived);
    });
    opened.addEventListener('sender', () => {
      alive();
      listeners.onSender();
    });
    opened.addEventListener('error', () => {
      dying();
      // A refusal (503, 403) closes it for good; then it is for us to try again.
      if (opened.readyState === EventSource.CLOSED) {
        clearTimeout(silence);
        silence = setTimeout(open, LOST_AFTER);
      }
    });
  }

  // Browsers allow six connections to one server: a tab in the background must not hold one.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') close();
    else open();
  });
  addEventListener('pagehide', close);
  addEventListener('pageshow', (event) => {
    if (event.persisted) open();
  });
  if (document.visibilityState !== 'hidden') open();
};
