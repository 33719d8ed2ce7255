// ZoneMinder's ONVIF programs out of Debian's package, unpacked and not installed: it would bring a database and a web server.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KEPT = fileURLToPath(new URL('../../.cache/zoneminder', import.meta.url));

export interface ZoneMinder {
  /** Arguments for `perl`. */
  readonly trigger: string;
  readonly probe: string;
  /** For PERL5LIB: ours before theirs. */
  readonly libraries: string;
}

const run = (cwd: string, program: string, ...args: readonly string[]): void => {
  const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
};

/** Unpacks it at the first call, and keeps it. */
export const zoneMinder = async (): Promise<ZoneMinder> => {
  if (!existsSync(KEPT)) {
    await mkdir(join(KEPT, '..'), { recursive: true });
    const folder = await mkdtemp(`${KEPT}-`);
    run(folder, 'apt-get', 'download', '-qq', 'zoneminder');
    const [file = ''] = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
    run(folder, 'dpkg-deb', '-x', file, '.');
    await rm(join(folder, file));
    await rename(folder, KEPT);
  }
  const stub = fileURLToPath(new URL('../zoneminder', import.meta.url));
  return {
    trigger: join(KEPT, 'usr/bin/zmonvif-trigger.pl'),
    probe: join(KEPT, 'usr/bin/zmonvif-probe.pl'),
    libraries: `${stub}:${join(KEPT, 'usr/share/perl5')}`,
  };
};
