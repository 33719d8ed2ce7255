import type { Command } from 'commander';
import { loadSettings } from '../../config/config-file.ts';
import type { Camera } from '../../domain/camera.ts';
import { hostOf } from '../../domain/url-host.ts';
import type { FoundCamera } from '../../ports/camera-trial.ts';
import { findCameras, finderParts, rangeOf } from '../camera-finder.ts';
import { progressLine } from '../progress-line.ts';
import { stopSignal } from '../roles/standalone/process.ts';

interface DiscoverOptions {
  readonly range?: string;
  readonly public?: true;
  readonly json?: true;
}

/** The cameras that are set up; none where there is no configuration yet. */
const configured = (): readonly Camera[] => {
  try {
    return loadSettings(process.cwd(), process.env).cameras;
  } catch {
    return [];
  }
};

const line = (found: FoundCamera, known: Camera | undefined): string => {
  const name = [found.make, found.model].filter((word) => word !== undefined).join(' ') || found.name || '?';
  const isOnvif = found.by === 'multicast' || found.ports.some((port) => port !== 554);
  const facts = [isOnvif ? 'ONVIF' : 'RTSP', `ports ${found.ports.join(', ')}`, found.mac].filter(Boolean).join(' · ');
  return `${found.host.padEnd(16)} ${name.padEnd(24)} ${facts}${known ? `  (set up as ${known.id})` : ''}`;
};

const discover = async (options: DiscoverOptions): Promise<void> => {
  const range = options.range === undefined ? undefined : rangeOf(options.range, options.public === true);
  const known = configured();
  const progress = progressLine(process.stderr);
  let found = 0;
  progress.show('asking the network');
  for await (const event of findCameras(range ? { range } : {}, finderParts, stopSignal())) {
    if (event.type === 'progress') {
      progress.show(`${event.asked} of ${event.total} addresses`);
      continue;
    }
    found++;
    progress.clear();
    const { camera } = event;
    const own = known.find(({ streams }) => hostOf(streams.sub.url) === camera.host);
    process.stdout.write(
      options.json ? `${JSON.stringify({ ...camera, camera: own?.id ?? null })}\n` : `${line(camera, own)}\n`,
    );
  }
  progress.clear();
  if (found === 0 && !range)
    process.stderr.write('Nothing answered. A range can be searched too: stillwatch discover --range 192.168.1.0/24\n');
  else if (found === 0) process.stderr.write('Nothing in that range looks like a camera.\n');
};

/** `stillwatch discover` */
export const discoverCommand = (program: Command): void => {
  program
    .command('discover')
    .description('look for cameras in the network: those that answer WS-Discovery, and those in a range you name')
    .option('--range <addresses>', 'knock at these too: 192.168.1.0/24 or 192.168.1.10-40; at most 4096')
    .option('--public', 'allow a range outside private networks')
    .option('--json', 'one JSON object a line')
    .action(discover);
};
