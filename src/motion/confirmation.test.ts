import { describe, expect, it } from 'vitest';
import type { Reading } from '../domain/signal.ts';
import { ms } from '../domain/units.ts';
import { confirmation } from './confirmation.ts';

/** `.` calm, `x` suspicious and present, `g` suspicious but only a gap that was left. */
const play = (samples: string, reach?: number): { readonly verdict: string; readonly delays: readonly number[] } => {
  const judge = confirmation(reach);
  const readings: Reading[] = [];
  const delays: number[] = [];
  for (const [index, sign] of samples.split('').entries()) {
    const before = readings.length;
    const isSuspicious = sign !== '.';
    judge.push(
      { pts: ms(index), score: 0.5, isSuspicious, isPresent: sign === 'x', cells: undefined, cell: 0 },
      readings,
    );
    for (const reading of readings.slice(before)) delays.push(index - reading.pts);
  }
  judge.finish(readings);
  expect(readings.map((reading) => reading.pts)).toEqual(samples.split('').map((_, index) => index));
  return { verdict: readings.map((reading) => (reading.isMotion ? 'M' : '.')).join(''), delays };
};

describe('confirmation', () => {
  it.each([
    ['nothing', '.....', '.....'],
    ['one alone is noise', '..x..', '.....'],
    ['two in a row', '.xx..', '.MM..'],
    ['two of three', '.x.x.', '.M.M.'],
    ['two too far apart', 'x..x.', '.....'],
    ['a chain', 'x.x.x', 'M.M.M'],
    ['the gap left behind confirms, but is not motion', '.xg..', '.M...'],
    ['gaps alone', '.gg..', '.....'],
    ['undecided at the end', '...x', '....'],
    ['decided at the end', '..xx', '..MM'],
  ])('%s', (_, samples, verdict) => {
    expect(play(samples).verdict).toBe(verdict);
  });

  it('holds a sample no longer than two more', () => {
    expect(Math.max(...play('x....x.x..xx....').delays)).toBe(2);
    expect(Math.max(...play('......').delays)).toBe(0);
  });

  it('with reach 0 believes each at once', () => {
    expect(play('.x..x', 0)).toEqual({ verdict: '.M..M', delays: [0, 0, 0, 0, 0] });
  });
});
