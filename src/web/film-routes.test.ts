import { expect, it } from 'vitest';
import { newContact } from '../domain/contact.ts';
import { filmName } from '../domain/film.ts';
import { cameraId, episodeId } from '../domain/ids.ts';
import { INBOX_LIMITS, type InboxSettings } from '../domain/inbox.ts';
import { type Principal, ROLE_PERMISSIONS } from '../domain/permission.ts';
import { epochMs, later, ms } from '../domain/units.ts';
import { memoryFilms } from '../testing/memory-clip-store.ts';
import { SOME_TIME } from '../testing/stills.ts';
import { GARDEN, type WebStage, webStage } from '../testing/web-stage.ts';

const FOREST = cameraId('forest');
const TAKEN = epochMs(SOME_TIME - 3_600_000);
const MP4 = filmName(TAKEN, 'c0ffee12', 'mp4');
const AVI = filmName(later(TAKEN, ms(30_000)), 'deadbeef', 'avi');
const PATH = `/cameras/forest/films/${MP4}`;
const HOST = { host: 'localhost' };

const settings: InboxSettings = {
  cameras: [{ id: FOREST, name: 'Forest edge', limits: INBOX_LIMITS, keepClips: ms(86_400_000) }],
  bind: '127.0.0.1',
  burstGap: ms(60_000),
  burstWait: ms(20_000),
};
const viewerOf = (cameras: Principal['cameras']): Principal => ({
  kind: 'user',
  id: 'ib',
  name: 'Ib',
  permissions: ROLE_PERMISSIONS.viewer,
  cameras,
});

const stageOf = async (cameras: Principal['cameras'] = 'all'): Promise<WebStage> => {
  const films = memoryFilms();
  await films.keep(FOREST, MP4, Buffer.from('0123456789'));
  await films.keep(FOREST, AVI, Buffer.from('RIFF'));
  await films.keep(FOREST, filmName(later(TAKEN, ms(600_000)), 'badcab1e', 'mp4'), Buffer.from('later'));
  const inbox = { settings, contactOf: newContact, films };
  return webStage({ inbox, identify: async () => viewerOf(cameras) });
};

it('sends a film whole, or the part that a player asks for', async () => {
  const { app } = await stageOf();
  const whole = await app.inject({ url: PATH, headers: HOST });
  expect([whole.statusCode, whole.body, whole.headers['content-type']]).toEqual([200, '0123456789', 'video/mp4']);
  expect(whole.headers['accept-ranges']).toBe('bytes');
  expect(whole.headers['content-security-policy']).toContain('sandbox');
  expect(whole.headers['cache-control']).toContain('private');
  const part = await app.inject({ url: PATH, headers: { ...HOST, range: 'bytes=2-4' } });
  expect([part.statusCode, part.body]).toEqual([206, '234']);
  expect([part.headers['content-range'], part.headers['content-length']]).toEqual(['bytes 2-4/10', '3']);
  const beyond = await app.inject({ url: PATH, headers: { ...HOST, range: 'bytes=10-' } });
  expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, 'bytes */10']);
  const head = await app.inject({ method: 'HEAD', url: PATH, headers: HOST });
  expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', '10']);
});

it('has nothing for those who may not see that camera, nor of what is no film', async () => {
  const { app } = await stageOf([GARDEN]);
  expect((await app.inject({ url: PATH, headers: HOST })).statusCode).toBeGreaterThanOrEqual(403);
  const { app: open } = await stageOf();
  const paths = ['/cameras/garden/films/', '/cameras/forest/films/..%2f..%2faccounts.sqlite', `${PATH}x`];
  for (const url of [...paths, `/cameras/garden/films/${MP4}`])
    expect((await open.inject({ url, headers: HOST })).statusCode, url).toBe(404);
});

it('stands on the page of the happening whose photos were taken from it', async () => {
  const stage = await stageOf();
  const { app } = stage;
  const episode = episodeId(FOREST, TAKEN);
  for (const [after, kind] of [
    [0, 'before'],
    [4000, 'peak'],
    [31_000, 'uploaded'],
  ] as const)
    await stage.add({ camera: FOREST, episode, kind, source: 'upload', takenAt: later(TAKEN, ms(after)) });
  const { body } = await app.inject({ url: `/e/${episode}`, headers: { ...HOST, accept: 'text/html' } });
  expect(body).toContain('The films it comes from');
  expect(body.match(/<video/g)).toHaveLength(1);
  expect(body).toContain(`href="/cameras/forest/films/${AVI}"`);
  expect(body).toContain('AVI, which browsers do not play');
  expect(body).not.toContain('badcab1e');
});
