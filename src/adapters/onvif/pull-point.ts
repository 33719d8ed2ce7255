// One pull point from creation to unsubscription: pulling, the lease, the pause between empty answers.
// It does not survive trouble: it throws, and the supervisor opens a new one.

import { StillwatchError } from '../../domain/errors.ts';
import { between, type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TriggerSource } from '../../ports/trigger-source.ts';
import { isUselessAnswer, OnvifRefusal } from './caller.ts';
import type { OnvifClient } from './client.ts';

export interface PullPointSettings {
  /** What we ask for; a camera that reboots without our knowing frees the slot after this. */
  readonly lease: Ms;
  /** How long the camera may hold one pull when nothing happens. */
  readonly pull: Ms;
}

/** Two minutes of lease: short enough that a leaked slot heals, long enough for one lost pull. Source: engineering trial. */
export const PULL_POINT: PullPointSettings = { lease: seconds(120), pull: seconds(30) };

/** Renewed at this share of the lease, so that two more tries fit into it. */
const RENEW_AT = 0.4;
/** A camera that ignores the timeout answers at once, for ever: empty answers come at most this often. */
const LEAST_PAUSE: Ms = ms(1000);

export const pullPointSource = (
  client: OnvifClient,
  clock: Clock,
  settings: PullPointSettings = PULL_POINT,
): TriggerSource => ({
  name: 'pull-point',
  async open(signal) {
    await client.services(signal);
    const subscription = await client.events.createPullPoint(settings.lease, signal);
    let renewedAt = clock.now().mono;
    let canRenew = true;
    let leaseEnd: string | undefined;
    let isMovedByPulling = false;
    let isClosed = false;

    const close = async (): Promise<void> => {
      if (isClosed) return;
      isClosed = true;
      await client.events.giveBack(subscription);
    };

    /** True when the camera took it. A refusal only means that this camera cannot renew; a dead line throws. */
    const renew = async (cut: AbortSignal): Promise<boolean> => {
      if (!canRenew) return false;
      try {
        await client.events.renew(subscription, settings.lease, cut);
        renewedAt = clock.now().mono;
        return true;
      } catch (error) {
        if (!(error instanceof OnvifRefusal)) throw error;
        canRenew = false;
        return false;
      }
    };

    const synchronize = (cut: AbortSignal): Promise<void> =>
      client.events.synchronize(subscription, cut).catch((error: unknown) => {
        // Optional for cameras; without it their states come when they change.
        if (!isUselessAnswer(error)) throw error;
      });

    try {
      await synchronize(signal);
    } catch (error) {
      await close();
      throw error;
    }

    return {
      async next(cut) {
        const age = between(renewedAt, clock.now().mono);
        if (!isMovedByPulling) {
          if (age >= settings.lease * RENEW_AT && canRenew) await renew(cut);
          else if (age >= settings.lease && !canRenew) {
            // The lease has run out and cannot be renewed; if the camera still answers, so much the better, but do not count on it.
            throw new StillwatchError('SW_CAM_LOST', {}, { where: 'event subscription at the end of its lease' });
          }
        }
        const startedAt = clock.now().mono;
        const pulled = await client.events.pull(subscription, settings.pull, cut);
        if (pulled.terminationTime !== undefined) {
          isMovedByPulling = leaseEnd !== undefined && pulled.terminationTime !== leaseEnd;
          leaseEnd = pulled.terminationTime;
        }
        if (pulled.messages.length === 0) {
          const took = between(startedAt, clock.now().mono);
          if (took < LEAST_PAUSE) await clock.sleep(ms(LEAST_PAUSE - took), cut);
        }
        return pulled.messages;
      },
      async refresh(cut) {
        const didRenew = await renew(cut);
        await synchronize(cut);
        return didRenew;
      },
      [Symbol.asyncDispose]: close,
    };
  },
});
