import type { Command } from 'commander';
import { systemClock } from '../../adapters/system/clock.ts';
import { CLOCK_TOLERANCE } from '../../domain/event-check.ts';
import type { ClockReading } from '../../ports/camera-clock.ts';
import { askClock } from '../camera-clock.ts';
import { openOnvifCamera } from '../onvif-camera.ts';

/** Lines of the answer. */
const clockText = ({ offset, utc, setBy, zone, ntp }: ClockReading): string => {
  const off = `${offset >= 0 ? '+' : ''}${(offset / 1000).toFixed(0)} s`;
  const verdict = Math.abs(offset) <= CLOCK_TOLERANCE ? 'right enough' : 'wrong: --set sets it to this machine’s clock';
  return [
    ['camera', new Date(utc).toISOString()],
    ['offset', `${off} (${verdict})`],
    ['set by', setBy ?? '–'],
    ['zone', zone ?? '–'],
    ['NTP', ntp.join(', ') || '–'],
  ]
    .map(([name = '', value = '']) => `${name.padEnd(10)}${value}\n`)
    .join('');
};

interface ClockOptions {
  readonly set?: boolean;
  readonly zone?: string;
  readonly ntp?: string | true;
  readonly json?: boolean;
}

export const clockCommand = (program: Command): void => {
  program
    .command('clock')
    .description('how far a camera’s clock is off; with --set it is set, never without')
    .argument('[camera]', 'name of a configured camera, or an address (STILLWATCH_USER and STILLWATCH_PASSWORD log in)')
    .option('--set', 'set the camera’s clock to this machine’s')
    .option('--zone <posix>', 'with --set: the camera’s time zone, as POSIX writes it: CET-1CEST,M3.5.0,M10.5.0/3')
    .option('--ntp [server]', 'have the camera ask this time server; without a name, the one its network names')
    .option('--json', 'print JSON')
    .action(async (camera: string | undefined, options: ClockOptions) => {
      const { signal } = new AbortController();
      await using client = await openOnvifCamera(camera, signal);
      const wish = {
        set: options.set === true,
        ...(options.zone === undefined ? {} : { zone: options.zone }),
        ...(options.ntp === undefined ? {} : { ntp: options.ntp === true ? null : options.ntp }),
      };
      const reading = await askClock(client, systemClock(), wish, signal);
      const { offset, utc, setBy, zone, ntp } = reading;
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ offsetMs: offset, utcMs: utc, setBy: setBy ?? null, zone: zone ?? null, ntp }, undefined, 2)}\n`
          : clockText(reading),
      );
    });
};
