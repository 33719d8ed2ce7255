// Every passing fault at every make: the subscription is back, nothing loops, nothing is left at the camera but what no
// answer named. A camera that refuses everything is asked on, and never in a loop.

import { describe, expect, it } from 'vitest';
import { PERSONA_NAMES } from '../src/simulator/onvif/persona.ts';
import { FASTER, PASSING_FAULTS, recover, watchedCamera } from './support/onvif-recovery.ts';
import { eventually } from './support/program.ts';

const talking = PERSONA_NAMES.filter((name) => name !== 'liar');

/** No answer names the slot that was taken: the lease frees it. */
const NAMES_NO_SLOT = new Set(['deep', 'entity-bomb', 'empty-body', 'huge']);

describe('a subscription comes back', () => {
  // Leases last three real seconds here: slots that were lost are free again well within the time.
  it.each(PASSING_FAULTS)('after %s, at every make', async (fault) => {
    const rows = await Promise.all(talking.map((make) => recover(make, fault)));
    for (const { persona, after, rate, most, left } of rows) {
      const where = `${persona} after ${fault}`;
      expect(after, `${where}: heard again`).toBeDefined();
      // Twenty times faster than life: 40 a second are two a second.
      expect(rate, `${where}: requests a second`).toBeLessThan(2 * FASTER);
      expect(most, `${where}: subscriptions at once`).toBeLessThanOrEqual(5);
      if (!NAMES_NO_SLOT.has(fault)) expect(left, `${where}: slots left`).toBe(0);
    }
  });

  // Refused, it is asked again every five minutes, fifteen seconds here: all faults at once, each at a camera of its own.
  it('after every fault, at a camera that refuses everything: asked on, and never in a loop', async () => {
    const rows = await Promise.all(PASSING_FAULTS.map((fault) => recover('liar', fault, 1200, 120_000)));
    for (const { fault, after, rate, left } of rows) {
      expect(after, `${fault}: asked again`).toBeDefined();
      expect(rate, `${fault}: requests a second`).toBeLessThan(2 * FASTER);
      expect(left, `${fault}: slots left`).toBe(0);
    }
  });

  it('after a reboot, at every make', async () => {
    await Promise.all(
      talking.map(async (make) => {
        await using watched = await watchedCamera(make);
        await eventually('the first states', () => watched.heard[0]);
        watched.camera.reboot();
        const { length } = watched.heard;
        await eventually(`${make}: states after the reboot`, () => watched.heard[length], 20_000);
      }),
    );
  });

  it.each(['auth-400', 'auth-401', 'auth-500'] as const)('%s is told, and not knocked at in a loop', async (fault) => {
    await Promise.all(
      talking.map(async (make) => {
        await using watched = await watchedCamera(make);
        await eventually('the first states', () => watched.heard[0]);
        const { camera, lines, supervisor } = watched;
        camera.faults.set([{ fault }]);
        supervisor.rebuild();
        await eventually(`${make}: told`, () => lines.find((line) => line.type === 'line-down'));
        const told = lines.find((line) => line.type === 'line-down');
        // Not in a loop: the next try is after the half hour for which cameras lock, and a minute.
        expect(told).toMatchObject({ reason: 'SW_CAM_LOCKED', retryAt: (told?.at.wall ?? 0) + 31 * 60_000 });
      }),
    );
  });
});
