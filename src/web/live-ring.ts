// The last events, so that a browser that lost its connection can be told what it missed. Pure.

import type { CameraId } from '../domain/ids.ts';

export interface RingEvent {
  /** `<start of this process>-<number>`: an id from another life of this program is not mistaken for ours. */
  readonly id: string;
  readonly name: string;
  /** Only who sees this camera may be told. */
  readonly camera: CameraId;
  readonly data: string;
}

export interface LiveRing {
  readonly life: string;
  readonly next: number;
  readonly size: number;
  readonly events: readonly RingEvent[];
}

export const newRing = (life: string, size: number): LiveRing => ({ life, next: 1, size, events: [] });

export const pushEvent = (ring: LiveRing, name: string, camera: CameraId, data: string): LiveRing => ({
  ...ring,
  next: ring.next + 1,
  events: [...ring.events, { id: `${ring.life}-${ring.next}`, name, camera, data }].slice(-ring.size),
});

/** The events after `lastId`; undefined when that can no longer be said, and everything must be fetched anew. */
export const eventsAfter = (ring: LiveRing, lastId: string): readonly RingEvent[] | undefined => {
  const [, life, digits] = /^(.+)-(\d{1,15})$/.exec(lastId) ?? [];
  if (life !== ring.life) return undefined;
  const last = Number(digits);
  const oldest = ring.next - ring.events.length;
  if (last >= ring.next || last < oldest - 1) return undefined;
  return ring.events.slice(last - oldest + 1);
};
