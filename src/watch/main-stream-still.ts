// A still by opening the main stream and decoding its first whole key frame.

import type { StreamAddress } from '../domain/camera.ts';
import { StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { Shot } from '../domain/still.ts';
import { between, ms } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { PacketSource } from '../ports/packet-source.ts';
import type { PictureDecoder } from '../ports/picture-decoder.ts';
import type { StillSource } from '../ports/still-source.ts';

/** A damaged key frame is followed by another one soon; after this many the camera is asked again from the start. */
const KEY_FRAMES = 3;

export interface MainStreamStillParts {
  readonly address: StreamAddress;
  readonly packets: PacketSource;
  readonly decoder: PictureDecoder;
  readonly clock: Clock;
}

export const mainStreamStill = ({ address, packets, decoder, clock }: MainStreamStillParts): StillSource => ({
  name: 'main-stream',
  async take({ signal }): Promise<Shot> {
    const orderedAt = clock.now();
    await using run = await packets.open(address, { signal });
    let damage: StillwatchError | undefined;
    let keys = 0;
    for await (const batch of run.batches) {
      for (const packet of batch) {
        if (!packet.isKey) continue;
        const seenAt = clock.now();
        keys += 1;
        try {
          const picture = await decoder.decode(run.format, [packet]);
          return {
            jpeg: picture.jpeg,
            width: picture.width,
            height: picture.height,
            takenAt: (seenAt.wall - between(packet.arrivedAt, seenAt.mono)) as Shot['takenAt'],
            source: 'main-stream',
            delay: between(orderedAt.mono, clock.now().mono),
          };
        } catch (thrown) {
          damage = toStillwatchError(thrown);
          if (damage.code !== 'SW_STILL_DAMAGED' || keys >= KEY_FRAMES) throw damage;
        }
      }
    }
    signal.throwIfAborted();
    throw (
      damage ??
      new StillwatchError('SW_CAM_NO_KEY_FRAME', { seconds: Math.round(ms(clock.now().mono - orderedAt.mono) / 1000) })
    );
  },
});
