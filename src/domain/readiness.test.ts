import { describe, expect, it } from 'vitest';
import { type ReadinessInput, readiness } from './readiness.ts';
import { epochMs } from './units.ts';

const NOW = 1_795_440_000_000;
const well: ReadinessInput = {
  now: epochMs(NOW),
  cameras: [{ id: 'garden', sight: 'seeing', code: undefined }],
  disk: { free: 5e9, total: 64e9 },
  rules: { free: undefined },
  isCatalogReadable: true,
  oldestWaiting: undefined,
  waiting: 0,
  storageTrouble: undefined,
};

describe('readiness', () => {
  it('is all three', () => {
    const nothing = { isTrue: true, troubles: [], reasons: [] };
    expect(readiness(well)).toEqual({ isReady: true, sees: nothing, keeps: nothing, ships: nothing });
  });

  it.each<[string, Partial<ReadinessInput>, 'sees' | 'keeps' | 'ships', string[]]>([
    ['starting', { cameras: [{ id: 'a', sight: 'starting', code: undefined }] }, 'sees', ['a starting']],
    ['blind', { cameras: [{ id: 'a', sight: 'blind', code: 'SW_CAM_LOST' }] }, 'sees', ['a SW_CAM_LOST']],
    ['no disk', { disk: undefined }, 'keeps', ['the disk does not answer']],
    ['nearly full', { disk: { free: 0.9e9, total: 64e9 } }, 'keeps', ['only 900 MB free']],
    ['a failed write', { storageTrouble: 'SW_STORE_WRITE' }, 'keeps', ['SW_STORE_WRITE']],
    ['no catalogue', { isCatalogReadable: false }, 'ships', ['the catalogue cannot be read']],
    [
      'a backlog',
      { oldestWaiting: epochMs(NOW - 180_000), waiting: 4 },
      'ships',
      ['4 photos wait, the oldest for 3 min'],
    ],
  ])('is not there: %s', (_, chosen, part, reasons) => {
    const answer = readiness({ ...well, ...chosen });
    expect(answer.isReady).toBe(false);
    expect(answer[part]).toMatchObject({ isTrue: false, reasons });
  });

  it.each<[string, Partial<ReadinessInput>]>([
    ['a photo on its way', { oldestWaiting: epochMs(NOW - 5000), waiting: 1 }],
    ['little space on purpose', { disk: { free: 1e6, total: 64e9 }, rules: { free: 0 } }],
    ['a little below the rule: the sweep is at it', { disk: { free: 1.9e9, total: 64e9 } }],
  ])('is still there: %s', (_, chosen) => {
    expect(readiness({ ...well, ...chosen }).isReady).toBe(true);
  });
});
