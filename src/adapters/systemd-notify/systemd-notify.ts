// Tells systemd that the program is ready, alive, or stopping. Node has no datagram sockets of the local kind, so the
// words go through the system's own `systemd-notify` (NotifyAccess=all). Without systemd all of it is nothing.

import { spawn } from 'node:child_process';
import { type Ms, ms } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';

export interface ServiceKeeper {
  /** The gallery answers and the cameras are being watched. */
  ready(status: string): Promise<void>;
  stopping(): Promise<void>;
  /** Says "alive" in time for the watchdog, if there is one, until `signal` aborts. A stuck program says nothing. */
  keepAlive(signal: AbortSignal): Promise<void>;
}

export interface SystemdNotifyOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly pid: number;
  /** Default: found on the PATH. */
  readonly command?: string;
  /** Told once when systemd waits for us but cannot be told: it would start and kill us for ever. */
  readonly onTrouble: (detail: string) => void;
}

/** A third of the watchdog's time: two words may be lost. Source: sd_watchdog_enabled(3) recommends half. */
const SHARE = 3;

export const systemdNotify = (options: SystemdNotifyOptions): ServiceKeeper => {
  const { environment, clock, pid, command = 'systemd-notify', onTrouble } = options;
  const socket = environment['NOTIFY_SOCKET'];
  let isToldOfTrouble = false;

  const tell = (...words: string[]): Promise<void> => {
    if (!socket) return Promise.resolve();
    return new Promise((resolve) => {
      const trouble = (detail: string): void => {
        if (!isToldOfTrouble) onTrouble(detail);
        isToldOfTrouble = true;
        resolve();
      };
      const env = { NOTIFY_SOCKET: socket, PATH: environment['PATH'] };
      const child = spawn(command, [`--pid=${pid}`, ...words], { env, stdio: 'ignore' });
      child.once('error', (error) => trouble(error.message));
      child.once('exit', (code) => (code === 0 ? resolve() : trouble(`${command} ended with ${code ?? 'a signal'}`)));
    });
  };

  return {
    ready: (status) => tell('--ready', `--status=${status}`),
    stopping: () => tell('STOPPING=1'),
    async keepAlive(signal) {
      const micros = Number(environment['WATCHDOG_USEC']);
      const isForUs = environment['WATCHDOG_PID'] === undefined || environment['WATCHDOG_PID'] === String(pid);
      if (!socket || !isForUs || !(micros > 0)) return;
      const every: Ms = ms(micros / 1000 / SHARE);
      while (!signal.aborted) {
        await tell('WATCHDOG=1');
        await clock.sleep(every, signal).catch(() => undefined);
      }
    },
  };
};
