// Every passing fault at every make: the subscription is back, nothing loops, nothing is left at the camera but what a
// fault itself kept us from giving back.

import { describe, expect, it } from 'vitest';
import { PERSONA_NAMES } from '../src/simulator/onvif/persona.ts';
import { FASTER, PASSING_FAULTS, recover, watchedCamera } from './support/onvif-recovery.ts';
import { eventually } from './support/program.ts';

const makes = PERSONA_NAMES.filter((name) => name !== 'liar');

/** Faults during which an Unsubscribe cannot succeed, or its answer cannot be read: the lease frees those slots. */
const KEEPS_SLOTS = new Set(['truncated', 'empty-body', 'entity-bomb', 'deep', 'reset', 'html-503', 'hang', 'huge']);
/** Faults under which subscriptions change their kind of address: those made before are lost to us. */
const CHANGES_ADDRESS = new Set(['needs-reference-parameters', 'needs-message-id', 'unsubscribe-kills-all']);

describe('a subscription comes back', () => {
  // Leases last three real seconds here: slots that were lost are free again well within the time.
  it.each(PASSING_FAULTS)('after %s, at every make', async (fault) => {
    const rows = await Promise.all(makes.map((make) => recover(make, fault)));
    for (const { persona, after, rate, most, left } of rows) {
      const where = `${persona} after ${fault}`;
      expect(after, `${where}: heard again`).toBeDefined();
      // Twenty times faster than life: 40 a second are two a second.
      expect(rate, `${where}: requests a second`).toBeLessThan(2 * FASTER);
      expect(most, `${where}: subscriptions at once`).toBeLessThanOrEqual(5);
      if (!KEEPS_SLOTS.has(fault) && !CHANGES_ADDRESS.has(fault)) expect(left, `${where}: slots left`).toBe(0);
    }
  });

  it('after a reboot, at every make', async () => {
    await Promise.all(
      makes.map(async (make) => {
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
      makes.map(async (make) => {
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
