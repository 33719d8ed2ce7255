// The support report of a site whose every secret is a canary.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { command, makeSite } from './support/command.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stillwatch-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('tells what helps and none of the secrets, also from the log', async () => {
  const canaries = { CAMERA_IP: '10.99.88.77', USRNAME: 'canary-user', PASSWORD: 'canary pa"ss%1' };
  await makeSite(folder, [Date.UTC(2026, 10, 1)], { ...canaries, PASSWORD: `'${canaries.PASSWORD}'`, KEEP_DAYS: 30 });
  const login = Buffer.from(`${canaries.USRNAME}:${canaries.PASSWORD}`).toString('base64');
  await writeFile(
    join(folder, 'out.log'),
    [
      '14:32:07 ! tapo BLIND SW_CAM_LOST',
      `DESCRIBE rtsp://${canaries.USRNAME}:${encodeURIComponent(canaries.PASSWORD)}@${canaries.CAMERA_IP}/stream1`,
      `{"password":${JSON.stringify(canaries.PASSWORD)}}`,
      `Authorization: Basic ${login}`,
    ].join('\n'),
  );
  const { code, stdout, stderr } = await command(folder, ['report-support', '--log', 'out.log']);
  expect([code, stderr]).toEqual([0, '']);
  const said = JSON.parse(stdout) as { archive: object; log: string[]; settings: Record<string, string> };
  expect(said.archive).toMatchObject({ photos: 0, waiting: 0 });
  expect(said.settings['KEEP_DAYS']).toBe('30');
  expect(said.log[0]).toContain('SW_CAM_LOST');
  for (const canary of ['10.99.88.77', 'canary', login.slice(0, 20)]) expect(stdout).not.toContain(canary);
});
