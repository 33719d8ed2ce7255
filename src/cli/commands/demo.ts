import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Settings } from '../../config/settings.ts';
import { ACCOUNT_POLICY } from '../../domain/account.ts';
import type { Camera } from '../../domain/camera.ts';
import { cameraId } from '../../domain/ids.ts';
import { setupText } from '../account-place.ts';
import { languageOfEnvironment } from '../trouble.ts';
import { version } from '../version.ts';

const demoSettings = (camera: Camera, port: number, folder: string): Settings => ({
  cameras: [camera],
  rootCamera: camera.id,
  snapshotsDir: resolve(folder),
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC',
  language: languageOfEnvironment(process.env),
  keep: { each: {}, cameras: {}, free: undefined, includesFound: false },
  accounts: ACCOUNT_POLICY,
  web: { port, bind: '127.0.0.1', isPublic: false },
});

// Loaded only when asked for: the role brings native code, the simulator is no part of a real site.
// Not inside `demo` itself: TypeScript 6.0 leaves `.ts` in an import() of a function that holds `await using`.
const loadRole = (): Promise<typeof import('../roles/standalone.ts')> => import('../roles/standalone.ts');
const loadProcess = (): Promise<typeof import('../roles/standalone/process.ts')> =>
  import('../roles/standalone/process.ts');
const loadSite = (): Promise<typeof import('../demo-site.ts')> => import('../demo-site.ts');

/** Starts the simulated camera and watches it through the same path as a real one. */
const demo = async (port: number, folder: string): Promise<void> => {
  const { runStandalone } = await loadRole();
  const { openProcessLog, stopSignal } = await loadProcess();
  const { openDemoSite } = await loadSite();
  const signal = stopSignal();
  await using site = await openDemoSite(cameraId('demo'));
  const { camera } = site;
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
