// The always-on reader of camera streams: RTSP 1.0 in plain JavaScript, so that a camera that misbehaves costs one socket
// and never a thread. Opening is here; the run is in packet-run.ts. See docs/design/rtsp-client.md.

import { randomInt } from 'node:crypto';

import type { StreamAddress } from '../../domain/camera.ts';
import { toStillwatchError } from '../../domain/errors.ts';
import { type Ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PacketRun, PacketSource } from '../../ports/packet-source.ts';
import { openConnection } from './dial.ts';
import { RtspPacketRun } from './packet-run.ts';
import { describe, play, setUp, videoOf } from './session.ts';
import { SharedTick } from './shared-tick.ts';
import type { UdpPair } from './udp-pair.ts';

export interface RtspSourceOptions {
  readonly clock: Clock;
  /** How long the packets of calm cameras may lie in the kernel. */
  readonly tick?: Ms;
}

const DEFAULT_TICK: Ms = seconds(1);

/** One source reads all streams of a process: its calm runs share one timer. */
export const rtspPacketSource = ({ clock, tick = DEFAULT_TICK }: RtspSourceOptions): PacketSource => {
  const sharedTick = new SharedTick(clock, tick);
  // Addresses whose SDP tells another picture size than the stream has; as many as there are such cameras.
  const wrongSdp = new Set<string>();

  const open = async (address: StreamAddress, { signal }: { readonly signal: AbortSignal }): Promise<PacketRun> => {
    const connection = await openConnection(address, clock, signal);
    const abort = (): void => connection.close();
    signal.addEventListener('abort', abort, { once: true });
    let udp: UdpPair | undefined;
    try {
      const stream = await describe(connection, connection.url);
      const session = await setUp(connection, stream, videoOf(connection, stream.description));
      udp = session.udp;
      const run = new RtspPacketRun({
        connection,
        session,
        clock,
        tick: sharedTick,
        distrustSdp: wrongSdp.has(address.url),
        onSdpWrong: () => wrongSdp.add(address.url),
        receiver: randomInt(2 ** 32),
      });
      await play(connection, session);
      run.start(signal);
      return run;
    } catch (error) {
      connection.close();
      udp?.[Symbol.dispose]();
      throw signal.aborted ? signal.reason : toStillwatchError(error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
  return { open };
};
