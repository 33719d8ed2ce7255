// Everything real that a trial of a camera needs: RTSP, ONVIF, the decoder.

import { connect } from 'node:net';
import { avPictureDecoder } from '../adapters/av/picture-decoder.ts';
import { reachableStream } from '../adapters/onvif/address.ts';
import { cameraProbe, orElse } from '../adapters/onvif/probe.ts';
import type { StreamAddress } from '../domain/camera.ts';
import type { Credentials } from '../domain/secret.ts';
import { hostOf } from '../domain/url-host.ts';
import type { TrialFacts } from '../ports/camera-trial.ts';
import type { Clock } from '../ports/clock.ts';
import { mainStreamStill } from '../watch/main-stream-still.ts';
import { cameraPackets } from './camera-packets.ts';
import type { TrialParts } from './camera-trial.ts';
import { openOnvif } from './open-onvif.ts';

const KNOCK_WITHIN_MS = 5000;

/** Opens a TCP connection to the stream's host and closes it. */
export const knockAt = (address: StreamAddress, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const { port, protocol } = new URL(address.url);
    const socket = connect({
      host: hostOf(address.url),
      port: Number(port || (protocol === 'rtsps:' ? 322 : 554)),
      signal,
      timeout: KNOCK_WITHIN_MS,
    });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error('timeout')));
    socket.once('error', reject);
  });

/** A stream smaller than this is a picture for a telephone's list: too little to see motion in. */
const LEAST_WIDTH = 300;

const askOnvif = async (
  host: string,
  device: URL | undefined,
  credentials: Credentials | undefined,
  clock: Clock,
  signal: AbortSignal,
): Promise<TrialFacts> => {
  await using client = await openOnvif({ host, device, credentials }, clock, signal);
  const identity = await cameraProbe(client).identify(signal);
  const { offset } = await client.measureClock(signal);
  const profiles = await orElse(client.media.profiles(signal), []);
  const videos = profiles.filter(({ encoding }) => encoding === undefined || /^h\.?26[45]$/i.test(encoding));
  const uriOf = async (token: string | undefined): Promise<string | undefined> => {
    if (token === undefined) return undefined;
    const given = await orElse(client.media.streamUri(token, signal), undefined);
    return given === undefined ? undefined : reachableStream(given, client.address)?.href;
  };
  // Largest first, as the client sorts them.
  const small = videos.filter(({ width }) => width === undefined || width >= LEAST_WIDTH).at(-1);
  return {
    identity,
    clockOffset: offset,
    main: await uriOf(videos[0]?.token),
    sub: await uriOf(small?.token),
    hasEvents: (await client.services(signal)).has('events'),
  };
};

/** @param device the ONVIF device service, when it is known; else it is looked for */
export const trialParts = (clock: Clock, device?: URL): TrialParts => {
  const packets = cameraPackets(clock);
  const decoder = avPictureDecoder();
  return {
    packets,
    clock,
    knock: knockAt,
    ask: (host, credentials, signal) => askOnvif(host, device, credentials, clock, signal),
    still: (address) => mainStreamStill({ address, packets, decoder, clock }),
  };
};
