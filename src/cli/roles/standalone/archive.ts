// Opens what the photos are kept in: store, spool, catalogue and ledger, with what a killed process left undone finished.

import { sqlCatalog } from '../../../adapters/catalog-sql/catalog-sql.ts';
import { sqlLedger } from '../../../adapters/ledger-sql/ledger-sql.ts';
import type { Log } from '../../../adapters/log/log.ts';
import { setDatabaseAside } from '../../../adapters/sqlite-copy/set-aside.ts';
import { type LedgerBook, ledgerBook } from '../../../archive/ledger-book.ts';
import { finishRetired, LITTLE } from '../../../archive/sweep.ts';
import type { Settings } from '../../../config/settings.ts';
import { type StillwatchError, type StillwatchErrorCode, toStillwatchError } from '../../../domain/errors.ts';
import type { Catalog } from '../../../ports/catalog.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Ledger } from '../../../ports/ledger.ts';
import { type ArchivePlace, openArchivePlace } from '../../archive-place.ts';
import { rulesText } from '../../keep-text.ts';
import { episodesToResume, type OpenEpisodeAt } from '../../open-episodes.ts';
import { lasting } from './lasting.ts';

export interface OpenArchive extends ArchivePlace {
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly book: LedgerBook;
  /** Episodes that were going on when the last process was killed, and go on. */
  readonly resume: readonly OpenEpisodeAt[];
  /** Told when the catalogue is another file than before: what it does not know is to be read from the photos. */
  onOtherCatalog(told: () => void): void;
  close(): Promise<void>;
}

export interface OpenArchiveParts {
  readonly settings: Pick<Settings, 'snapshotsDir' | 'zone' | 'keep'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onTrouble: (error: StillwatchError) => void;
  /** The ledger was written. */
  readonly onWritten: () => void;
}

interface Kept<T> {
  readonly file: string;
  readonly open: (file: string) => Promise<T>;
  readonly damage: StillwatchErrorCode;
  /** What becomes of it, for the log. */
  readonly fate: string;
}

/** A damaged database never keeps the program from watching: it is set aside, and what is lost is said. */
const openLasting = <T extends { close(): Promise<void> }>(
  { file, open, damage, fate }: Kept<T>,
  { clock, log, onTrouble }: Pick<OpenArchiveParts, 'clock' | 'log' | 'onTrouble'>,
  onRenewed: (isOther: boolean) => void,
): Promise<T> => {
  const setAside = async (): Promise<void> => {
    const aside = `${file}.damaged-${clock.now().wall}`;
    log.warn(`${damage}: set aside as ${aside}; ${fate}`);
    await setDatabaseAside(file, aside);
  };
  return lasting({
    file,
    clock,
    setAside,
    onRenewed,
    onTrouble,
    open: async () => {
      try {
        return await open(file);
      } catch (thrown) {
        if (toStillwatchError(thrown).code !== damage) throw thrown;
        await setAside();
        return open(file);
      }
    },
  });
};

/** @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE, SW_CATALOG_NEWER */
export const openArchive = async (parts: OpenArchiveParts): Promise<OpenArchive> => {
  const { settings, clock, log, onTrouble } = parts;
  const tell = (thrown: unknown): void => onTrouble(toStillwatchError(thrown));
  const place = await openArchivePlace(settings.snapshotsDir, onTrouble);
  const { store, disk } = place;
  // A start on a full disk: the catalogue cannot be opened without a little room.
  if ((await disk.space()).free < LITTLE) await disk.releaseReserve();
  let rebuild: (() => void) | undefined;
  const catalog = await openLasting<Catalog>(
    {
      file: place.paths.catalog,
      open: (file) => sqlCatalog({ file }),
      damage: 'SW_CATALOG_DAMAGED',
      fate: 'it is made anew from the photos',
    },
    parts,
    (isOther) => {
      log.warn(`the catalogue was opened again${isOther ? ': it is not the file it was' : ''}`);
      if (isOther) rebuild?.();
    },
  );
  const ledger = await openLasting<Ledger>(
    {
      file: place.paths.ledger,
      open: (file) => sqlLedger({ file }),
      damage: 'SW_LEDGER_DAMAGED',
      fate: 'what earlier triggers came to is not known any more',
    },
    parts,
    () => log.warn('the ledger was opened again'),
  );
  // Episodes that were going on when the last process was killed go on; everything else it left open ends with its reason.
  const resume = episodesToResume(await ledger.open(), clock.now().wall);
  const resumed = resume.map(({ open }) => open.id);
  const book = await ledgerBook({ ledger, zone: settings.zone, clock, resumed, onTrouble, onStored: parts.onWritten });
  log.info(rulesText(settings.keep, (await disk.space()).total));
  await disk.holdReserve().catch(tell);
  // Before anything new is shipped: see finishRetired.
  await finishRetired({ store, catalog }, parts.signal).catch(tell);
  return {
    ...place,
    catalog,
    ledger,
    book,
    resume,
    onOtherCatalog: (told) => {
      rebuild = told;
    },
    async close() {
      await catalog.close();
      await ledger.close();
    },
  };
};
