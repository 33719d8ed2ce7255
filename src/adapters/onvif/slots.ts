// Slots at a camera that were to be given back while it could not be reached. A camera has few; a lost one is free only at
// the end of its lease, and until then the next subscription may be refused. Must not know how a slot was made.

import { toStillwatchError } from '../../domain/errors.ts';
import type { ReferenceParameters } from './envelope.ts';

/** What is needed to talk to one subscription. */
export interface Subscription {
  readonly urls: readonly URL[];
  readonly parameters: ReferenceParameters;
}

export interface Slots {
  /** Gives one back, and with it those that are owed. What the camera did not answer to stays owed. Never throws. */
  giveBack(subscription: Subscription): Promise<void>;
  /** Gives back what is owed, before a new slot is asked for: there are firmwares where giving one back kills all. */
  settle(): Promise<void>;
}

/** More than any camera has. */
const MOST_OWED = 8;
/** Two minutes of the supervisor's growing pauses: by then the lease has ended. */
const MOST_TRIES = 10;

export const slots = (unsubscribe: (subscription: Subscription) => Promise<void>): Slots => {
  let owed: { readonly subscription: Subscription; readonly tries: number }[] = [];

  /** True when the camera answered: what it refuses to give back it does not know, and a refused login is not tried again. */
  const isAnswered = async (subscription: Subscription): Promise<boolean> => {
    try {
      await unsubscribe(subscription);
      return true;
    } catch (error) {
      const { code } = toStillwatchError(error);
      return code === 'SW_ONVIF_REFUSED' || code === 'SW_CAM_AUTH';
    }
  };
  const attempt = async (subscription: Subscription, tries: number): Promise<boolean> => {
    if (await isAnswered(subscription)) return true;
    if (tries < MOST_TRIES && owed.length < MOST_OWED) owed.push({ subscription, tries: tries + 1 });
    return false;
  };

  const settle = async (): Promise<void> => {
    const due = owed;
    owed = [];
    for (const [index, { subscription, tries }] of due.entries()) {
      // Out of reach for one is out of reach for all: the others are not tried in vain.
      if (await attempt(subscription, tries)) continue;
      owed.push(...due.slice(index + 1));
      return;
    }
  };

  return {
    async giveBack(subscription) {
      if (await attempt(subscription, 1)) await settle();
    },
    settle,
  };
};
