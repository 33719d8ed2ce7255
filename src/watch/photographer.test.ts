import { describe, expect, it } from 'vitest';
import type { Camera } from '../domain/camera.ts';
import type { OpenEpisode } from '../domain/episode.ts';
import { StillwatchError } from '../domain/errors.ts';
import { cameraId, episodeId } from '../domain/ids.ts';
import type { Shot } from '../domain/still.ts';
import { readStillFacts } from '../domain/still-facts.ts';
import { ms, seconds } from '../domain/units.ts';
import type { StillDraft } from '../ports/spool.ts';
import type { StillSource } from '../ports/still-source.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { memorySpool } from '../testing/memory-spool.ts';
import { type Photographer, photographer } from './photographer.ts';

const camera: Camera = {
  id: cameraId('garden'),
  name: 'Garden',
  streams: { main: { url: 'rtsp://cam/stream1' }, sub: { url: 'rtsp://cam/stream2' } },
  rules: { calmPeriod: seconds(10), longestEpisode: seconds(300) },
  isDemo: false,
};

/** What one try does: give the photo after some seconds, fail, or hang until it is cut off. */
type Try = { readonly after: number } | { readonly fail: Error } | 'hang';

interface Studio {
  readonly clock: FakeClock;
  readonly photographer: Photographer;
  readonly accepted: readonly { readonly draft: StillDraft; readonly jpeg: Uint8Array }[];
  readonly facts: readonly WatchFact[];
  readonly tries: () => number;
  readonly episode: OpenEpisode;
}

const studio = async (tries: readonly Try[], storage?: Error): Promise<Studio> => {
  const clock = fakeClock();
  const jpeg = await testJpeg(1);
  const accepted: { draft: StillDraft; jpeg: Uint8Array }[] = [];
  const facts: WatchFact[] = [];
  let count = 0;
  const source: StillSource = {
    name: 'main-stream',
    async take({ signal }): Promise<Shot> {
      const next = tries[Math.min(count, tries.length - 1)] ?? 'hang';
      count += 1;
      if (next === 'hang') await clock.sleep(ms(1e12), signal);
      else if ('fail' in next) throw next.fail;
      else await clock.sleep(seconds(next.after), signal);
      return { jpeg, width: 64, height: 48, takenAt: clock.now().wall, source: 'main-stream', delay: ms(10) };
    },
  };
  const at = clock.now();
  const shelf = memorySpool();
  const made = photographer({
    words: () => ({}),
    camera,
    sources: [source],
    spool: {
      accept: async (draft, bytes) => {
        if (storage) throw storage;
        accepted.push({ draft, jpeg: bytes });
        return { ...draft, bytes: bytes.length, sha256: '' };
      },
      pending: async () => [],
      release: async () => undefined,
      setAside: async () => undefined,
    },
    shelf: { spool: shelf, read: shelf.read },
    reader: {
      read: async () => ({ luma: new Uint8Array(57_600), blue: new Uint8Array(14_400), red: new Uint8Array(14_400) }),
    },
    link: () => ({ isCostly: false, streamLimit: undefined, streamsOpen: 1 }),
    clock,
    random: () => 0.5,
    zone: 'Europe/Copenhagen',
    telemetry: { tell: (fact) => void facts.push(fact) },
  });
  // What an earlier process left is looked at first.
  await clock.advance(ms(0));
  return {
    clock,
    accepted,
    facts,
    tries: () => count,
    photographer: made,
    episode: {
      id: episodeId(camera.id, at.wall),
      cause: 'pixels',
      startedAt: at,
      seenSince: at,
      lastMotionAt: at,
      peakAt: at,
      peakScore: 0.5,
    },
  };
};
const outcomes = (s: Studio): readonly string[] =>
  s.facts.map((fact) => (fact.type === 'still-missed' ? fact.code : fact.type));

describe('a photographer', () => {
  it('has the photo accepted with its facts inside the file, and tells it after that', async () => {
    const s = await studio([{ after: 1 }]);
    s.photographer.take({ kind: 'calm', episode: s.episode });
    await s.clock.advance(seconds(2));
    expect(outcomes(s)).toEqual(['still-accepted']);
    const [photo] = s.accepted;
    expect(photo?.draft).toMatchObject({ camera: 'garden', kind: 'calm', cause: 'pixels', offsetMinutes: 60 });
    expect(readStillFacts(photo?.jpeg ?? new Uint8Array())).toMatchObject({ id: photo?.draft.id, kind: 'calm' });
  });

  it('tries again after a passing trouble', async () => {
    const lost = { fail: new StillwatchError('SW_CAM_LOST') };
    const s = await studio([lost, lost, { after: 1 }]);
    s.photographer.take({ kind: 'calm', episode: s.episode });
    await s.clock.advance(seconds(10));
    expect(outcomes(s)).toEqual(['still-accepted']);
    expect(s.tries()).toBe(3);
  });

  it('gives the named reason when nothing helps', async () => {
    const s = await studio([{ fail: new StillwatchError('SW_STILL_DAMAGED', { detail: 'grey' }) }]);
    s.photographer.take({ kind: 'calm', episode: s.episode });
    await s.clock.advance(seconds(60));
    expect(outcomes(s)).toEqual(['SW_STILL_DAMAGED']);
    expect(s.tries()).toBe(5);
  });

  it('does not try a refused password twice', async () => {
    const s = await studio([{ fail: new StillwatchError('SW_CAM_AUTH') }]);
    s.photographer.take({ kind: 'calm', episode: s.episode });
    await s.clock.advance(seconds(60));
    expect(outcomes(s)).toEqual(['SW_CAM_AUTH']);
    expect(s.tries()).toBe(1);
  });

  it('cuts off a camera that hangs, and asks again', async () => {
    const s = await studio(['hang', { after: 1 }]);
    s.photographer.take({ kind: 'calm', episode: s.episode });
    await s.clock.advance(seconds(20));
    expect(outcomes(s)).toEqual(['still-accepted']);
  });

  it('names what the disk said', async () => {
    const s = await studio([{ after: 1 }], new StillwatchError('SW_STORE_FULL', { path: 'spool' }));
    s.photographer.take({ kind: 'calm', episode: s.episode });
    await s.clock.advance(seconds(5));
    expect(outcomes(s)).toEqual(['SW_STORE_FULL']);
  });

  it('gives up the oldest waiting order, by name, when a camera gives nothing', async () => {
    const s = await studio(['hang']);
    for (let order = 0; order < 7; order += 1) s.photographer.take({ kind: 'calm', episode: s.episode });
    expect(outcomes(s)).toEqual(['SW_STILL_BACKLOG', 'SW_STILL_BACKLOG']);
  });

  it('takes one photo at a time, in order', async () => {
    const s = await studio([{ after: 2 }]);
    s.photographer.take({ kind: 'calm', episode: s.episode });
    s.photographer.take({ kind: 'manual', episode: undefined });
    await s.clock.advance(seconds(3));
    expect(s.tries()).toBe(2);
    await s.clock.advance(seconds(3));
    expect(s.accepted.map((photo) => photo.draft.kind)).toEqual(['calm', 'manual']);
  });

  it('finishes the photo in flight when it is closed, and names the ones it refuses', async () => {
    const s = await studio([{ after: 3 }]);
    s.photographer.take({ kind: 'calm', episode: s.episode });
    s.photographer.take({ kind: 'calm', episode: s.episode });
    const closed = s.photographer.close();
    s.photographer.take({ kind: 'calm', episode: s.episode });
    await s.clock.advance(seconds(4));
    await closed;
    expect(outcomes(s)).toEqual(['SW_CAPTURE_DIED', 'SW_CAPTURE_DIED', 'still-accepted']);
  });

  it('does not wait for ever when it is closed', async () => {
    const s = await studio(['hang']);
    s.photographer.take({ kind: 'calm', episode: s.episode });
    const closed = s.photographer.close();
    await s.clock.advance(seconds(6));
    await closed;
    expect(outcomes(s)).toHaveLength(1);
    expect(s.accepted).toHaveLength(0);
  });
});
