// What a camera sees at this moment, for a browser that looks: asked of the capture process that has its stream open, for
// whoever looks at once. Nothing is asked while nobody looks.

import type { CameraId } from '../domain/ids.ts';
import { type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';

export interface LookOrder {
  readonly type: 'look';
  readonly camera: CameraId;
}

export interface LookAnswer {
  readonly type: 'looked';
  readonly camera: CameraId;
  /** JPEG in base64; null: there is no picture now. */
  readonly jpeg: string | null;
}

export interface LiveLooks {
  /** The picture of this moment; undefined: there is none. Never throws. */
  look(camera: CameraId): Promise<Uint8Array | undefined>;
  /** A capture process watches this camera. @returns to be called when it is gone */
  attach(camera: CameraId, send: (order: LookOrder) => void): () => void;
  answered(answer: LookAnswer): void;
}

/** Two pictures a second, however many look. */
const FRESH: Ms = ms(450);
/** Decoding waits for the cameras' own work. */
const ANSWER_WITHIN: Ms = seconds(3);

interface Look {
  readonly askedAt: number;
  readonly picture: Promise<Uint8Array | undefined>;
  readonly settle: (jpeg: Uint8Array | undefined) => void;
}

export const liveLooks = (clock: Clock): LiveLooks => {
  const senders = new Map<CameraId, (order: LookOrder) => void>();
  const looks = new Map<CameraId, Look>();
  /** Asked, and not answered yet. */
  const open = new Map<CameraId, Look>();

  const begin = (camera: CameraId, send: (order: LookOrder) => void): Look => {
    const answered = new AbortController();
    let settle: Look['settle'] = () => undefined;
    const picture = new Promise<Uint8Array | undefined>((resolve) => {
      settle = (jpeg) => {
        answered.abort();
        open.delete(camera);
        resolve(jpeg);
      };
    });
    const look = { askedAt: clock.now().mono, picture, settle };
    open.set(camera, look);
    void clock.sleep(ANSWER_WITHIN, answered.signal).then(
      () => settle(undefined),
      () => undefined,
    );
    send({ type: 'look', camera });
    return look;
  };

  return {
    async look(camera) {
      const send = senders.get(camera);
      if (!send) return undefined;
      const last = looks.get(camera);
      const isFresh = last !== undefined && (open.has(camera) || clock.now().mono - last.askedAt < FRESH);
      const look = isFresh ? last : begin(camera, send);
      looks.set(camera, look);
      return look.picture;
    },
    attach(camera, send) {
      senders.set(camera, send);
      return () => {
        if (senders.get(camera) !== send) return;
        senders.delete(camera);
        open.get(camera)?.settle(undefined);
        looks.delete(camera);
      };
    },
    answered({ camera, jpeg }) {
      open.get(camera)?.settle(jpeg === null ? undefined : Buffer.from(jpeg, 'base64'));
    },
  };
};
