import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import { eventsAfter, type LiveRing, newRing, pushEvent } from './live-ring.ts';

const filled = (count: number, size: number): LiveRing => {
  let ring = newRing('life', size);
  for (let number = 1; number <= count; number++) ring = pushEvent(ring, 'still', cameraId('garden'), String(number));
  return ring;
};

describe('live ring', () => {
  it('tells exactly what came after, or that it cannot', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 20 }), fc.nat(60), (count, size, last) => {
        const after = eventsAfter(filled(count, size), `life-${last}`)?.map((event) => Number(event.data));
        const isKnown = last <= count && last >= count - Math.min(count, size);
        expect(after).toEqual(isKnown ? Array.from({ length: count - last }, (_, at) => last + 1 + at) : undefined);
      }),
    );
  });

  it('gives every event an id that it understands again', () => {
    const ring = filled(5, 3);
    expect(ring.events.map((event) => event.id)).toEqual(['life-3', 'life-4', 'life-5']);
    expect(eventsAfter(ring, 'life-5')).toEqual([]);
    expect(eventsAfter(ring, 'life-2')).toEqual(ring.events);
  });

  it.each(['other-3', 'life', 'life-', 'life-x', '-3', '', 'life-3\n', 'life-99999999999999999999'])(
    'does not know %j',
    (id) => {
      expect(eventsAfter(filled(5, 5), id)).toBeUndefined();
    },
  );
});
