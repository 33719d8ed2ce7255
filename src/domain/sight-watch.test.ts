import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraId } from './ids.ts';
import { ALL_SEE, type SightEvent, type SightNews, stepSights } from './sight-watch.ts';
import { epochMs, ms } from './units.ts';

const GARDEN = cameraId('garden');
const MINUTE = ms(60_000);
const blind = (at: number, camera = GARDEN): SightEvent => ({
  type: 'blind',
  camera,
  at: epochMs(at),
  code: 'SW_CAM_LOST',
  facts: { at },
});
const seeing = (at: number): SightEvent => ({ type: 'seeing', camera: GARDEN, at: epochMs(at) });
const tick = (at: number): SightEvent => ({ type: 'tick', at: epochMs(at) });
const unwatched: SightEvent = { type: 'unwatched', camera: GARDEN };

const newsOf = (events: readonly SightEvent[]): readonly SightNews[] => {
  let sights = ALL_SEE;
  return events.flatMap((event) => {
    const { next, news } = stepSights(sights, event, MINUTE);
    sights = next;
    return news;
  });
};
const told = (...events: readonly SightEvent[]): readonly string[] =>
  newsOf(events).map(({ type, at, blindness }) => `${type} ${at} since ${blindness.since}`);

describe('what is told of a camera that cannot see', () => {
  it.each<[string, readonly SightEvent[], readonly string[]]>([
    ['nothing for a hiccup', [blind(0), tick(30_000), seeing(40_000), tick(99_000)], []],
    ['once when it lasts', [blind(0), tick(59_999), tick(60_000), tick(75_000)], ['camera.blind 60000 since 0']],
    [
      'not again for each failed try',
      [blind(0), tick(60_000), blind(90_000), tick(600_000)],
      ['camera.blind 60000 since 0'],
    ],
    [
      'that it sees again, to whoever was told',
      [blind(0), tick(60_000), seeing(70_000), tick(80_000)],
      ['camera.blind 60000 since 0', 'camera.seeing 70000 since 0'],
    ],
    ['since the first failure, not the last', [blind(0), blind(50_000), tick(60_000)], ['camera.blind 60000 since 0']],
    ['nothing when it is watched no more', [blind(0), unwatched, tick(90_000)], []],
    ['nothing when it sees and nobody asked', [seeing(0), seeing(10)], []],
  ])('%s', (_, events, expected) => {
    expect(told(...events)).toEqual(expected);
  });

  it('with the newest reason', () => {
    expect(newsOf([blind(0), blind(50_000), tick(60_000)])[0]?.blindness.facts).toEqual({ at: 50_000 });
  });

  it('blind and seeing take turns, whatever comes in whatever order', () => {
    const event = fc.oneof(
      fc.constant('blind' as const),
      fc.constant('seeing' as const),
      fc.constant('tick' as const),
      fc.constant('unwatched' as const),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (kinds) => {
        let isBlind = false;
        let sights = ALL_SEE;
        for (const [index, kind] of kinds.entries()) {
          const at = index * 20_000;
          const said =
            kind === 'blind' ? blind(at) : kind === 'seeing' ? seeing(at) : kind === 'tick' ? tick(at) : unwatched;
          const { next, news } = stepSights(sights, said, MINUTE);
          sights = next;
          for (const one of news) {
            expect(one.type).toBe(isBlind ? 'camera.seeing' : 'camera.blind');
            isBlind = one.type === 'camera.blind';
          }
          if (kind === 'unwatched') isBlind = false;
        }
      }),
    );
  });
});
