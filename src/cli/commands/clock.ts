import type { Command } from 'commander';
import type { CameraClock } from '../../adapters/onvif/device.ts';
import { orElse } from '../../adapters/onvif/probe.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { CLOCK_TOLERANCE } from '../../domain/event-check.ts';
import { openOnvifCamera } from './onvif-camera.ts';

/** Lines of the answer. */
export const clockText = (clock: CameraClock, servers: readonly string[]): string => {
  const { offset } = clock;
  const off = `${offset >= 0 ? '+' : ''}${(offset / 1000).toFixed(0)} s`;
  const verdict = Math.abs(offset) <= CLOCK_TOLERANCE ? 'right enough' : 'wrong: --set sets it to this machine’s clock';
  return [
    ['camera', new Date(clock.utc).toISOString()],
    ['offset', `${off} (${verdict})`],
    ['set by', clock.kind ?? '–'],
    ['zone', clock.zone ?? '–'],
    ['NTP', servers.join(', ') || '–'],
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
      await client.services(signal);
      if (options.set) await client.device.setClock(systemClock().now().wall, options.zone, signal);
      if (options.ntp !== undefined) {
        await client.device.setNtp(options.ntp === true ? undefined : options.ntp, signal);
      }
      const clock = await client.measureClock(signal, 'now');
      const servers = await orElse(client.device.ntp(signal), []);
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ offsetMs: clock.offset, utcMs: clock.utc, setBy: clock.kind ?? null, zone: clock.zone ?? null, ntp: servers }, undefined, 2)}\n`
          : clockText(clock, servers),
      );
    });
};
