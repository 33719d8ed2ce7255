// What every outbox must do.

import { describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import { noticeId } from '../domain/notice.ts';
import { afterTry, type Notification } from '../domain/notification.ts';
import { epochMs, later, ms } from '../domain/units.ts';
import type { Outbox } from '../ports/outbox.ts';

const START = epochMs(Date.UTC(2026, 10, 23, 12));

/** One that happened `minutes` after noon of 23 November. */
export const notificationAt = (minutes: number, receiver = 'house'): Notification => {
  const at = later(START, ms(minutes * 60_000));
  return {
    receiver,
    id: noticeId('photo.taken', `${minutes}`),
    type: 'photo.taken',
    at,
    body: `{"type":"photo.taken","n":${minutes},"æ":"å"}`,
    state: 'waiting',
    tries: 0,
    nextAt: at,
    last: undefined,
  };
};

const sent = (one: Notification): Notification => afterTry(one, { type: 'taken', status: 204 }, one.at, 0);
const failed = (one: Notification): Notification =>
  afterTry(one, { type: 'failed', code: 'SW_NOTIFY_REFUSED', status: 500, detail: 'HTTP 500' }, one.at, 0);

/** @param open opens the same outbox again after it was closed */
export const outboxContract = (
  name: string,
  fresh: () => Promise<{ open: () => Promise<Outbox>; done: () => Promise<void> }>,
): void => {
  const using = async (work: (outbox: Outbox, again: () => Promise<Outbox>) => Promise<void>): Promise<void> => {
    const { open, done } = await fresh();
    let outbox = await open();
    try {
      await work(outbox, async () => {
        await outbox.close();
        outbox = await open();
        return outbox;
      });
    } finally {
      await outbox.close();
      await done();
    }
  };

  describe(`outbox: ${name}`, () => {
    it('gives back what waits, oldest first and word for word, after it was closed too', async () => {
      await using(async (outbox, again) => {
        const [late, early, tried] = [notificationAt(5), notificationAt(1, 'barn'), failed(notificationAt(3))];
        for (const one of [late, early, notificationAt(3)]) expect(await outbox.add(one)).toBe(true);
        await outbox.update(tried);
        expect(await (await again()).waiting()).toEqual([early, tried, late]);
      });
    });

    it('adds the same notice to the same receiver once, whatever became of it', async () => {
      await using(async (outbox) => {
        const one = notificationAt(1);
        await outbox.add(one);
        await outbox.update(sent(one));
        expect(await outbox.add(one)).toBe(false);
        expect(await outbox.waiting()).toEqual([]);
        expect(await outbox.list({ limit: 10 })).toEqual([sent(one)]);
        expect(await outbox.add(notificationAt(1, 'barn'))).toBe(true);
      });
    });

    it('lists newest first, in pages, of one receiver or all', async () => {
      await using(async (outbox) => {
        for (const receiver of ['barn', 'house'])
          for (const minutes of [1, 2, 3]) await outbox.add(notificationAt(minutes, receiver));
        const all = await outbox.list({ limit: 10 });
        expect(all.map(({ id, receiver }) => `${id.at(-1)} ${receiver}`)).toEqual([
          '3 house',
          '3 barn',
          '2 house',
          '2 barn',
          '1 house',
          '1 barn',
        ]);
        const [, second] = all;
        if (!second) throw new Error('nothing listed');
        const rest = await outbox.list({ limit: 2, before: second });
        expect(rest).toEqual(all.slice(2, 4));
        expect((await outbox.list({ limit: 10, receiver: 'barn' })).map(({ receiver }) => receiver)).toEqual(
          Array.from({ length: 3 }, () => 'barn'),
        );
      });
    });

    it('keeps the newest that are done with, of each receiver, and everything that waits', async () => {
      await using(async (outbox) => {
        const old = notificationAt(0);
        await outbox.add(old);
        for (const receiver of ['barn', 'house'])
          for (const minutes of [1, 2, 3]) {
            const one = notificationAt(minutes, receiver);
            await outbox.add(one);
            await outbox.update(sent(one));
          }
        expect(await outbox.prune(2)).toBe(2);
        expect(await outbox.prune(2)).toBe(0);
        expect(await outbox.waiting()).toEqual([old]);
        expect((await outbox.list({ limit: 10 })).map(({ id }) => id.at(-1)).join('')).toBe('33220');
      });
    });

    it('remembers which cameras somebody was told are blind', async () => {
      await using(async (outbox, again) => {
        const [garden, shed] = [cameraId('garden'), cameraId('shed')];
        await outbox.noteBlind(garden, START);
        await outbox.noteBlind(shed, START);
        await outbox.noteBlind(garden, later(START, ms(1)));
        await outbox.noteBlind(shed, undefined);
        expect(await (await again()).blind()).toEqual(new Map([[garden, later(START, ms(1))]]));
      });
    });
  });
};
