// The counterparts that other people wrote and Debian ships: installed when we may, named in one line when we may not.

import { spawnSync } from 'node:child_process';

/** What the end-to-end tests talk to. */
const PACKAGES: readonly string[] = [
  'chromium',
  'curl',
  'dovecot-imapd',
  'e2fsprogs',
  'ffmpeg',
  'fonts-dejavu-core',
  'gcc',
  'gir1.2-gst-rtsp-server-1.0',
  'gstreamer1.0-libav',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-ugly',
  'gstreamer1.0-rtsp',
  'libc6-dev',
  'libclass-std-fast-perl',
  'libdata-dump-perl',
  'libdata-uuid-perl',
  'libdbi-perl',
  'libheif-examples',
  'libimage-exiftool-perl',
  'libio-socket-multicast-perl',
  'libonvif-dev',
  'lftp',
  'libnet-ssleay-perl',
  'libsoap-lite-perl',
  'libsoap-wsdl-perl',
  'libxml-libxml-perl',
  'libxml2-dev',
  'lighttpd',
  'openssl',
  'perl',
  'python3-gi',
  'shellcheck',
  'strace',
  'swaks',
];

const missing = (): string[] =>
  PACKAGES.filter((name) => {
    const query = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
    return !query.stdout?.includes('install ok installed');
  });

const run = (args: readonly string[]): boolean =>
  spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0;

/** Vitest's global set-up of the end-to-end project. @throws Error naming what is missing */
export const setup = (): void => {
  let needed = missing();
  if (needed.length === 0) return;
  const mayInstall = process.getuid?.() === 0;
  if (mayInstall) {
    process.stdout.write(`Installing for the end-to-end tests: ${needed.join(' ')}\n`);
    run(['update', '-qq']);
    run(['install', '-y', '-qq', '--no-install-recommends', ...needed]);
    needed = missing();
  }
  if (needed.length > 0) throw new Error(`The end-to-end tests need: apt-get install ${needed.join(' ')}`);
};
