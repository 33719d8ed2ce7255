import { describe, expect, it } from 'vitest';
import type { CameraMessage } from '../domain/camera-message.ts';
import { StillwatchError, type StillwatchErrorCode } from '../domain/errors.ts';
import { between, type Instant, ms, seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { TriggerChannel, TriggerSource } from '../ports/trigger-source.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { type EventSupervisor, eventSupervisor, type LineFact } from './event-supervisor.ts';

const MESSAGE: CameraMessage = { topic: 't', operation: 'Changed', utcTime: '', source: {}, key: {}, data: {} };

/** Numerical Recipes' linear congruential generator: the same day every time. */
const seeded = (seed: number): Random => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

type Behaviour =
  | 'answers'
  | 'dies'
  | 'hangs'
  | 'refuses'
  | 'hangs-on-open'
  | 'locks'
  | 'hangs-on-close'
  | 'deaf-to-abort';

/** A camera that behaves as told, and counts what is open at it. */
const scripted = (clock: Clock, behave: () => Behaviour) => {
  const count = { open: 0, most: 0, opens: 0, closed: 0, refreshed: 0 };
  const never = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  const fail = (code: StillwatchErrorCode): never => {
    throw new StillwatchError(code);
  };
  const channel = (): TriggerChannel => {
    let isOpen = true;
    return {
      async next(signal) {
        const how = behave();
        if (how === 'dies') fail('SW_CAM_LOST');
        if (how === 'hangs') return never(signal);
        if (how === 'deaf-to-abort') return new Promise(() => {});
        await clock.sleep(seconds(10), signal);
        return [MESSAGE];
      },
      async refresh() {
        count.refreshed += 1;
        if (behave() === 'dies') fail('SW_CAM_LOST');
        return true;
      },
      async [Symbol.asyncDispose]() {
        if (isOpen) count.open -= 1;
        isOpen = false;
        count.closed += 1;
        if (behave() === 'hangs-on-close') await new Promise(() => {});
      },
    };
  };
  const source: TriggerSource = {
    name: 'pull-point',
    async open(signal) {
      count.opens += 1;
      const how = behave();
      if (how === 'refuses') fail('SW_ONVIF_REFUSED');
      if (how === 'locks') fail('SW_CAM_AUTH');
      if (how === 'hangs-on-open') return never(signal);
      count.open += 1;
      count.most = Math.max(count.most, count.open);
      return channel();
    },
  };
  return { source, count };
};

const watched = (behave: () => Behaviour, random: Random = () => 0.5) => {
  const clock = fakeClock();
  const { source, count } = scripted(clock, behave);
  const lines: LineFact[] = [];
  const heard: Instant[] = [];
  const supervisor: EventSupervisor = eventSupervisor({
    source,
    clock,
    random,
    hear: (_, at) => heard.push(at),
    line: (fact) => lines.push(fact),
  });
  return { clock, count, lines, heard, supervisor };
};

describe('event supervisor', () => {
  it('hears, says that the line is up once, and gives the slot back', async () => {
    const { clock, count, lines, heard, supervisor } = watched(() => 'answers');
    await clock.advance(seconds(35));
    expect(heard).toHaveLength(3);
    expect(lines.map(({ type }) => type)).toEqual(['line-up']);
    await supervisor.close();
    expect(count).toMatchObject({ open: 0, opens: 1, closed: 1 });
    expect(clock.sleepers).toBe(0);
  });

  it('the end of a lease is nobody’s business', async () => {
    let calls = 0;
    const { clock, lines, count, supervisor } = watched(() => (++calls % 8 === 0 ? 'dies' : 'answers'));
    await clock.advance(seconds(600));
    expect(count.opens).toBeGreaterThan(5);
    expect(lines.map(({ type }) => type)).toEqual(['line-up']);
    await supervisor.close();
  });

  it.each<[Behaviour, StillwatchErrorCode]>([
    ['hangs', 'SW_CAM_SILENT'],
    ['deaf-to-abort', 'SW_CAM_SILENT'],
    ['hangs-on-open', 'SW_CAM_SILENT'],
    ['refuses', 'SW_ONVIF_REFUSED'],
    ['dies', 'SW_CAM_LOST'],
  ])('one that %s for a while is told as %s, and comes back', async (behaviour, code) => {
    let how: Behaviour = behaviour;
    const { clock, lines, heard, count, supervisor } = watched(() => how);
    await clock.advance(seconds(400));
    expect(lines[0]).toMatchObject({ type: 'line-down', reason: code });
    expect(count.opens).toBeGreaterThan(1);
    how = 'answers';
    await clock.advance(seconds(320));
    expect(lines.at(-1)?.type).toBe('line-up');
    expect(heard.length).toBeGreaterThan(0);
    await supervisor.close();
    expect(count.open).toBe(0);
  });

  it('a refused login is asked again after the lock, not before', async () => {
    const { clock, count, lines, supervisor } = watched(() => 'locks');
    await clock.advance(seconds(30 * 60));
    expect(count.opens).toBe(1);
    expect(lines[0]).toMatchObject({ type: 'line-down', reason: 'SW_CAM_AUTH' });
    await clock.advance(seconds(2 * 60));
    expect(count.opens).toBe(2);
    await supervisor.close();
  });

  it('a camera that hangs on closing does not hold it up', async () => {
    const { clock, count, supervisor } = watched(() => 'hangs-on-close');
    await clock.advance(seconds(20));
    supervisor.rebuild();
    await clock.advance(seconds(10));
    expect(count.opens).toBe(2);
    const closed = supervisor.close();
    await clock.advance(seconds(6));
    await closed;
  });

  it('renews on demand, and rebuilds when renewing fails or is asked for', async () => {
    let how: Behaviour = 'answers';
    const { clock, count, supervisor } = watched(() => how);
    await clock.advance(seconds(15));
    supervisor.renew();
    await clock.advance(seconds(10));
    expect(count).toMatchObject({ refreshed: 1, opens: 1 });
    how = 'dies';
    supervisor.renew();
    await clock.advance(ms(0));
    how = 'answers';
    await clock.advance(seconds(15));
    expect(count.opens).toBe(2);
    supervisor.rebuild();
    await clock.advance(seconds(15));
    expect(count).toMatchObject({ opens: 3, most: 1, open: 1 });
    await supervisor.close();
  });

  it('24 hours of dying subscriptions: no dead channel, no leak, no busy loop', async () => {
    const dice = seeded(11);
    const behave = (): Behaviour => {
      const roll = dice();
      if (roll < 0.04) return 'dies';
      if (roll < 0.06) return 'hangs';
      if (roll < 0.07) return 'deaf-to-abort';
      if (roll < 0.08) return 'hangs-on-open';
      if (roll < 0.1) return 'refuses';
      return roll < 0.12 ? 'hangs-on-close' : 'answers';
    };
    const { clock, count, heard, supervisor } = watched(behave, seeded(5));
    await clock.advance(seconds(24 * 3600));
    const gaps = heard.slice(1).map((at, index) => between((heard[index] ?? at).mono, at.mono));
    const longest = gaps.reduce((most, gap) => Math.max(most, gap), 0);
    expect(heard.length).toBeGreaterThan(2_000);
    // Two hangs of two minutes in a row and their pauses; a dead channel would be hours.
    expect(longest).toBeLessThan(10 * 60_000);
    expect(count.most).toBe(1);
    expect(count.opens).toBeGreaterThan(100);
    expect(count.opens).toBeLessThan(24 * 3600);
    const closed = supervisor.close();
    await clock.advance(seconds(10));
    await closed;
    expect(count.open).toBe(0);
    expect(clock.sleepers).toBe(0);
  });
});
