import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Settings } from '../../config/settings.ts';
import type { Camera, Packet, VideoFormat } from '../../domain/camera.ts';
import { cameraId } from '../../domain/ids.ts';
import { Secret } from '../../domain/secret.ts';
import { monoMs, ms, seconds } from '../../domain/units.ts';
import type { SimulatedCamera } from '../../simulator/rtsp-server.ts';
import { DEFAULT_RING } from '../../watch/packet-ring.ts';
import { setupText } from '../account-place.ts';
import { languageOfEnvironment } from '../trouble.ts';
import { version } from '../version.ts';

/** Shorter than a real camera's, so that the first photo is not long in coming. */
const DEMO_CALM_PERIOD = seconds(5);

const demoSettings = (camera: Camera, port: number, folder: string): Settings => ({
  cameras: [camera],
  rootCamera: camera.id,
  snapshotsDir: resolve(folder),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  language: languageOfEnvironment(process.env),
  keep: { each: {}, cameras: {}, free: undefined, includesFound: false },
  web: { port, bind: '127.0.0.1', isPublic: false },
});

// Loaded only when asked for: the role brings native code, the simulator is no part of a real site.
// Not inside `demo` itself: TypeScript 6.0 leaves `.ts` in an import() of a function that holds `await using`.
const loadRole = (): Promise<typeof import('../roles/standalone.ts')> => import('../roles/standalone.ts');
const loadProcess = (): Promise<typeof import('../roles/standalone/process.ts')> =>
  import('../roles/standalone/process.ts');
const loadCamera = (): Promise<typeof import('../../simulator/demo-camera.ts')> =>
  import('../../simulator/demo-camera.ts');

const loadDecoder = (): Promise<typeof import('../../adapters/av/picture-decoder.ts')> =>
  import('../../adapters/av/picture-decoder.ts');

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

/** Starts the simulated camera and watches it through the same path as a real one. */
const demo = async (port: number, folder: string): Promise<void> => {
  const { runStandalone } = await loadRole();
  const { openProcessLog, stopSignal } = await loadProcess();
  const { demoCamera, demoOnvif } = await loadCamera();
  const { avPictureDecoder } = await loadDecoder();
  const decoder = avPictureDecoder();
  const pictureOf = async (camera: SimulatedCamera): Promise<Uint8Array> => {
    const { format, packet } = keyPacket(camera);
    return (await decoder.decode(format, [packet])).jpeg;
  };
  const credentials = { user: 'demo', password: new Secret(randomBytes(12).toString('hex')) };
  const signal = stopSignal();
  await using simulated = await demoCamera({ credentials });
  await using onvif = await demoOnvif({ camera: simulated, credentials, picture: () => pictureOf(simulated) });
  const camera: Camera = {
    id: cameraId('demo'),
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
  };
  await runStandalone({
    settings: demoSettings(camera, port, folder),
    log: openProcessLog(),
    signal,
    isPortFlexible: true,
    onListening: (address) => {
      process.stdout.write(
        [
          `Stillwatch ${version} demo · a simulated camera, a calm period of 5 s, photos in ${folder}`,
          `Open     http://localhost:${address.port}/`,
          ...(address.setupKey === undefined ? [] : [setupText(`http://localhost:${address.port}`, address.setupKey)]),
          'The first photo comes within a minute. Ctrl-C ends it.',
          '',
        ].join('\n'),
      );
    },
  });
};

/** `stillwatch demo`, which is also `npm run demo`. */
export const demoCommand = (program: Command): void => {
  program
    .command('demo')
    .description('watch a simulated camera: no camera, no settings needed')
    .option('--port <number>', 'port of the gallery; another free one if it is taken', process.env['PORT'] ?? '10000')
    .option('--folder <path>', 'where the demo’s photos go', './demo-snapshots')
    .action(async (options: { port: string; folder: string }) => {
      await demo(Number(options.port), options.folder);
    });
};
