// What every ledger must do.

import { describe, expect, it } from 'vitest';
import { cameraId, episodeId, stillId } from '../domain/ids.ts';
import {
  addsUp,
  type LedgerOutcome,
  type LedgerRow,
  sumLedger,
  type TriggerOrigin,
  triggerId,
} from '../domain/ledger.ts';
import { epochMs } from '../domain/units.ts';
import type { Ledger } from '../ports/ledger.ts';

const START = Date.UTC(2026, 10, 23, 12);
const still = stillId(cameraId('garden'), epochMs(START), 'calm', '');

/** A row `hours` after noon of 23 November. */
const rowAt = (
  hours: number,
  outcome: LedgerOutcome = { state: 'photo', still },
  chosen: { readonly camera?: string; readonly origin?: TriggerOrigin } = {},
): LedgerRow => {
  const camera = cameraId(chosen.camera ?? 'garden');
  const at = epochMs(START + hours * 3_600_000);
  const origin = chosen.origin ?? 'pixels';
  const day = new Date(at).toISOString().slice(0, 10);
  return { id: triggerId(camera, origin, at), camera, origin, at, day, work: episodeId(camera, at), outcome };
};

/** @param open opens the same ledger again after it was closed */
export const ledgerContract = (
  name: string,
  fresh: () => Promise<{ open: () => Promise<Ledger>; done: () => Promise<void> }>,
): void => {
  const using = async (work: (ledger: Ledger, again: () => Promise<Ledger>) => Promise<void>): Promise<void> => {
    const { open, done } = await fresh();
    let ledger = await open();
    try {
      await work(ledger, async () => {
        await ledger.close();
        ledger = await open();
        return ledger;
      });
    } finally {
      await ledger.close();
      await done();
    }
  };

  describe(`ledger: ${name}`, () => {
    it('gives back what was written, newest first, also after it was opened again', () =>
      using(async (ledger, again) => {
        const rows = [
          rowAt(0, { state: 'open', still: undefined }),
          rowAt(1, { state: 'open', still }),
          rowAt(2, { state: 'merged', still }),
          rowAt(3, { state: 'missed', code: 'SW_CAM_LOST' }),
        ];
        await ledger.write(rows);
        expect(await ledger.list({ limit: 9 })).toEqual(rows.toReversed());
        const opened = await again();
        expect(await opened.list({ limit: 9 })).toEqual(rows.toReversed());
        expect(await opened.open()).toEqual(rows.slice(0, 2));
      }));

    it('replaces an outcome, and counts the trigger once', () =>
      using(async (ledger) => {
        await ledger.write([rowAt(0, { state: 'open', still: undefined })]);
        await ledger.write([rowAt(0, { state: 'missed', code: 'SW_STORE_FULL' })]);
        await ledger.write([rowAt(0)]);
        expect(await ledger.list({ limit: 9 })).toEqual([rowAt(0)]);
        expect(await ledger.open()).toEqual([]);
      }));

    it('writes all rows or none', () =>
      using(async (ledger) => {
        const impossible = { ...rowAt(1), outcome: { state: 'photo', still: undefined } } as unknown as LedgerRow;
        await expect(ledger.write([rowAt(0), impossible])).rejects.toThrow();
        expect(await ledger.list({ limit: 9 })).toEqual([]);
      }));

    it('selects by day, camera and fate, and goes on where a page ended', () =>
      using(async (ledger) => {
        const missed: LedgerOutcome = { state: 'missed', code: 'SW_CAM_LOST' };
        const rows = [rowAt(-20), rowAt(0), rowAt(1, missed), rowAt(2, missed, { camera: 'shed' }), rowAt(3)];
        await ledger.write(rows);
        const hours = async (query: Parameters<Ledger['list']>[0]): Promise<readonly number[]> =>
          (await ledger.list(query)).map((row) => (row.at - START) / 3_600_000);
        expect(await hours({ day: '2026-11-22', limit: 9 })).toEqual([-20]);
        expect(await hours({ camera: cameraId('shed'), limit: 9 })).toEqual([2]);
        expect(await hours({ missedOnly: true, limit: 9 })).toEqual([2, 1]);
        expect(await hours({ cameras: [cameraId('shed')], limit: 9 })).toEqual([2]);
        expect(await hours({ cameras: [], limit: 9 })).toEqual([]);
        expect(await hours({ from: rowAt(1).at, limit: 9 })).toEqual([3, 2, 1]);
        expect(await hours({ work: rowAt(1).work, limit: 9 })).toEqual([1]);
        expect(await hours({ limit: 2 })).toEqual([3, 2]);
        const last = rows[3];
        if (last) expect(await hours({ limit: 9, before: last })).toEqual([1, 0, -20]);
      }));

    it('adds up, as the rows themselves do', () =>
      using(async (ledger) => {
        const outcomes: readonly LedgerOutcome[] = [
          { state: 'photo', still },
          { state: 'merged', still },
          { state: 'open', still: undefined },
          { state: 'missed', code: 'SW_CAM_LOST' },
          { state: 'missed', code: 'SW_STORE_FULL' },
        ];
        const rows = Array.from({ length: 90 }, (_, n) =>
          rowAt(n / 2 - 20, outcomes[n % 5], { camera: n % 3 === 0 ? 'shed' : 'garden' }),
        );
        await ledger.write(rows);
        const sums = await ledger.sums('2026-01-01');
        expect(sums).toEqual(sumLedger(rows));
        expect(sums.every(addsUp)).toBe(true);
        expect((await ledger.sums('2026-11-24')).map(({ day }) => day)).toEqual(['2026-11-24', '2026-11-24']);
      }));

    it('says of a photo that was lost that it was missed, to whoever was told of it', () =>
      using(async (ledger, again) => {
        const other = stillId(cameraId('garden'), epochMs(START), 'calm', 'other');
        const kept = rowAt(2, { state: 'photo', still: other });
        const open = rowAt(3, { state: 'open', still });
        await ledger.write([rowAt(0), rowAt(1, { state: 'merged', still }), kept, open]);
        expect(await ledger.lose([])).toBe(0);
        expect(await ledger.lose([still])).toBe(2);
        const lost: LedgerOutcome = { state: 'missed', code: 'SW_PHOTO_LOST' };
        expect(await (await again()).list({ limit: 9 })).toEqual([open, kept, rowAt(1, lost), rowAt(0, lost)]);
      }));

    it('forgets old days, never what is open', () =>
      using(async (ledger) => {
        const open = rowAt(-40, { state: 'open', still: undefined });
        await ledger.write([open, rowAt(-41), rowAt(0)]);
        expect(await ledger.forgetBefore('2026-11-23')).toBe(1);
        expect(await ledger.list({ limit: 9 })).toEqual([rowAt(0), open]);
      }));
  });
};
