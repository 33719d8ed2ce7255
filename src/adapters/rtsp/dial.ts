// Reaching a camera: its address checked, the connection opened, and a refused port explained.

import { connect } from 'node:net';

import type { StreamAddress } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { type Ms, ms } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { RtspConnection, withDeadline } from './connection.ts';
import { cameraError } from './failure.ts';
import { parseStreamUrl, type StreamUrl } from './stream-url.ts';

// Where a Tapo answers when its RTSP is switched off: its own protocol over TLS, and ONVIF.
const SIGNS_OF_LIFE: readonly number[] = [443, 2020];
const SIGN_TIMEOUT: Ms = ms(1500);
const RTSP_PORT = 554;

/** @throws StillwatchError SW_CAM_*, SW_CONFIG_STREAM; the signal's reason */
export const openConnection = async (
  address: StreamAddress,
  clock: Clock,
  signal: AbortSignal,
): Promise<RtspConnection> => {
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
