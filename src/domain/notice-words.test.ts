import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { storedStill } from '../testing/stills.ts';
import { cameraId, episodeId } from './ids.ts';
import { NOTICE_TYPES, TEST_TYPE } from './notice.ts';
import {
  episodeNotice,
  isNews,
  noticeBody,
  photoNotice,
  sightNotice,
  storeNotice,
  testNotice,
} from './notice-words.ts';
import { STILL_KINDS } from './still.ts';
import { epochMs, later, ms } from './units.ts';

const GARDEN = cameraId('garden');
const zone = 'Europe/Copenhagen';
const site = { zone, language: 'en', link: 'https://cam.example', cameraName: () => 'Garden' } as const;
const START = epochMs(Date.UTC(2026, 10, 23, 13, 32, 7));
const episode = episodeId(GARDEN, START);

describe('the words of a notice', () => {
  it('of a photo: the picture, its set, what changed, by links that are whole', () => {
    const calm = storedStill('garden/2026-11-23/14-32-07.jpg', {
      camera: GARDEN,
      kind: 'calm',
      episode,
      takenAt: START,
      claims: ['person'],
    });
    const before = storedStill('garden/2026-11-23/14-32-07.before.jpg', {
      camera: GARDEN,
      kind: 'before',
      episode,
      takenAt: later(START, ms(-9000)),
    });
    const notice = photoNotice(calm, [calm, before], site);
    expect(notice).toMatchObject({
      type: 'photo.taken',
      at: START,
      camera: GARDEN,
      causes: ['motion', 'person'],
      data: {
        camera: { id: 'garden', name: 'Garden', page: 'https://cam.example/cameras/garden' },
        photo: {
          id: calm.id,
          takenAt: '2026-11-23T14:32:07.000+01:00',
          sha256: calm.sha256,
          picture: `https://cam.example/snapshots/${calm.path}`,
          page: `https://cam.example/e/${episode}`,
        },
        before: { picture: `https://cam.example/snapshots/${before.path}` },
        peak: null,
      },
    });
    expect(JSON.parse(noticeBody(notice, zone))).toEqual({
      type: 'photo.taken',
      timestamp: '2026-11-23T14:32:07.000+01:00',
      data: notice.data,
    });
  });

  it('by links from the root where nobody said where the site is', () => {
    const alone = storedStill('garden/2026-11-23/14-32-07.jpg', {
      camera: GARDEN,
      kind: 'manual',
      episode: undefined,
      takenAt: START,
    });
    const { data, causes } = photoNotice(alone, [], { ...site, link: '' });
    expect(data['photo']).toMatchObject({ picture: `/snapshots/${alone.path}`, page: `/photo/${alone.id}` });
    expect(data['episode']).toBeNull();
    expect(causes).toEqual(['manual']);
  });

  it('what is news by itself', () => {
    expect(STILL_KINDS.filter((kind) => isNews({ kind }))).toEqual([
      'calm',
      'manual',
      'scheduled',
      'uploaded',
      'recovered',
    ]);
  });

  it('the same thing has the same id, another thing another', () => {
    const still = storedStill('garden/2026-11-23/14-32-07.jpg', {
      camera: GARDEN,
      kind: 'calm',
      episode,
      takenAt: START,
    });
    const ended = { camera: GARDEN, at: START, episode, end: 'calm', peakScore: 0.5 } as const;
    const blindness = { since: START, code: 'SW_CAM_LOST', facts: {}, isTold: true } as const;
    const sight = { camera: GARDEN, at: START, blindness } as const;
    const ids = (): readonly string[] => [
      photoNotice(still, [], site).id,
      episodeNotice(ended, site).id,
      sightNotice({ type: 'camera.blind', ...sight }, site).id,
      sightNotice({ type: 'camera.seeing', ...sight }, site).id,
      storeNotice([], undefined, START, site).id,
      testNotice('house', START, site).id,
    ];
    expect(ids()).toEqual(ids());
    expect(new Set(ids()).size).toBe(6);
    for (const id of ids()) expect(id).toMatch(/^msg_[A-Za-z0-9_-]+$/);
  });

  it('of a camera and of the disk', () => {
    const blindness = { since: START, code: 'SW_CAM_UNREACHABLE', facts: { host: 'x' }, isTold: true } as const;
    const at = later(START, ms(61_000));
    expect(sightNotice({ type: 'camera.blind', camera: GARDEN, at, blindness }, site).data).toMatchObject({
      blindSince: '2026-11-23T14:32:07.000+01:00',
      seconds: 61,
      trouble: { code: 'SW_CAM_UNREACHABLE' },
    });
    expect(sightNotice({ type: 'camera.seeing', camera: GARDEN, at, blindness }, site).data).not.toHaveProperty(
      'trouble',
    );
    const troubles = [
      { type: 'disk-full', free: 5 },
      { type: 'storage', code: 'SW_STORE_FULL' },
    ] as const;
    expect(storeNotice(troubles, { free: 5, total: 100 }, START, site).data).toEqual({
      freeBytes: 5,
      totalBytes: 100,
      troubles: ['disk-full', 'SW_STORE_FULL'],
      page: 'https://cam.example/storage',
    });
  });
});

it('docs/reference/webhooks.md has a heading for each type, and no other', () => {
  const page = readFileSync(new URL('../../docs/reference/webhooks.md', import.meta.url), 'utf8');
  const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, name]) => name);
  expect(headings).toEqual([...NOTICE_TYPES, TEST_TYPE]);
});
