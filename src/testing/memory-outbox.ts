// An outbox that is gone with the process.

import type { CameraId } from '../domain/ids.ts';
import type { Notification } from '../domain/notification.ts';
import type { EpochMs } from '../domain/units.ts';
import type { Outbox, OutboxQuery } from '../ports/outbox.ts';

const keyOf = ({ receiver, id }: Pick<Notification, 'receiver' | 'id'>): string => `${receiver} ${id}`;

type Place = NonNullable<OutboxQuery['before']>;

const compared = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

const newestFirst = (a: Place, b: Place): number =>
  b.at - a.at || compared(b.id, a.id) || compared(b.receiver, a.receiver);

export const memoryOutbox = (): Outbox => {
  const all = new Map<string, Notification>();
  const blind = new Map<CameraId, EpochMs>();
  const sorted = (): Notification[] => [...all.values()].sort(newestFirst);
  return {
    waiting: async () =>
      sorted()
        .filter(({ state }) => state === 'waiting')
        .reverse(),
    add: async (one) => {
      if (all.has(keyOf(one))) return false;
      all.set(keyOf(one), one);
      return true;
    },
    update: async (one) => {
      if (all.has(keyOf(one))) all.set(keyOf(one), one);
    },
    list: async ({ receiver, before, limit }) =>
      sorted()
        .filter((one) => receiver === undefined || one.receiver === receiver)
        .filter((one) => !before || newestFirst(before, one) < 0)
        .slice(0, limit),
    async prune(most) {
      const places = new Map<string, number>();
      let gone = 0;
      for (const one of sorted()) {
        if (one.state === 'waiting') continue;
        const place = (places.get(one.receiver) ?? 0) + 1;
        places.set(one.receiver, place);
        if (place > most && all.delete(keyOf(one))) gone++;
      }
      return gone;
    },
    blind: async () => new Map(blind),
    noteBlind: async (camera, since) => {
      if (since === undefined) blind.delete(camera);
      else blind.set(camera, since);
    },
    close: async () => undefined,
  };
};
