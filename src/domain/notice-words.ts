// Notices and what stands in each, as docs/reference/webhooks.md describes it. Times carry the site's offset; links are whole
// where the owner said what address the site has, else they begin with `/`.

import { isoText, type TimeZone } from './civil-time.ts';
import type { EpisodeEnd } from './episode.ts';
import { errorText, type Language } from './errors.ts';
import { type CameraId, type EpisodeId, episodeStart } from './ids.ts';
import { type Notice, type NoticeWord, noticeId, type PhotoCause, TEST_TYPE } from './notice.ts';
import type { ReadinessTrouble } from './readiness.ts';
import type { SightNews } from './sight-watch.ts';
import type { StillKind, StoredStill } from './still.ts';
import { between, type EpochMs } from './units.ts';

export interface NoticeSite {
  readonly zone: TimeZone;
  readonly language: Language;
  /** Where the site is reached, without a slash at the end; empty: nobody said. */
  readonly link: string;
  readonly cameraName: (camera: CameraId) => string;
}

type Words = Notice['data'];

const cameraWords = (camera: CameraId, { cameraName, link }: NoticeSite): Words => ({
  id: camera,
  name: cameraName(camera),
  page: `${link}/cameras/${camera}`,
});

const picturePath = (still: Pick<StoredStill, 'path'>, { link }: NoticeSite): string =>
  `${link}/snapshots/${still.path}`;

const episodePage = (episode: EpisodeId, { link }: NoticeSite): string => `${link}/e/${episode}`;

/** The other two of a set come with the photo; by themselves they are no news. What was found in the folder is old. */
const PARTS: ReadonlySet<StillKind> = new Set(['before', 'peak', 'adopted']);
export const isNews = ({ kind }: Pick<StoredStill, 'kind'>): boolean => !PARTS.has(kind);

const causesOf = ({ kind, source, claims }: StoredStill): readonly PhotoCause[] => {
  if (kind === 'manual' || kind === 'scheduled' || kind === 'uploaded') return [kind];
  if (source === 'upload') return ['uploaded', ...(claims ?? [])];
  return [...new Set<PhotoCause>(['motion', ...(claims ?? [])])];
};

/** @param set the stills of the same happening, the photo itself or not */
export const photoNotice = (still: StoredStill, set: readonly StoredStill[], site: NoticeSite): Notice => {
  const { id, camera, takenAt, kind, episode, change, claims } = still;
  const part = (wanted: StillKind): NoticeWord => {
    const found = set.find((one) => one.kind === wanted && one.episode === episode);
    return found ? { picture: picturePath(found, site), takenAt: isoText(found.takenAt, site.zone) } : null;
  };
  const causes = causesOf(still);
  return {
    id: noticeId('photo.taken', id),
    type: 'photo.taken',
    at: takenAt,
    camera,
    verdict: change?.verdict,
    causes,
    data: {
      camera: cameraWords(camera, site),
      photo: {
        id,
        kind,
        takenAt: isoText(takenAt, site.zone),
        width: still.width,
        height: still.height,
        bytes: still.bytes,
        sha256: still.sha256,
        picture: picturePath(still, site),
        page: episode === undefined ? `${site.link}/photo/${id}` : episodePage(episode, site),
        isDemo: still.isDemo,
      },
      episode: episode ?? null,
      causes,
      claims: claims ?? [],
      change: change ? { verdict: change.verdict, perMille: change.perMille } : null,
      before: episode === undefined ? null : part('before'),
      peak: episode === undefined ? null : part('peak'),
    },
  };
};

export interface EndedEpisode {
  readonly camera: CameraId;
  readonly at: EpochMs;
  readonly episode: EpisodeId;
  readonly end: EpisodeEnd;
  readonly peakScore: number;
}

export const episodeNotice = ({ camera, at, episode, end, peakScore }: EndedEpisode, site: NoticeSite): Notice => ({
  id: noticeId('episode.ended', episode),
  type: 'episode.ended',
  at,
  camera,
  data: {
    camera: cameraWords(camera, site),
    episode: {
      id: episode,
      startedAt: isoText(episodeStart(episode), site.zone),
      endedAt: isoText(at, site.zone),
      seconds: Math.round(between(episodeStart(episode), at) / 1000),
      end,
      peakScore: Math.round(peakScore * 100) / 100,
      page: episodePage(episode, site),
    },
  },
});

export const sightNotice = ({ type, camera, at, blindness }: SightNews, site: NoticeSite): Notice => {
  const { since, code, facts } = blindness;
  return {
    id: noticeId(type, `${camera}-${since.toString(36)}`),
    type,
    at,
    camera,
    data: {
      camera: cameraWords(camera, site),
      blindSince: isoText(since, site.zone),
      seconds: Math.round(between(since, at) / 1000),
      // What ended is told by its end: the last reason may be another process's.
      ...(type === 'camera.blind' ? { trouble: { code, text: errorText(code, facts, site.language) } } : {}),
    },
  };
};

/** Why photos may soon not be kept, or are not any more. */
export const storeNotice = (
  troubles: readonly ReadinessTrouble[],
  disk: { readonly free: number; readonly total: number } | undefined,
  at: EpochMs,
  { link }: NoticeSite,
): Notice => ({
  id: noticeId('store.low', at.toString(36)),
  type: 'store.low',
  at,
  camera: undefined,
  data: {
    freeBytes: disk?.free ?? null,
    totalBytes: disk?.total ?? null,
    troubles: troubles.map((trouble) => (trouble.type === 'storage' ? trouble.code : trouble.type)),
    page: `${link}/storage`,
  },
});

/** @param receiver in whose name it is tried out; the id is another one each time */
export const testNotice = (receiver: string, at: EpochMs, { link }: Pick<NoticeSite, 'link'>): Notice => ({
  id: noticeId(TEST_TYPE, `${receiver}-${at.toString(36)}`),
  type: TEST_TYPE,
  at,
  camera: undefined,
  data: { receiver, text: 'Stillwatch reaches you.', page: `${link}/notifications` },
});

/** The body that is sent: the members every Standard Webhooks receiver looks for. */
export const noticeBody = ({ type, at, data }: Notice, zone: TimeZone): string =>
  JSON.stringify({ type, timestamp: isoText(at, zone), data });
