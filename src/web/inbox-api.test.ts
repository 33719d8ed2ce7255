import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { afterEach, expect, it } from 'vitest';
import { type ConfigFile, openConfigFile } from '../config/config-file.ts';
import { ROLE_PERMISSIONS } from '../domain/permission.ts';
import { temporaryFolders } from '../testing/temporary-folder.ts';
import { type WebStage, webStage } from '../testing/web-stage.ts';
import type { NewKeyView } from './wire-pushed.ts';

const newFolder = temporaryFolders();
let stage: WebStage;
afterEach(() => stage.app.close());

/** @param secrets by the names of their files */
const open = async (
  document?: string,
  secrets: Readonly<Record<string, string>> = {},
): Promise<{ readonly folder: string; readonly config: ConfigFile }> => {
  const folder = newFolder();
  if (document !== undefined) writeFileSync(join(folder, 'stillwatch.yml'), document);
  for (const [name, secret] of Object.entries(secrets)) {
    mkdirSync(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'secrets', name), secret, { mode: 0o600 });
  }
  const config = openConfigFile(folder, {});
  const owner = { kind: 'token', id: 'a', name: 'Anna', permissions: ROLE_PERMISSIONS.owner, cameras: 'all' } as const;
  stage = await webStage({ config, identify: async () => owner });
  return { folder, config };
};
const ask = (method: 'POST' | 'DELETE' | 'GET', url: string, payload?: object): Promise<LightMyRequestResponse> =>
  stage.app.inject({
    method,
    url: `/api/v1/inbox/cameras${url}`,
    headers: { host: 'localhost' },
    ...(payload && { payload }),
  });

it('a site without any gets its first camera that sends by itself, a key for it, and the door it comes through', async () => {
  const { folder, config } = await open();
  expect((await ask('GET', '')).json()).toEqual({ items: [] });
  const answer = await ask('POST', '', {
    id: 'lake',
    name: 'The lake',
    doors: ['ftp'],
    settings: { keepClips: '30d' },
  });
  expect(answer.statusCode, answer.body).toBe(201);
  const { key, ...rest } = answer.json<NewKeyView>();
  expect(rest).toEqual({ id: 'lake', user: 'lake', awaitsRestart: true });
  expect(key).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{20}$/);
  const written = readFileSync(join(folder, 'stillwatch.yml'), 'utf8');
  expect(written).not.toContain(key);
  const { inbox } = openConfigFile(folder, {}).settings;
  expect(inbox?.ftp?.port).toBe(2121);
  expect(inbox?.cameras).toMatchObject([{ id: 'lake', name: 'The lake', keepClips: 30 * 86_400_000 }]);
  expect(inbox?.cameras[0]?.key?.reveal()).toBe(key);
  expect(config.read().problems).toEqual([]);
});

it('a new key makes the former void, and nothing of a camera that is taken out stays behind', async () => {
  const { folder } = await open();
  const secrets = (): readonly string[] => readdirSync(join(folder, 'secrets'));
  // As long as an id may be.
  const id = `lake-${'x'.repeat(35)}`;
  const first = (await ask('POST', '', { id })).json<NewKeyView>();
  const second = (await ask('POST', `/${id}/key`)).json<NewKeyView>();
  expect(second.key).not.toBe(first.key);
  expect(openConfigFile(folder, {}).settings.inbox?.cameras[0]?.key?.reveal()).toBe(second.key);
  expect(secrets()).toHaveLength(1);
  expect((await ask('DELETE', `/${id}`)).statusCode).toBe(204);
  expect(secrets()).toEqual([]);
  expect(openConfigFile(folder, {}).settings.inbox?.cameras).toEqual([]);
});

it('what is refused is written nowhere', async () => {
  const { folder } = await open();
  await ask('POST', '', { id: 'lake' });
  const before = readFileSync(join(folder, 'stillwatch.yml'), 'utf8');
  for (const [payload, status] of [
    [{ id: 'lake' }, 409],
    [{ id: 'No' }, 400],
    [{ id: 'pond', settings: { keepClips: 'long' } }, 422],
    [{ id: 'pond', settings: { recognise: { through: 'laek' } } }, 422],
  ] as const) {
    const answer = await ask('POST', '', payload);
    expect(answer.statusCode, answer.body).toBe(status);
  }
  expect(readFileSync(join(folder, 'stillwatch.yml'), 'utf8')).toBe(before);
  expect(readdirSync(join(folder, 'secrets'))).toHaveLength(1);
});

it('a key file that another camera names as well stays when one of them gets another, or is taken out', async () => {
  const { folder } = await open(
    'inbox:\n  cameras:\n    lake: { key: { file: secrets/both } }\n    pond: { key: { file: secrets/both } }\n',
    { both: 'a-key-of-two-cameras-4' },
  );
  const secrets = (): readonly string[] => readdirSync(join(folder, 'secrets'));
  expect((await ask('POST', '/lake/key')).statusCode).toBe(201);
  expect(secrets()).toContain('both');
  expect((await ask('POST', '/lake/key')).statusCode).toBe(201);
  expect(secrets()).toHaveLength(2);
  expect((await ask('DELETE', '/pond')).statusCode).toBe(204);
  expect(secrets()).not.toContain('both');
  expect(secrets()).toHaveLength(1);
});
