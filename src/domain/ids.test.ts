import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraId, episodeId, isCameraId, isStillId, stillId } from './ids.ts';
import { epochMs } from './units.ts';

const garden = cameraId('garden');

describe('camera ids', () => {
  it.each(['a', '7', 'garden', 'north-gate-2', 'a'.repeat(40)])('%s is one', (id) => expect(cameraId(id)).toBe(id));
  it.each(['', '-', '-a', 'a-', 'Garden', 'a b', 'a/b', '..', 'a.b', 'å', 'a\n', 'a'.repeat(41), '192.168.1.5'])(
    '%j is none',
    (id) => {
      expect(isCameraId(id)).toBe(false);
      expect(() => cameraId(id)).toThrow(RangeError);
    },
  );
});

describe('episode ids', () => {
  it('sort as their start times do', () => {
    const time = fc.integer({ min: 0, max: 36 ** 9 - 1 });
    fc.assert(
      fc.property(time, time, (a, b) => {
        const [first, second] = [episodeId(garden, epochMs(a)), episodeId(garden, epochMs(b))];
        expect(first < second).toBe(a < b);
      }),
    );
  });
  it('name their camera', () => expect(episodeId(garden, epochMs(35))).toBe('00000000z-garden'));
});

describe('still ids', () => {
  it('are FNV-1a of 128 bits', () => {
    // The published vector for "foobar" needs no camera: an independent computation over the same text stands in for it.
    const text = 'garden|1000|calm|';
    let hash = 144066263297769815596495629667062367629n;
    for (const character of text) {
      hash = BigInt.asUintN(128, (hash ^ BigInt(character.charCodeAt(0))) * 309485009821345068724781371n);
    }
    expect(stillId(garden, epochMs(1000), 'calm', '')).toBe(hash.toString(16).padStart(32, '0'));
  });
  it('are the same for the same facts, and for a fraction of a millisecond', () => {
    expect(stillId(garden, epochMs(1000.4), 'calm', 'e')).toBe(stillId(garden, epochMs(1000), 'calm', 'e'));
  });
  it('differ by each fact, over many', () => {
    const ids = new Set<string>();
    for (const camera of ['garden', 'barn', 'g']) {
      for (let at = 0; at < 2000; at++) {
        for (const kind of ['calm', 'before', 'peak']) ids.add(stillId(cameraId(camera), epochMs(at), kind, ''));
        ids.add(stillId(cameraId(camera), epochMs(at), 'calm', 'e'));
      }
    }
    expect(ids.size).toBe(3 * 2000 * 4);
    for (const id of ids) if (!isStillId(id)) expect.fail(`${id} is no still id`);
  });
  it.each(['', 'a'.repeat(31), 'a'.repeat(33), 'A'.repeat(32), `${'a'.repeat(31)}g`, `../${'a'.repeat(29)}`])(
    '%j is none',
    (id) => expect(isStillId(id)).toBe(false),
  );
});
