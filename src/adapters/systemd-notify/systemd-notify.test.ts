import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ms } from '../../domain/units.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { systemdNotify } from './systemd-notify.ts';

const newFolder = temporaryFolders();

const stage = (environment: Record<string, string>, exit = 0) => {
  const folder = newFolder();
  const command = join(folder, 'systemd-notify');
  writeFileSync(command, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >>${folder}/said\nexit ${exit}\n`);
  chmodSync(command, 0o755);
  writeFileSync(join(folder, 'said'), '');
  const troubles: string[] = [];
  const clock = fakeClock();
  const keeper = systemdNotify({
    environment: { PATH: process.env['PATH'], ...environment },
    clock,
    pid: 42,
    command,
    onTrouble: (detail) => troubles.push(detail),
  });
  const said = (): string[] => readFileSync(join(folder, 'said'), 'utf8').split('\n').filter(Boolean);
  return { keeper, said, troubles, clock, command };
};
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};

describe('systemd’s notification', () => {
  it('is nothing without systemd', async () => {
    const { keeper, said } = stage({ WATCHDOG_USEC: '60000000' });
    await keeper.ready('3 cameras');
    await keeper.stopping();
    await keeper.keepAlive(new AbortController().signal);
    expect(said()).toEqual([]);
  });

  it('says ready and stopping in the program’s name', async () => {
    const { keeper, said, troubles } = stage({ NOTIFY_SOCKET: '/run/notify' });
    await keeper.ready('3 cameras');
    await keeper.stopping();
    expect(said()).toEqual(['/run/notify --pid=42 --ready --status=3 cameras', '/run/notify --pid=42 STOPPING=1']);
    expect(troubles).toEqual([]);
  });

  it('says alive three times within the watchdog’s time', async () => {
    const { keeper, said, clock } = stage({
      NOTIFY_SOCKET: '/run/notify',
      WATCHDOG_USEC: '60000000',
      WATCHDOG_PID: '42',
    });
    const stopping = new AbortController();
    const running = keeper.keepAlive(stopping.signal);
    for (let beat = 1; beat <= 3; beat++) {
      await until(() => said().length === beat && clock.sleepers === 1);
      if (beat < 3) await clock.advance(ms(20_000));
    }
    stopping.abort();
    await running;
    expect(new Set(said())).toEqual(new Set(['/run/notify --pid=42 WATCHDOG=1']));
  });

  it.each([
    ['another process’s watchdog', { NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '1000', WATCHDOG_PID: '7' }],
    ['no watchdog', { NOTIFY_SOCKET: '/run/notify' }],
  ])('leaves %s alone', async (_, environment) => {
    const { keeper, said } = stage(environment);
    await keeper.keepAlive(new AbortController().signal);
    expect(said()).toEqual([]);
  });

  it('tells once that it cannot be told, and the program goes on', async () => {
    const { keeper, troubles } = stage({ NOTIFY_SOCKET: '/run/notify' }, 1);
    await keeper.ready('');
    await keeper.stopping();
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('ended with 1');
  });

  it('does not fall over when the command is not there', async () => {
    const troubles: string[] = [];
    const keeper = systemdNotify({
      environment: { NOTIFY_SOCKET: '/run/notify' },
      clock: fakeClock(),
      pid: 42,
      command: join(newFolder(), 'missing'),
      onTrouble: (detail) => troubles.push(detail),
    });
    await keeper.ready('');
    expect(troubles[0]).toContain('ENOENT');
  });
});
