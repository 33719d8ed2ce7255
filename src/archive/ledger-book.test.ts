import { describe, expect, it } from 'vitest';
import { StillwatchError } from '../domain/errors.ts';
import { cameraId, episodeId, stillId } from '../domain/ids.ts';
import { type LedgerRow, sumLedger, triggerId, type WorkId } from '../domain/ledger.ts';
import { epochMs, ms, seconds } from '../domain/units.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import { type LedgerBook, ledgerBook } from './ledger-book.ts';

const garden = cameraId('garden');
const START = epochMs(1_795_000_000_000);
const episode = episodeId(garden, START);
const trigger: WatchFact = {
  type: 'trigger',
  camera: garden,
  at: START,
  trigger: triggerId(garden, 'pixels', START),
  origin: 'pixels',
  episode,
};
const calm: WatchFact = {
  type: 'still-accepted',
  camera: garden,
  at: START,
  episode,
  still: stillId(garden, START, 'calm', episode),
  kind: 'calm',
  source: 'main-stream',
  width: 1,
  height: 1,
  delay: ms(1),
};

/** Rows in memory, on a disk that can be full. */
const rowsOnDisk = (): Ledger & { readonly rows: Map<string, LedgerRow>; isFull: boolean } => {
  const rows = new Map<string, LedgerRow>();
  const ledger = {
    rows,
    isFull: false,
    async write(written: readonly LedgerRow[]) {
      if (ledger.isFull) throw new StillwatchError('SW_STORE_FULL', { path: 'ledger' });
      for (const row of written) rows.set(row.id, row);
    },
    open: async () => [...rows.values()].filter(({ outcome }) => outcome.state === 'open'),
    list: async () => [...rows.values()],
    sums: async () => sumLedger(rows.values()),
    lose: async () => 0,
    async forgetBefore(day: string) {
      const old = [...rows.values()].filter((row) => row.day < day && row.outcome.state !== 'open');
      for (const row of old) rows.delete(row.id);
      return old.length;
    },
    close: async () => undefined,
  };
  return ledger;
};

const openBook = async (
  ledger: Ledger,
  resumed: readonly WorkId[] = [],
  clock: FakeClock = fakeClock(START),
): Promise<LedgerBook & { troubles: string[] }> => {
  const troubles: string[] = [];
  const onTrouble = ({ code }: StillwatchError): void => void troubles.push(code);
  const book = await ledgerBook({ ledger, zone: 'Europe/Copenhagen', clock, resumed, onTrouble });
  return { ...book, troubles };
};
const outcomes = (ledger: { readonly rows: Map<string, LedgerRow> }): readonly string[] =>
  [...ledger.rows.values()].map(({ outcome }) => (outcome.state === 'missed' ? outcome.code : outcome.state));

describe('the ledger’s book', () => {
  it('stores a trigger at once and its photo when it is there', async () => {
    const ledger = rowsOnDisk();
    const book = await openBook(ledger);
    book.tell(trigger);
    await book.settled();
    expect(outcomes(ledger)).toEqual(['open']);
    book.tell(calm);
    await book.settled();
    expect(outcomes(ledger)).toEqual(['photo']);
  });

  it('closes what the last process left open, unless it goes on', async () => {
    const ledger = rowsOnDisk();
    const first = await openBook(ledger);
    first.tell(trigger);
    await first.settled();
    await openBook(ledger, [episode]);
    expect(outcomes(ledger)).toEqual(['open']);
    await openBook(ledger);
    expect(outcomes(ledger)).toEqual(['SW_PROCESS_KILLED']);
  });

  it('closes what a dead capture process had, unless the next one takes it up', async () => {
    const ledger = rowsOnDisk();
    const book = await openBook(ledger);
    book.tell(trigger);
    book.captureDied([garden], [episode]);
    await book.settled();
    expect(outcomes(ledger)).toEqual(['open']);
    book.captureDied([garden], []);
    await book.settled();
    expect(outcomes(ledger)).toEqual(['SW_CAPTURE_DIED']);
  });

  it('makes up for a full disk when there is room again', async () => {
    const ledger = rowsOnDisk();
    const clock = fakeClock(START);
    const book = await openBook(ledger, [], clock);
    const stopping = new AbortController();
    const running = book.run(stopping.signal);
    ledger.isFull = true;
    book.tell(trigger);
    book.tell(calm);
    await book.settled();
    expect(book.troubles).toContain('SW_STORE_FULL');
    expect(outcomes(ledger)).toEqual([]);
    ledger.isFull = false;
    await clock.advance(seconds(61));
    expect(outcomes(ledger)).toEqual(['photo']);
    stopping.abort();
    await running;
  });

  it('forgets what is two years old', async () => {
    const ledger = rowsOnDisk();
    const clock = fakeClock(START);
    const book = await openBook(ledger, [], clock);
    book.tell(trigger);
    book.tell(calm);
    const stopping = new AbortController();
    const running = book.run(stopping.signal);
    await clock.advance(seconds(60));
    expect(ledger.rows.size).toBe(1);
    clock.jumpTo(epochMs(START + 732 * 86_400_000));
    await clock.advance(seconds(61));
    expect(ledger.rows.size).toBe(0);
    stopping.abort();
    await running;
  });
});
