// The always-on reader of camera streams: RTSP 1.0 in plain JavaScript, so that a camera that misbehaves costs one socket
// and never a thread. Opening is here; the run is in packet-run.ts. See docs/design/rtsp-client.md.

import { randomInt } from 'node:crypto';
import { connect } from 'node:net';

import type { StreamAddress } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { PacketRun, PacketSource } from '../../ports/packet-source.ts';
import { RtspConnection, withDeadline } from './connection.ts';
import { cameraError } from './failure.ts';
import { RtspPacketRun } from './packet-run.ts';
import { describe, play, setUp, videoOf } from './session.ts';
import { SharedTick } from './shared-tick.ts';
import { parseStreamUrl, type StreamUrl } from './stream-url.ts';

export interface RtspSourceOptions {
  readonly clock: Clock;
  /** How long the packets of calm cameras may lie in the kernel. */
  readonly tick?: Ms;
}

const DEFAULT_TICK: Ms = seconds(1);
// Where a Tapo answers when its RTSP is switched off: its own protocol over TLS, and ONVIF.
const SIGNS_OF_LIFE: readonly number[] = [443, 2020];
const SIGN_TIMEOUT: Ms = ms(1500);
const RTSP_PORT = 554;

/** One source reads all streams of a process: its calm runs share one timer. */
export const rtspPacketSource = ({ clock, tick = DEFAULT_TICK }: RtspSourceOptions): PacketSource => {
  const sharedTick = new SharedTick(clock, tick);
  // Addresses whose SDP tells another picture size than the stream has; as many as there are such cameras.
  const wrongSdp = new Set<string>();

  const open = async (address: StreamAddress, { signal }: { readonly signal: AbortSignal }): Promise<PacketRun> => {
    const connection = await openConnection(address, clock, signal);
    const abort = (): void => connection.close();
    signal.addEventListener('abort', abort, { once: true });
    try {
      const stream = await describe(connection, connection.url);
      const session = await setUp(connection, stream, videoOf(connection, stream.description));
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
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  };
  return { open };
};

/** @throws StillwatchError SW_CAM_*, SW_CONFIG_STREAM; the signal's reason */
const openConnection = async (address: StreamAddress, clock: Clock, signal: AbortSignal): Promise<RtspConnection> => {
  const url = parseStreamUrl(address.url);
  if (!url) {
    // The settings are checked long before; what comes here otherwise must not be echoed, it may hold a password.
    throw new StillwatchError('SW_CONFIG_STREAM', { key: 'url', example: 'rtsp://192.168.1.20:554/stream2' });
  }
  try {
    return await RtspConnection.open({ url, credentials: address.credentials, clock, signal });
  } catch (error) {
    const isRefused = error instanceof StillwatchError && error.code === 'SW_CAM_PORT_CLOSED';
    if (isRefused && url.port === RTSP_PORT && (await showsLife(url, clock, signal))) {
      throw cameraError('SW_CAM_RTSP_OFF', url, {}, error);
    }
    throw error;
  }
};

/** Whether the host that refused port 554 answers where cameras answer otherwise. */
const showsLife = async (url: StreamUrl, clock: Clock, signal: AbortSignal): Promise<boolean> => {
  const answers = await Promise.all(SIGNS_OF_LIFE.map((port) => answersAt(url.host, port, clock)));
  signal.throwIfAborted();
  return answers.includes(true);
};

const answersAt = async (host: string, port: number, clock: Clock): Promise<boolean> => {
  const socket = connect({ host, port });
  try {
    const answer = new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    return await withDeadline(clock, SIGN_TIMEOUT, answer, () => new Error('no answer'));
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};
