// The standalone role as a service starts it: settings from the folder it runs in, a few lines of introduction, an exit code.

import { relative } from 'node:path';
import { ENV_KEYS, loadEnvSettings } from '../../../config/legacy-env.ts';
import type { Settings } from '../../../config/settings.ts';
import { EXIT } from '../../../domain/errors.ts';
import { printTrouble } from '../../trouble.ts';
import { version } from '../../version.ts';
import { runStandalone } from '../standalone.ts';
import type { Listening } from './listen.ts';
import { openProcessLog, stopSignal } from './process.ts';

const introduce = (settings: Settings, { port, lan }: Listening): void => {
  const folder = relative(process.cwd(), settings.snapshotsDir) || '.';
  const phone = lan ? `    (on your phone: http://${lan}:${port}/)` : '';
  const known = Object.keys(ENV_KEYS).length;
  process.stdout.write(
    [
      `Stillwatch ${version} · Node ${process.versions.node} · photos in ./${folder}`,
      `Cameras: ${settings.cameras.map((camera) => camera.id).join(', ')} (${known} settings: docs/reference/config.md)`,
      `Open     http://localhost:${port}/${phone}`,
      settings.web.isPublic
        ? 'Viewing: anyone who reaches this address (PUBLIC_VIEW=1)'
        : 'Viewing: this private network without login; the internet not at all',
      '',
    ].join('\n'),
  );
};

/** @returns the exit code */
export const runFromEnvironment = async (): Promise<number> => {
  try {
    const settings = loadEnvSettings(process.cwd(), process.env);
    const signal = stopSignal();
    await runStandalone({
      settings,
      log: openProcessLog(),
      signal,
      onListening: (address) => introduce(settings, address),
    });
    return EXIT.ok;
  } catch (thrown) {
    return printTrouble(thrown);
  }
};
