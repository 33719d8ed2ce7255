import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Packet } from '../../domain/camera.ts';
import { monoMs, ms } from '../../domain/units.ts';
import { PacketQueue } from './packet-queue.ts';

const packet = (pts: number, size = 1): Packet => ({
  pts: ms(pts),
  arrivedAt: monoMs(0),
  isKey: false,
  bytes: new Uint8Array(size),
});
const queue = (onTaken = (): void => undefined): PacketQueue => new PacketQueue(onTaken, () => Promise.resolve());

describe('PacketQueue', () => {
  it('gives every packet once and in order, however pushes, flushes and reads fall', async () => {
    const step = fc.constantFrom('push', 'flush', 'read');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const packets = queue();
        const reader = packets[Symbol.asyncIterator]();
        const all: Packet[] = [];
        let pushed = 0;
        for (const one of steps) {
          if (one === 'push') packets.push(packet(pushed++));
          else if (one === 'flush') packets.flush();
          else {
            // On an empty queue the reader waits for what comes after it; else it takes what is there.
            const turn = reader.next();
            packets.push(packet(pushed++));
            packets.flush();
            all.push(...((await turn).value ?? []));
          }
        }
        packets.end();
        for (let turn = await reader.next(); !turn.done; turn = await reader.next()) all.push(...turn.value);
        expect(all.map(({ pts }) => pts)).toEqual(Array.from({ length: pushed }, (_, i) => i));
      }),
    );
  });

  it('delivers what is queued before it fails, fails once, then is over', async () => {
    const packets = queue();
    const reader = packets[Symbol.asyncIterator]();
    packets.push(packet(1));
    packets.fail(new Error('cut'));
    packets.push(packet(2));
    expect((await reader.next()).value).toHaveLength(1);
    await expect(reader.next()).rejects.toThrow('cut');
    expect(await reader.next()).toEqual({ done: true, value: undefined });
  });

  it('wakes a waiting reader for the end and for a failure', async () => {
    const ended = queue();
    const first = ended[Symbol.asyncIterator]().next();
    ended.end();
    expect(await first).toEqual({ done: true, value: undefined });
    const failed = queue();
    const second = failed[Symbol.asyncIterator]().next();
    failed.fail(new Error('cut'));
    await expect(second).rejects.toThrow('cut');
  });

  it('is full at 4 MB, and says when it has been emptied', async () => {
    const onTaken = vi.fn();
    const packets = queue(onTaken);
    const reader = packets[Symbol.asyncIterator]();
    packets.push(packet(0, 4 * 1024 * 1024 - 1));
    expect(packets.isFull).toBe(false);
    packets.push(packet(1));
    expect(packets.isFull).toBe(true);
    await reader.next();
    expect(packets.isFull).toBe(false);
    expect(onTaken).toHaveBeenCalledOnce();
  });

  it('is iterated once', () => {
    const packets = queue();
    packets[Symbol.asyncIterator]();
    expect(() => packets[Symbol.asyncIterator]()).toThrow(TypeError);
  });
});
