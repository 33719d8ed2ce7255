import type { Command } from 'commander';
import { CONFIG_FILE, openConfigFile } from '../../config/config-file.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { redact } from '../../domain/secret.ts';

const list = (options: { readonly json?: true }): void => {
  const { settings } = openConfigFile(process.cwd(), process.env);
  for (const { id, name, streams } of settings.cameras) {
    const [main, sub] = [redact(streams.main.url), redact(streams.sub.url)];
    process.stdout.write(
      options.json ? `${JSON.stringify({ id, name, main, sub })}\n` : `${id.padEnd(16)} ${name.padEnd(20)} ${main}\n`,
    );
  }
  if (settings.cameras.length === 0) process.stderr.write('No camera is set up: stillwatch add <address>\n');
};

/** Its photos stay. */
const remove = async (id: string): Promise<void> => {
  const file = openConfigFile(process.cwd(), process.env);
  const { value, revision } = file.read();
  const written = value['cameras'];
  const isWritten = typeof written === 'object' && written !== null && Object.hasOwn(written, id);
  if (!isWritten) {
    const known = written && typeof written === 'object' ? Object.keys(written).join(', ') : '';
    throw new StillwatchError('SW_CAMERA_UNKNOWN', { camera: id, known });
  }
  await file.edit([{ path: ['cameras', id], value: undefined }], revision);
  process.stdout.write(`"${id}" is out of ${CONFIG_FILE}; its photos stay\n`);
};

/** `stillwatch cameras` */
export const camerasCommand = (program: Command): void => {
  const cameras = program
    .command('cameras')
    .description('the cameras that are set up')
    .option('--json', 'one JSON object a line')
    .action(list);
  cameras
    .command('remove')
    .description('take a camera out of stillwatch.yml; its photos stay')
    .argument('<camera>', 'the camera’s id')
    .action(remove);
};
