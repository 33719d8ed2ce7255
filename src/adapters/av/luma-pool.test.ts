import { describe, expect, it } from 'vitest';
import { monoMs, ms } from '../../domain/units.ts';
import type { LumaPipeline } from './luma-pipeline.ts';
import { lumaPool } from './luma-pool.ts';

const packet = (isKey: boolean) => ({ pts: ms(0), arrivedAt: monoMs(0), isKey, bytes: new Uint8Array(1) });

/** Pipelines that only count; `refuse` makes each that decodes unsound. */
const counted = (refuse = false) => {
  const state = { made: 0, living: 0, flushed: 0 };
  const make = (): LumaPipeline => {
    const number = state.made;
    state.made += 1;
    state.living += 1;
    let isSound = true;
    return {
      decode: ({ pts }) => {
        isSound = !refuse;
        return { width: 1, height: 1, pixels: Uint8Array.of(number), pts, isKey: true };
      },
      drain: () => undefined,
      flush: () => void (state.flushed += 1),
      get isSound() {
        return isSound;
      },
      [Symbol.dispose]: () => void (state.living -= 1),
    };
  };
  return { state, pool: lumaPool(make) };
};

describe('a pool of decoders', () => {
  it('decodes the key frames of sixteen calm streams with one', () => {
    const { state, pool } = counted();
    const runs = Array.from({ length: 16 }, () => {
      const run = pool.open();
      run.reset();
      return run;
    });
    for (let round = 0; round < 3; round++) {
      for (const run of runs) {
        expect(run.decode(packet(true))).toBeDefined();
        run.reset();
      }
    }
    expect(state).toMatchObject({ made: 1, living: 1 });
    expect(state.flushed).toBeGreaterThanOrEqual(48);
    for (const run of runs) run[Symbol.dispose]();
    expect(state.living).toBe(0);
    expect(pool.isEmpty).toBe(true);
  });

  it('leaves a stream its own for as long as it is decoded', () => {
    const { pool } = counted();
    using moving = pool.open();
    using other = pool.open();
    const own = moving.decode(packet(true))?.pixels[0];
    expect(other.decode(packet(true))?.pixels[0]).not.toBe(own);
    other.reset();
    expect(moving.decode(packet(false))?.pixels[0]).toBe(own);
  });

  it('keeps one when many streams come to rest', () => {
    const { state, pool } = counted();
    const runs = Array.from({ length: 5 }, () => pool.open());
    for (const run of runs) run.decode(packet(true));
    expect(state.living).toBe(5);
    for (const run of runs) run.reset();
    expect(state.living).toBe(1);
    for (const run of runs) run[Symbol.dispose]();
  });

  it('does not hand on one that refused a packet', () => {
    const { state, pool } = counted(true);
    using run = pool.open();
    run.decode(packet(true));
    run.reset();
    expect(state.living).toBe(0);
    run.decode(packet(true));
    expect(state.made).toBe(2);
  });
});
