import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { CameraIdentity } from '../../domain/identity.ts';
import { cameraId } from '../../domain/ids.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { fsIdentities } from './identities.ts';

const folder = temporaryFolders();

const IDENTITY: CameraIdentity = {
  name: 'Gård',
  make: 'AXIS',
  model: 'P3245',
  firmware: '5.10',
  serial: '00420',
  hardwareId: undefined,
  host: '192.168.1.50',
  mac: 'ac:cc:8e:0a:11:22',
  macRule: 'only-interface',
  ports: [{ protocol: 'HTTP', port: 80, isEnabled: true }],
  scopes: ['onvif://www.onvif.org/Profile/T'],
};

it('gives back who each camera was, to the letter, after several were told at once', async () => {
  const file = join(folder(), 'identities.json');
  const identities = fsIdentities(file);
  expect(await identities.all()).toEqual(new Map());
  await Promise.all(['a', 'b', 'c'].map((id) => identities.put(cameraId(id), IDENTITY)));
  await identities.put(cameraId('b'), { ...IDENTITY, host: '192.168.1.77' });
  const kept = await fsIdentities(file).all();
  expect([...kept.keys()].sort()).toEqual(['a', 'b', 'c']);
  // Ports belong to the moment.
  expect(kept.get(cameraId('a'))).toEqual({ ...IDENTITY, ports: [] });
  expect(kept.get(cameraId('b'))?.host).toBe('192.168.1.77');
});

it('knows nobody when the file is not what it wrote, and writes it anew', async () => {
  const file = join(folder(), 'identities.json');
  for (const content of ['', '{', 'null', '[1]', '{"a":{"host":1}}', '{"../x":{"host":"h","macRule":"none"}}']) {
    await writeFile(file, content);
    expect(await fsIdentities(file).all(), content).toEqual(new Map());
  }
  await fsIdentities(file).put(cameraId('a'), IDENTITY);
  expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('a.serial', '00420');
});
