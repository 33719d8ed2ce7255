// The simulated camera as one that is watched like any other: its streams, its ONVIF, its login. Loaded only when it is asked
// for: the simulator is no part of a real site.

import { randomBytes } from 'node:crypto';
import type { Camera, Packet, VideoFormat } from '../domain/camera.ts';
import type { CameraId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import { monoMs, ms, seconds } from '../domain/units.ts';
import type { SimulatedCamera } from '../simulator/rtsp-server.ts';
import { DEFAULT_RING } from '../watch/packet-ring.ts';

/** Shorter than a real camera's, so that the first photo is not long in coming. */
const DEMO_CALM_PERIOD = seconds(5);

export interface DemoSite extends AsyncDisposable {
  readonly camera: Camera;
}

const annexB = (nals: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(nals.flatMap((nal) => [Buffer.from([0, 0, 0, 1]), nal]));

/** The newest whole picture of the simulated camera's main stream: what its snapshot address gives. */
const keyPacket = (camera: SimulatedCamera): { readonly format: VideoFormat; readonly packet: Packet } => {
  const { clip, unit } = camera.keyFrame('main');
  return {
    format: { codec: clip.codec, parameterSets: annexB(clip.parameterSets), picture: undefined },
    packet: { pts: ms(0), arrivedAt: monoMs(0), isKey: true, bytes: annexB(unit.nals) },
  };
};

/** Starts the simulated camera; it ends when it is disposed of. */
export const openDemoSite = async (id: CameraId): Promise<DemoSite> => {
  const { demoCamera, demoOnvif } = await import('../simulator/demo-camera.ts');
  const { avPictureDecoder } = await import('../adapters/av/picture-decoder.ts');
  const decoder = avPictureDecoder();
  const pictureOf = async (camera: SimulatedCamera): Promise<Uint8Array> => {
    const { format, packet } = keyPacket(camera);
    return (await decoder.decode(format, [packet])).jpeg;
  };
  const credentials = { user: 'demo', password: new Secret(randomBytes(12).toString('hex')) };
  const simulated = await demoCamera({ credentials });
  const onvif = await demoOnvif({ camera: simulated, credentials, picture: () => pictureOf(simulated) });
  return {
    camera: {
      id,
      name: 'Demo',
      streams: {
        main: { url: simulated.url('main'), credentials },
        sub: { url: simulated.url('sub'), credentials },
      },
      rules: { calmPeriod: DEMO_CALM_PERIOD, longestEpisode: seconds(300) },
      isDemo: true,
      // The whole set at full resolution: the simulated camera knows no stream limit.
      stills: { ring: DEFAULT_RING },
      // It speaks ONVIF: its own events open happenings beside the pixels, and it can be asked who it is.
      motionBy: 'both',
      onvif: { device: onvif.deviceUrl },
    },
    async [Symbol.asyncDispose]() {
      await onvif[Symbol.asyncDispose]();
      await simulated[Symbol.asyncDispose]();
    },
  };
};
