import { describe, expect, it } from 'vitest';
import type { OpenEpisode } from '../domain/episode.ts';
import { cameraId, episodeId, stillId } from '../domain/ids.ts';
import { type LedgerRow, type TriggerOrigin, triggerId } from '../domain/ledger.ts';
import { epochMs, monoMs, ms } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { episodesToResume, openEpisodes } from './open-episodes.ts';

const garden = cameraId('garden');
const START = 1_795_000_000_000;
const episode = (after: number): OpenEpisode => {
  const at = { mono: monoMs(after), wall: epochMs(START + after) };
  return {
    id: episodeId(garden, at.wall),
    cause: 'pixels',
    startedAt: at,
    seenSince: at,
    lastMotionAt: at,
    peakAt: at,
    peakScore: 0.5,
  };
};
const calm = (of: OpenEpisode): WatchFact => ({
  type: 'still-accepted',
  camera: garden,
  at: epochMs(START),
  episode: of.id,
  still: stillId(garden, epochMs(START), 'calm', of.id),
  kind: 'calm',
  source: 'main-stream',
  width: 1,
  height: 1,
  delay: ms(1),
});

describe('what a new capture process takes up', () => {
  it('is nothing when nothing happened', () => expect(openEpisodes().resumable()).toEqual([]));

  it('is what goes on', () => {
    const open = openEpisodes();
    open.now(garden, episode(0));
    expect(open.resumable()).toEqual([{ camera: garden, open: episode(0) }]);
  });

  it('is what ended without its photo, until the photo is there', () => {
    const open = openEpisodes();
    open.now(garden, episode(0));
    open.now(garden, null);
    expect(open.resumable()).toHaveLength(1);
    open.tell(calm(episode(0)));
    expect(open.resumable()).toEqual([]);
  });

  it('is the present one rather than one that is owed', () => {
    const open = openEpisodes();
    open.now(garden, episode(0));
    open.now(garden, episode(5000));
    expect(open.resumable().map((each) => each.open.id)).toEqual([episode(5000).id]);
  });
});

describe('what is taken up after a kill', () => {
  const row = (after: number, origin: TriggerOrigin, work?: string): LedgerRow => {
    const at = epochMs(START + after);
    const id = triggerId(garden, origin, at);
    const of = (work ?? id) as LedgerRow['work'];
    return {
      id,
      camera: garden,
      origin,
      at,
      day: '2026-11-18',
      work: of,
      outcome: { state: 'open', still: undefined },
    };
  };
  const first = episode(0).id;

  it.each([
    ['nothing', [], 1000, []],
    ['an episode of a moment ago', [row(0, 'pixels', first), row(8000, 'camera', first)], 9000, [first]],
    [
      'an episode that moved lately, however old',
      [row(0, 'camera', first), row(900_000, 'pixels', first)],
      1_000_000,
      [first],
    ],
    ['not one of long ago', [row(0, 'pixels', first)], 700_000, []],
    ['no photo that was asked for', [row(0, 'owner'), row(1, 'schedule')], 1000, []],
    [
      'the latest of a camera',
      [row(0, 'pixels', first), row(9000, 'pixels', episode(9000).id)],
      9500,
      [episode(9000).id],
    ],
  ] as const)('%s', (_, rows, now, ids) => {
    expect(episodesToResume(rows, epochMs(START + now)).map(({ open }) => open.id)).toEqual(ids);
  });
});
