import { describe, expect, it } from 'vitest';
import { openLog } from '../adapters/log/log.ts';
import { StillwatchError } from '../domain/errors.ts';
import { ms } from '../domain/units.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { troubleLines } from './trouble-lines.ts';

const stage = () => {
  const clock = fakeClock();
  const lines: string[] = [];
  const log = openLog('people', { write: (text: string) => lines.push(text.slice(9).trim()) });
  const stopping = new AbortController();
  const troubles = troubleLines({ log, clock, zone: 'Europe/Copenhagen', language: 'en', signal: stopping.signal });
  return { clock, lines, troubles, stop: () => stopping.abort() };
};
const full = (name: string): StillwatchError =>
  new StillwatchError('SW_STORE_FULL', { path: `/photos/.stillwatch/${name}` });

describe('a disk that is full', () => {
  it('is said once, though ledger, catalogue and spool meet it at every write, and once more, counted, when it is over', async () => {
    const { clock, lines, troubles } = stage();
    for (let minute = 0; minute < 30; minute++) {
      for (const name of ['ledger.sqlite', 'catalog.sqlite', 'spool']) troubles.tell(full(name));
      await clock.advance(ms(60_000));
    }
    expect(lines).toEqual([expect.stringMatching(/^✗ SW_STORE_FULL: No space left/)]);
    troubles.wrote();
    await clock.advance(ms(61_000));
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^! SW_STORE_FULL is over: 90 times from \d{4}-.*T.* to .*T/),
    ]);
    expect(clock.sleepers).toBe(0);
  });

  it('is told at the first failure after it was over', async () => {
    const { clock, lines, troubles } = stage();
    troubles.tell(full('spool'));
    await clock.advance(ms(7 * 60_000));
    troubles.tell(full('spool'));
    expect(lines.map((line) => line.slice(2, 24))).toEqual([
      'SW_STORE_FULL: No spac',
      'SW_STORE_FULL is over:',
      'SW_STORE_FULL: No spac',
    ]);
  });

  it('says nothing more once the program stops', async () => {
    const { clock, lines, troubles, stop } = stage();
    troubles.tell(full('spool'));
    stop();
    await clock.advance(ms(7 * 60_000));
    expect(lines).toHaveLength(1);
    expect(clock.sleepers).toBe(0);
  });
});

it('photos that were lost are each named, and have no end', async () => {
  const { clock, lines, troubles } = stage();
  for (const path of ['a.jpg', 'b.jpg']) troubles.tell(new StillwatchError('SW_PHOTO_LOST', { path, detail: 'empty' }));
  await clock.advance(ms(7 * 60_000));
  expect(lines.map((line) => line.slice(2, 31))).toEqual([
    'SW_PHOTO_LOST: The photo a.jp',
    'SW_PHOTO_LOST: The photo b.jp',
  ]);
});
