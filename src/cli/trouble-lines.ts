// How the log speaks of trouble: one line when it begins, one with the count when it is over, whatever failed meanwhile.

import type { Log } from '../adapters/log/log.ts';
import { isoText, type TimeZone } from '../domain/civil-time.ts';
import type { Language, StillwatchError, StillwatchErrorCode } from '../domain/errors.ts';
import { endSpells, improveSpells, NO_SPELLS, type Spells, tellSpell } from '../domain/trouble-spell.ts';
import { seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';

export interface TroubleLines {
  tell(error: StillwatchError): void;
  /** Something was written to the disk. */
  wrote(): void;
}

export interface TroubleLinesParts {
  readonly log: Log;
  readonly clock: Clock;
  readonly zone: TimeZone;
  readonly language: Language;
  readonly signal: AbortSignal;
}

/** What lasts until somebody does something about the disk; everything else is told by its text. */
const DISK: ReadonlySet<StillwatchErrorCode> = new Set(['SW_STORE_FULL', 'SW_STORE_WRITE']);
const LOOK_EVERY = seconds(15);

/** Catalogue, ledger and spool lie in one folder: a disk that is full for one is full for all. */
const keyOf = ({ code, message, facts }: StillwatchError): string => {
  const folder = String(facts['path'] ?? '').replace(/[^/\\]*$/, '');
  return DISK.has(code) ? `${code} ${folder}` : message;
};
const codeOf = (key: string): string => key.split(' ')[0] ?? key;
const isDisk = (key: string): boolean => DISK.has(codeOf(key) as StillwatchErrorCode);

export const troubleLines = ({ log, clock, zone, language, signal }: TroubleLinesParts): TroubleLines => {
  let spells: Spells = NO_SPELLS;
  let isLooking = false;

  /** Only while there is trouble: a program that is well wakes for nothing. */
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    while (spells.size > 0 && !signal.aborted) {
      await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
      const { next, over } = endSpells(spells, clock.now());
      spells = next;
      for (const { key, since, last, times } of over) {
        if (times > 1 || isDisk(key))
          log.warn(
            `${codeOf(key)} is over: ${times} ${times === 1 ? 'time' : 'times'} from ${isoText(since, zone)} to ${isoText(last.wall, zone)}`,
            { times },
          );
      }
    }
    isLooking = false;
  };

  return {
    tell(error) {
      const { next, isNew } = tellSpell(spells, keyOf(error), clock.now());
      spells = next;
      if (isNew) log.error(`${error.code}: ${error.text(language)}`);
      void look();
    },
    wrote() {
      spells = improveSpells(spells, isDisk);
    },
  };
};
