// Photos that somebody asks for: hands each order to the capture process that watches the camera, and waits for what becomes
// of it. Every order is in the ledger before it is sent, so that none is without an outcome, whatever dies on the way.

import type { CameraId, StillId } from '../domain/ids.ts';
import { type TriggerId, triggerId } from '../domain/ledger.ts';
import type { PhotoOutcome } from '../domain/photo-order.ts';
import { type Ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { WatchFact } from '../ports/telemetry.ts';

export interface PhotoOrder {
  readonly type: 'photo';
  readonly camera: CameraId;
  readonly trigger: TriggerId;
}

export interface PhotoOrders {
  /** Resolves when the photo is in store and catalogue, or with the reason why there is none. Never throws. */
  take(camera: CameraId): Promise<PhotoOutcome>;
  /** A capture process watches these cameras and takes orders. @returns to be called when it is gone */
  attach(cameras: readonly CameraId[], send: (order: PhotoOrder) => void): () => void;
  tell(fact: WatchFact): void;
  /** A still has reached store and catalogue. */
  stored(id: StillId): void;
}

export interface PhotoOrdersParts {
  readonly clock: Clock;
  /** Where the order itself, and an outcome that no capture process tells, are told. */
  readonly onFact: (fact: WatchFact) => void;
}

/** Five ways are tried, each with its own limit; a camera that is asleep needs the longest. */
const ANSWER_WITHIN: Ms = seconds(90);
/** From the spool to the store: a disk in trouble takes longer, and the photo is safe all the same. */
const STORE_WITHIN: Ms = seconds(5);

interface Waiting {
  readonly camera: CameraId;
  readonly settle: (outcome: PhotoOutcome) => void;
}

export const photoOrders = ({ clock, onFact }: PhotoOrdersParts): PhotoOrders => {
  const senders = new Map<CameraId, (order: PhotoOrder) => void>();
  const waiting = new Map<TriggerId, Waiting>();
  const arriving = new Map<StillId, () => void>();

  const missed = (camera: CameraId, trigger: TriggerId, detail: string): void =>
    onFact({
      type: 'still-missed',
      camera,
      at: clock.now().wall,
      episode: undefined,
      trigger,
      kind: 'manual',
      code: 'SW_CAPTURE_DIED',
      facts: { detail },
    });

  /** The photo is accepted; it is shown once it is in the catalogue. */
  const arrived = async (still: StillId): Promise<void> => {
    const done = new AbortController();
    arriving.set(still, () => done.abort());
    await clock.sleep(STORE_WITHIN, done.signal).catch(() => undefined);
    arriving.delete(still);
  };

  const newTrigger = (camera: CameraId): TriggerId => {
    for (let copy = 0; ; copy++) {
      const trigger = triggerId(camera, 'owner', clock.now().wall, copy);
      if (!waiting.has(trigger)) return trigger;
    }
  };

  return {
    async take(camera) {
      const trigger = newTrigger(camera);
      const answered = new AbortController();
      const outcome = new Promise<PhotoOutcome>((resolve) => {
        waiting.set(trigger, { camera, settle: resolve });
      });
      const at = clock.now().wall;
      onFact({ type: 'trigger', camera, at, trigger, origin: 'owner', episode: undefined });
      const send = senders.get(camera);
      if (send) send({ type: 'photo', camera, trigger });
      else missed(camera, trigger, 'nobody watches this camera now');
      const late = clock.sleep(ANSWER_WITHIN, answered.signal).then(
        (): PhotoOutcome => ({
          type: 'missed',
          trigger,
          code: 'SW_CAM_SILENT',
          facts: { seconds: ANSWER_WITHIN / 1000 },
        }),
        () => outcome,
      );
      const first = await Promise.race([outcome, late]);
      answered.abort();
      waiting.delete(trigger);
      if (first.type === 'taken') await arrived(first.still);
      return first;
    },
    attach(cameras, send) {
      for (const camera of cameras) senders.set(camera, send);
      return () => {
        for (const camera of cameras) if (senders.get(camera) === send) senders.delete(camera);
        for (const [trigger, order] of waiting) {
          if (cameras.includes(order.camera)) missed(order.camera, trigger, 'it ended while the photo was taken');
        }
      };
    },
    tell(fact) {
      if (fact.type !== 'still-accepted' && fact.type !== 'still-missed') return;
      const { trigger } = fact;
      const order = trigger === undefined ? undefined : waiting.get(trigger);
      if (!order || trigger === undefined) return;
      order.settle(
        fact.type === 'still-accepted'
          ? { type: 'taken', trigger, still: fact.still }
          : { type: 'missed', trigger, code: fact.code, facts: fact.facts },
      );
    },
    stored: (id) => arriving.get(id)?.(),
  };
};
