// The standalone role as a service starts it: settings from the folder it runs in, a few lines of introduction, an exit code.

import { relative } from 'node:path';
import { CONFIG_FILE, type ConfigFile, openConfigFile } from '../../../config/config-file.ts';
import { problemText } from '../../../config/problems.ts';
import { EXIT } from '../../../domain/errors.ts';
import { setupText } from '../../account-place.ts';
import { printTrouble } from '../../trouble.ts';
import { version } from '../../version.ts';
import { runStandalone, type StandaloneOptions } from '../standalone.ts';
import { openProcessLog, stopSignal } from './process.ts';

type Introduced = Parameters<StandaloneOptions['onListening']>[0];

const introduce = (config: ConfigFile, listening: Introduced): void => {
  const { settings } = config;
  const { port, lan, scheme, setupKey } = listening;
  const { isInForce, problems } = config.read();
  const folder = relative(process.cwd(), settings.snapshotsDir) || '.';
  const phone = lan ? `    (on your phone: ${scheme}://${lan}:${port}/)` : '';
  const cameras = settings.cameras.map((camera) => camera.id).join(', ');
  process.stdout.write(
    [
      `Stillwatch ${version} · Node ${process.versions.node} · photos in ./${folder}`,
      `Cameras: ${cameras || 'none yet; stillwatch add <address> adds one'} (settings: docs/reference/config.md)`,
      `Open     ${scheme}://localhost:${port}/${phone}`,
      settings.web.isPublic
        ? 'Viewing: anyone who reaches this address (PUBLIC_VIEW=1)'
        : settings.web.loginToView
          ? 'Viewing: with a login (LOGIN_TO_VIEW=1)'
          : 'Viewing: this private network without login; from the internet with a login',
      ...(isInForce
        ? []
        : [
            `SAFE MODE: ${CONFIG_FILE} has mistakes. Mend it there, or at ${scheme}://localhost:${port}/system/config`,
            ...problems.map((one) => `  ${problemText(one, settings.language)}`),
          ]),
      ...(setupKey === undefined ? [] : [setupText(`${scheme}://localhost:${port}`, setupKey)]),
      '',
    ].join('\n'),
  );
};

/** @returns the exit code */
export const runFromEnvironment = async (): Promise<number> => {
  try {
    const config = openConfigFile(process.cwd(), process.env, 'salvaged');
    const { settings } = config;
    const signal = stopSignal();
    await runStandalone({
      settings,
      config,
      log: openProcessLog(),
      signal,
      onListening: (address) => introduce(config, address),
    });
    return EXIT.ok;
  } catch (thrown) {
    return printTrouble(thrown);
  }
};
