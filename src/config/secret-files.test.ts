// What NUUO's "Peekaboo" teaches: whoever gets at one file of a recorder must not have every camera's password.

import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Secret } from '../domain/secret.ts';
import { temporaryFolders } from '../testing/temporary-folder.ts';
import { openConfigFile } from './config-file.ts';
import { dropSecretFile, putSecretFile } from './secret-files.ts';

const folders = temporaryFolders();
const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('a secret in a file of its own', () => {
  it('is for the program’s user alone, and nothing half written stays', async () => {
    const folder = folders();
    expect(await putSecretFile(folder, 'camera-garden-1', new Secret('canary-7'))).toEqual({
      file: 'secrets/camera-garden-1',
    });
    expect(await mode(join(folder, 'secrets'))).toBe('700');
    expect(await mode(join(folder, 'secrets/camera-garden-1'))).toBe('600');
    expect(await readdir(join(folder, 'secrets'))).toEqual(['camera-garden-1']);
  });

  it('is in no document, no copy of the last good one, and nothing that is printed', async () => {
    const folder = folders();
    const place = (await putSecretFile(folder, 'camera-garden-1', new Secret('canary-7'))) as { file: string };
    await writeFile(
      join(folder, 'stillwatch.yml'),
      `cameras:\n  garden:\n    address: 192.0.2.5\n    user: admin\n    password: {file: ${place.file}}\n`,
    );
    const config = openConfigFile(folder, {});
    const stop = new AbortController();
    config.follow(() => undefined, stop.signal);
    stop.abort();
    expect(config.settings.cameras[0]?.streams.main.credentials?.password.reveal()).toBe('canary-7');
    const told = JSON.stringify([config.settings, config.effective, config.read()]);
    expect(told).not.toContain('canary-7');
    for (const name of (await readdir(folder)).filter((each) => each !== 'secrets')) {
      expect(await readFile(join(folder, name), 'utf8'), name).not.toContain('canary-7');
    }
  });

  it('that the owner put elsewhere is the owner’s: it is not taken away', async () => {
    const folder = folders();
    await mkdir(join(folder, 'secrets'));
    for (const name of ['mine', 'secrets/kept']) await writeFile(join(folder, name), 'x');
    for (const file of ['mine', '../mine', 'secrets/../mine', '/etc/hostname']) await dropSecretFile(folder, { file });
    expect(await readFile(join(folder, 'mine'), 'utf8')).toBe('x');
    await dropSecretFile(folder, { file: 'secrets/kept' });
    expect(await readdir(join(folder, 'secrets'))).toEqual([]);
  });
});

describe('a secret that systemd hands over', () => {
  const yml = 'cameras:\n  garden:\n    address: 192.0.2.5\n    user: admin\n    password: {credential: garden}\n';

  it('is read from the folder that systemd names, and told when it is not there', async () => {
    const [folder, credentials] = [folders(), folders()];
    await writeFile(join(folder, 'stillwatch.yml'), yml);
    await writeFile(join(credentials, 'garden'), 'canary-8\n', { mode: 0o400 });
    const config = openConfigFile(folder, { CREDENTIALS_DIRECTORY: credentials });
    expect(config.settings.cameras[0]?.streams.sub.credentials?.password.reveal()).toBe('canary-8');
    const without = openConfigFile(folder, {});
    expect(without.settings.cameras).toEqual([]);
    expect(without.read().problems).toMatchObject([{ code: 'SW_CONFIG_SECRET', camera: 'garden', line: 5 }]);
    const other = openConfigFile(folder, { CREDENTIALS_DIRECTORY: folders() });
    expect(other.read().problems[0]?.facts['detail']).toBe('ENOENT');
  });
});
