// How well a camera's own events and our pixels agreed, told from the ledger: unlike the cross-check's sums it outlives restarts.

import { AGREE_WITHIN } from './event-check.ts';
import type { LedgerRow } from './ledger.ts';

export interface Agreement {
  readonly agreed: number;
  readonly onlyPixels: number;
  readonly onlyCamera: number;
}

/** Triggers of one happening, or so near to each other that they speak of the same. */
interface Happening {
  readonly work: LedgerRow['work'];
  readonly lastAt: number;
  readonly byPixels: boolean;
  readonly byCamera: boolean;
}

/** @param rows of one camera, in any order; other origins than these two are passed over */
export const agreementOf = (rows: readonly Pick<LedgerRow, 'at' | 'origin' | 'work'>[]): Agreement => {
  const happenings: Happening[] = [];
  const words = rows.filter(({ origin }) => origin === 'pixels' || origin === 'camera').sort((a, b) => a.at - b.at);
  for (const { at, origin, work } of words) {
    const last = happenings.at(-1);
    const isSame = last !== undefined && (last.work === work || at - last.lastAt <= AGREE_WITHIN);
    if (isSame) happenings.pop();
    happenings.push({
      work,
      lastAt: at,
      byPixels: origin === 'pixels' || (isSame && last.byPixels),
      byCamera: origin === 'camera' || (isSame && last.byCamera),
    });
  }
  const count = (is: (happening: Happening) => boolean): number => happenings.filter(is).length;
  return {
    agreed: count(({ byPixels, byCamera }) => byPixels && byCamera),
    onlyPixels: count(({ byPixels, byCamera }) => byPixels && !byCamera),
    onlyCamera: count(({ byPixels, byCamera }) => !byPixels && byCamera),
  };
};
