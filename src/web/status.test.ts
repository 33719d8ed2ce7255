import { describe, expect, it } from 'vitest';
import { cameraId, episodeId, type StillId } from '../domain/ids.ts';
import { epochMs, ms, seconds } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { type CameraStatus, foldFact, newStatus, type Status, sceneOf } from './status.ts';
import { type LiveEvent, statusFeed } from './status-feed.ts';

const camera = cameraId('garden');
const START = 1_000_000;
const at = (second: number) => epochMs(START + second * 1000);
const episode = episodeId(camera, at(10));
const next = episodeId(camera, at(20));
const watched = { id: camera, name: 'Garden', isDemo: false, rules: { calmPeriod: seconds(10) } };

const seeing = (second: number): WatchFact => ({ type: 'seeing', camera, at: at(second), codec: 'h264' });
const blind = (second: number, code: 'SW_CAM_LOST' | 'SW_CAPTURE_DIED' = 'SW_CAM_LOST'): WatchFact => ({
  type: 'blind',
  camera,
  at: at(second),
  code,
  facts: { host: 'x' },
  retryAt: at(second + 2),
});
const opened = (second: number, id = episode): WatchFact => ({
  type: 'episode-opened',
  camera,
  at: at(second),
  episode: id,
  cause: 'pixels',
});
const moving = (second: number, id = episode): WatchFact => ({
  type: 'moving',
  camera,
  at: at(second),
  episode: id,
  score: 0.5,
  calmAt: at(second + 10),
});
const ended = (second: number, end: 'calm' | 'longest' = 'calm'): WatchFact => ({
  type: 'episode-ended',
  camera,
  at: at(second),
  episode,
  end,
  peakScore: 0.5,
});
const accepted = (second: number, kind: 'calm' | 'before' = 'calm'): WatchFact => ({
  type: 'still-accepted',
  camera,
  at: at(second),
  episode,
  still: '0'.repeat(32) as StillId,
  kind,
  source: 'main-stream',
  width: 2560,
  height: 1440,
  delay: ms(600),
});
const missed = (second: number, kind: 'calm' | 'peak' = 'calm'): WatchFact => ({
  type: 'still-missed',
  camera,
  at: at(second),
  episode,
  kind,
  code: 'SW_STILL_DAMAGED',
  facts: { detail: 'x' },
});

const fold = (...facts: readonly WatchFact[]): Status => facts.reduce(foldFact, newStatus([watched], epochMs(START)));
const only = (status: Status): CameraStatus => status.cameras[0] as CameraStatus;

describe('foldFact', () => {
  const cases: readonly (readonly [string, readonly WatchFact[], Partial<CameraStatus>, string | undefined])[] = [
    ['nothing yet', [], { sight: 'starting', since: at(0) }, undefined],
    ['seen', [seeing(1)], { sight: 'seeing', since: at(1) }, 'calm'],
    ['seen twice', [seeing(1), seeing(5)], { since: at(1) }, 'calm'],
    ['something moves', [seeing(1), opened(10)], { episode: { id: episode, calmAt: at(20) } }, 'moving'],
    ['it goes on moving', [seeing(1), opened(10), moving(14)], { episode: { id: episode, calmAt: at(24) } }, 'moving'],
    ['calm again', [seeing(1), opened(10), ended(20)], { episode: undefined, isTaking: true }, 'taking'],
    ['photo taken', [seeing(1), opened(10), ended(20), accepted(21)], { isTaking: false }, 'calm'],
    [
      'a sibling is not the photo',
      [seeing(1), opened(10), ended(20), accepted(21, 'before')],
      { isTaking: true },
      'taking',
    ],
    [
      'photo missed',
      [seeing(1), opened(10), ended(20), missed(21)],
      { isTaking: false, missed: { at: at(21), code: 'SW_STILL_DAMAGED', facts: { detail: 'x' }, retryAt: undefined } },
      'calm',
    ],
    [
      'a missed sibling is no missed photo',
      [seeing(1), opened(10), ended(20), missed(21, 'peak')],
      { missed: undefined, isTaking: true },
      'taking',
    ],
    ['a photo after a missed one', [seeing(1), missed(5), ended(20), accepted(21)], { missed: undefined }, 'calm'],
    ['blind says nothing of the scene', [seeing(1), blind(5)], { sight: 'blind', since: at(5) }, undefined],
    ['blind in an episode', [seeing(1), opened(10), blind(12)], { sight: 'blind' }, undefined],
    [
      'blind since the first time',
      [seeing(1), blind(5), blind(9)],
      { since: at(5), trouble: { at: at(9), code: 'SW_CAM_LOST', facts: { host: 'x' }, retryAt: at(11) } },
      undefined,
    ],
    ['seen again', [seeing(1), blind(5), seeing(8)], { sight: 'seeing', since: at(8), trouble: undefined }, 'calm'],
    [
      'seen again in an episode: the calm period starts again',
      [seeing(1), opened(10), blind(12), seeing(30)],
      { episode: { id: episode, calmAt: at(40) } },
      'moving',
    ],
    [
      'a photo in flight dies with its process',
      [seeing(1), ended(20), blind(21, 'SW_CAPTURE_DIED')],
      { isTaking: false },
      undefined,
    ],
    ['a photo in flight outlives a lost stream', [seeing(1), ended(20), blind(21)], { isTaking: true }, undefined],
    [
      'an episode that never calms is cut and goes on',
      [seeing(1), opened(10), moving(14), ended(15, 'longest'), opened(15, next)],
      { isTaking: true, episode: { id: next, calmAt: at(24) } },
      'moving',
    ],
    [
      'a new episode while the photo is taken',
      [seeing(1), opened(10), ended(20), opened(21, next)],
      { isTaking: true, episode: { id: next, calmAt: at(31) } },
      'moving',
    ],
  ];

  it.each(cases)('%s', (_, facts, expected, scene) => {
    const status = fold(...facts);
    expect(only(status)).toMatchObject(expected);
    expect(sceneOf(only(status))).toBe(scene);
  });

  it('gives the same reference back for what changes nothing', () => {
    const status = fold(seeing(1));
    expect(foldFact(status, { type: 'packets-lost', camera, at: at(2), lost: 3, seconds: 10 })).toBe(status);
    expect(foldFact(status, { ...seeing(2), camera: cameraId('other') })).toBe(status);
    expect(foldFact(status, accepted(3, 'before'))).toBe(status);
  });

  it('touches only the camera that the fact is about', () => {
    const two = newStatus([watched, { ...watched, id: cameraId('shed') }], epochMs(START));
    const after = foldFact(two, seeing(1));
    expect(after.cameras[1]).toBe(two.cameras[1]);
    expect(after.cameras[0]).not.toBe(two.cameras[0]);
  });
});

describe('statusFeed', () => {
  const listen = (...facts: readonly WatchFact[]): readonly LiveEvent[] => {
    const feed = statusFeed([watched], epochMs(START));
    const events: LiveEvent[] = [];
    feed.subscribe((event) => events.push(event));
    for (const fact of facts) feed.tell(fact);
    return events;
  };
  const countdowns = (events: readonly LiveEvent[]): readonly boolean[] =>
    events.map((event) => event.type === 'camera' && event.isOnlyCountdown);

  it('says when only the countdown moved', () => {
    expect(countdowns(listen(seeing(1), opened(10), moving(11), moving(12), ended(22)))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it('does not call a new episode, or a missed photo, only a countdown', () => {
    expect(countdowns(listen(seeing(1), opened(10), moving(11, next)))).toEqual([false, false, false]);
    expect(countdowns(listen(seeing(1), opened(10), missed(11)))).toEqual([false, false, false]);
  });

  it('tells nothing of what changes nothing, and nobody who has left', () => {
    const feed = statusFeed([watched], epochMs(START));
    const events: LiveEvent[] = [];
    const leave = feed.subscribe((event) => events.push(event));
    feed.tell({ type: 'packets-lost', camera, at: at(2), lost: 3, seconds: 10 });
    expect(events).toEqual([]);
    leave();
    feed.tell(seeing(3));
    expect(events).toEqual([]);
    expect(feed.status().cameras[0]?.sight).toBe('seeing');
  });
});
