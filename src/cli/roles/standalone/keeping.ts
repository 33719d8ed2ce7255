// The photo side at work: ships what is spooled, sweeps by the keep rules, takes up photos that were there before us.

import type { Log } from '../../../adapters/log/log.ts';
import { adopt } from '../../../archive/adoption.ts';
import { noteAll } from '../../../archive/owner-word.ts';
import { recheckNewest } from '../../../archive/recheck.ts';
import { shipper } from '../../../archive/shipper.ts';
import { sweeper } from '../../../archive/sweeper.ts';
import type { Settings } from '../../../config/settings.ts';
import { isoText } from '../../../domain/civil-time.ts';
import { type StillwatchError, toStillwatchError } from '../../../domain/errors.ts';
import type { StillId } from '../../../domain/ids.ts';
import type { StoredStill } from '../../../domain/still.ts';
import type { Ms } from '../../../domain/units.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import { logStored } from '../../fact-log.ts';
import { gigabytes, sweepText } from '../../keep-text.ts';
import type { OpenArchive } from './archive.ts';

export interface KeepingParts {
  readonly archive: OpenArchive;
  readonly settings: Pick<Settings, 'snapshotsDir' | 'zone' | 'rootCamera' | 'keep'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** A still has reached store and catalogue. */
  readonly onStored: (still: StoredStill) => void | Promise<void>;
  readonly onSwept: (stills: number) => void;
  readonly onTrouble: (error: StillwatchError) => void;
}

export interface Keeping {
  /** Something was accepted by the spool. */
  wakeShipper(): void;
  /** Room is wanted. */
  wakeSweeper(): void;
  /** Ships what is spooled, for at most `within`; then ends. Everything left is safe in the spool. */
  finish(within: Ms): Promise<void>;
  /** Aborts when the last photos were shipped or `finish` gave up waiting for them. */
  readonly drained: AbortSignal;
}

export const startKeeping = (parts: KeepingParts, signal: AbortSignal): Keeping => {
  const { archive, settings, clock, log, onTrouble } = parts;
  const { store, catalog } = archive;
  const { zone, rootCamera } = settings;
  const shipping = shipper({
    ...archive,
    rootCamera,
    clock,
    random: parts.random,
    onStored: (still) => {
      logStored(log, still);
      return parts.onStored(still);
    },
    onTrouble: (error) => {
      onTrouble(error);
      if (error.code === 'SW_STORE_FULL') sweeping.wake();
    },
  });
  const sweeping = sweeper({
    parts: archive,
    rules: settings.keep,
    clock,
    onSwept: (sum) => {
      parts.onSwept(sum.stills);
      if (sum.stills > 0) log.info(`swept ${sweepText(sum)}`, { swept: sum.reasons });
      if (sum.firstFailure) onTrouble(sum.firstFailure);
      if (sum.unmet.bytes > 0)
        log.warn(
          `the keep rules want ${gigabytes(sum.unmet.bytes)} more: only favourites, today’s or other photos are left`,
        );
      if (sum.stills > 0) shipping.wake();
    },
    onTrouble,
    onClockJump: (jump, now) =>
      log.warn(`the system’s clock was set by ${Math.round(jump / 1000)} s; it is ${isoText(now.wall, zone)} now`),
  });
  const adoptAll = async (): Promise<void> => {
    try {
      const lost: StillId[] = [];
      const onLost = (error: StillwatchError, { id }: StoredStill): void => {
        onTrouble(error);
        lost.push(id);
      };
      await recheckNewest({ store, catalog, signal, onLost });
      if (lost.length > 0) archive.book.lost(lost);
      const sum = await adopt({ store, catalog, zone, rootCamera, signal });
      // A catalogue that was made anew does not know yet what the owner said.
      await noteAll(archive);
      if (sum.recorded > 0)
        log.info(`${sum.recorded} photos found in ${settings.snapshotsDir} and added to the gallery`);
      const { damaged = 0 } = sum.reasons;
      if (damaged > 0) {
        const named = sum.examples.flatMap(({ path, reason }) => (reason === 'damaged' ? [` ${path}`] : []));
        log.warn(`${damaged} photos are empty or half, and are not shown:${named.join()}`);
      }
      const foreign = sum.skipped - damaged;
      if (foreign > 0)
        log.warn(`${foreign} files in ${settings.snapshotsDir} are no photos of ours and were left alone`);
    } catch (thrown) {
      if (!signal.aborted) onTrouble(toStillwatchError(thrown));
    }
  };

  const drained = new AbortController();
  // One walk after the other: a catalogue that was made anew while one goes on is walked for once more.
  let adopting = adoptAll();
  archive.onOtherCatalog(() => {
    adopting = adopting.then(adoptAll);
  });
  const work = [sweeping.run(signal), shipping.run(drained.signal)];
  return {
    wakeShipper: () => shipping.wake(),
    wakeSweeper: () => sweeping.wake(),
    drained: drained.signal,
    async finish(within) {
      const late = clock.sleep(within).then(() => drained.abort());
      await Promise.race([shipping.drain(), late]);
      drained.abort();
      await Promise.all(work);
      await adopting;
    },
  };
};
