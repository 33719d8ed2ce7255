import { describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import { monoMs } from '../domain/units.ts';
import { type GovernedCamera, type GovernorState, govern, NEW_GOVERNOR } from './governor-policy.ts';

const camera = (id: string, looked: number, missed: number, activity = 0.1): GovernedCamera => ({
  id: cameraId(id),
  audit: { looked, missed },
  activity,
});
const raised = (...ids: readonly string[]): GovernorState => ({
  ...NEW_GOVERNOR,
  raised: ids.map((id) => ({ id: cameraId(id), since: monoMs(0) })),
});
const idsOf = (state: GovernorState): readonly string[] => state.raised.map(({ id }) => id);

const GOOD = camera('good', 400, 0, 0.9);
const BAD = camera('bad', 100, 5, 0.1);
const WORSE = camera('worse', 100, 5, 0.5);
const ALL = [GOOD, BAD, WORSE];

describe('the governor', () => {
  it.each<[string, GovernorState, number, readonly GovernedCamera[], readonly string[]]>([
    ['raises the one where most is missed', NEW_GOVERNOR, 0.9, ALL, ['worse']],
    ['then the next', raised('worse'), 0.9, ALL, ['worse', 'bad']],
    ['never one without misses', raised('worse', 'bad'), 0.9, ALL, ['worse', 'bad']],
    ['nor one with a single miss', NEW_GOVERNOR, 0.9, [camera('one', 20, 1)], []],
    ['nor one that misses one in a thousand', NEW_GOVERNOR, 0.9, [camera('rare', 2000, 2)], []],
    ['not without plenty to spare', NEW_GOVERNOR, 0.4, ALL, []],
    ['leaves all as it is in between', raised('worse', 'bad'), 0.3, ALL, ['worse', 'bad']],
    ['gives back the least worth under load', raised('worse', 'bad'), 0.2, ALL, ['worse']],
    ['gives back everything when nothing is left', raised('worse', 'bad'), 0.05, ALL, []],
    ['has nothing to give back', NEW_GOVERNOR, 0.05, ALL, []],
  ])('%s', (_, state, idle, cameras, expected) => {
    expect(idsOf(govern(state, { at: monoMs(20_000), idle, cameras }))).toEqual(expected);
  });

  it('tries a raised camera again after an hour, and raises it again only on new evidence', () => {
    const at = monoMs(3_600_000);
    const back = govern(raised('bad'), { at, idle: 0.9, cameras: [BAD] });
    expect(idsOf(back)).toEqual([]);
    expect(idsOf(govern(back, { at, idle: 0.9, cameras: [BAD] }))).toEqual([]);
    expect(idsOf(govern(back, { at, idle: 0.9, cameras: [camera('bad', 150, 6)] }))).toEqual(['bad']);
  });

  it('raises again at once what was only given back under load', () => {
    const back = govern(raised('bad'), { at: monoMs(1), idle: 0.05, cameras: [BAD] });
    expect(idsOf(govern(back, { at: monoMs(2), idle: 0.9, cameras: [BAD] }))).toEqual(['bad']);
  });

  it('comes to rest: the same load changes nothing for ever', () => {
    let state = NEW_GOVERNOR;
    for (let turn = 0; turn < 10; turn++) state = govern(state, { at: monoMs(turn), idle: 0.8, cameras: ALL });
    expect(govern(state, { at: monoMs(11), idle: 0.8, cameras: ALL })).toBe(state);
  });
});
