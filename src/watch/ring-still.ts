// A still of a moment, out of packets that are here already: the main stream's ring, or the sub stream's.

import { StillwatchError } from '../domain/errors.ts';
import type { Shot } from '../domain/still.ts';
import { between, type Instant, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Picture, PictureDecoder } from '../ports/picture-decoder.ts';
import type { StillSource, WantedMoment } from '../ports/still-source.ts';
import type { PacketRing } from './packet-ring.ts';

export interface RingStillParts {
  readonly name: 'main-ring' | 'sub-frame';
  readonly ring: PacketRing;
  readonly decoder: PictureDecoder;
  readonly clock: Clock;
}

/** Packets of a moment that is now arrive a little later: network, and reads that are bundled (up to 0.5 s). */
const ARRIVES_WITHIN: Ms = seconds(2);
const LOOK_EVERY: Ms = ms(40);
/** A picture further from the wanted moment than this is of another one. */
const OUTSIDE: Ms = seconds(2);

const secondsText = (value: Ms): string => `${(value / 1000).toFixed(1)} s`;

export const ringStill = ({ name, ring, decoder, clock }: RingStillParts): StillSource => {
  /** Waits until the ring has what was seen at `at`, or it is clear that it will not come. */
  const awaitMoment = async (at: Instant, signal: AbortSignal): Promise<void> => {
    const until = clock.now().mono + ARRIVES_WITHIN;
    while ((ring.newest?.mono ?? 0) < at.mono && clock.now().mono < until) await clock.sleep(LOOK_EVERY, signal);
  };

  const notKept = (at: Instant): StillwatchError => {
    const now = clock.now();
    const kept = ring.oldest && ring.newest ? between(ring.oldest.mono, ring.newest.mono) : ms(0);
    return new StillwatchError('SW_STILL_NOT_KEPT', {
      kept: secondsText(kept),
      ago: secondsText(between(at.mono, now.mono)),
    });
  };

  /** The wanted picture; when it is damaged, its group's key frame, which stands alone. */
  const decode = async ({ at, keyWithin, notAfter }: WantedMoment): Promise<Picture & { readonly at: Instant }> => {
    const exact = ring.cut(at.mono, { keyWithin, notAfter, outside: OUTSIDE });
    if (!exact) throw notKept(at);
    try {
      return { ...(await decoder.decode(exact.format, exact.packets, exact.pts)), at: exact.at };
    } catch (thrown) {
      const key = exact.packets.length > 1 ? ring.keyOf(exact) : undefined;
      if (!key || Math.abs(between(key.at.mono, at.mono)) > OUTSIDE) throw thrown;
      return { ...(await decoder.decode(key.format, key.packets, key.pts)), at: key.at };
    }
  };

  return {
    name,
    async take({ signal, wanted }): Promise<Shot> {
      const orderedAt = clock.now();
      const moment: WantedMoment = wanted ?? { at: orderedAt, keyWithin: ms(0), notAfter: false };
      await awaitMoment(moment.at, signal);
      signal.throwIfAborted();
      const picture = await decode(moment);
      return {
        jpeg: picture.jpeg,
        width: picture.width,
        height: picture.height,
        takenAt: picture.at.wall,
        source: name,
        delay: between(orderedAt.mono, clock.now().mono),
      };
    },
  };
};
