// Subscriptions of a simulated camera: pull points with a queue and a lease, and base subscriptions that are POSTed to.
// Leases are checked when someone looks, so that nothing keeps a test's process alive.

import type { SentMessage } from './writer.ts';

export interface SimSubscription {
  readonly id: number;
  readonly kind: 'pull' | 'push';
  readonly consumer: string | undefined;
  /** Named by reference parameters rather than by an address of its own; stays so for its whole life. */
  readonly isByParameters: boolean;
  endsAt: number;
  readonly createdAt: number;
  queue: SentMessage[];
  wake: (() => void) | undefined;
}

export interface SubscriptionTable {
  create(made: Pick<SimSubscription, 'kind' | 'consumer' | 'isByParameters'>, lease: number): SimSubscription;
  find(id: number): SimSubscription | undefined;
  remove(id: number): boolean;
  clear(): void;
  live(): readonly SimSubscription[];
  /** Counts since the start. */
  readonly created: number;
  readonly unsubscribed: number;
  readonly pulls: number;
  countPull(): void;
  publish(messages: readonly SentMessage[]): void;
}

export const subscriptionTable = (now: () => number): SubscriptionTable => {
  const table = new Map<number, SimSubscription>();
  let next = 1;
  let unsubscribed = 0;
  let pulls = 0;
  const drop = (id: number): boolean => {
    const gone = table.get(id);
    table.delete(id);
    gone?.wake?.();
    return gone !== undefined;
  };
  const live = (): readonly SimSubscription[] => {
    for (const one of table.values()) if (one.endsAt <= now()) drop(one.id);
    return [...table.values()];
  };
  return {
    create(wanted, lease) {
      const at = now();
      const made: SimSubscription = {
        ...wanted,
        id: next++,
        createdAt: at,
        endsAt: at + lease,
        queue: [],
        wake: undefined,
      };
      table.set(made.id, made);
      return made;
    },
    find: (id) => live().find((one) => one.id === id),
    remove(id) {
      const did = drop(id);
      if (did) unsubscribed += 1;
      return did;
    },
    clear() {
      for (const id of table.keys()) drop(id);
    },
    live,
    get created() {
      return next - 1;
    },
    get unsubscribed() {
      return unsubscribed;
    },
    get pulls() {
      return pulls;
    },
    countPull() {
      pulls += 1;
    },
    publish(messages) {
      for (const one of live()) {
        one.queue.push(...messages);
        one.wake?.();
      }
    },
  };
};
