// Opens what the photos are kept in: store, spool, catalogue and ledger, with what a killed process left undone finished.

import { rename } from 'node:fs/promises';
import { sqlCatalog } from '../../../adapters/catalog-sql/catalog-sql.ts';
import { sqlLedger } from '../../../adapters/ledger-sql/ledger-sql.ts';
import type { Log } from '../../../adapters/log/log.ts';
import { type LedgerBook, ledgerBook } from '../../../archive/ledger-book.ts';
import { finishRetired, LITTLE } from '../../../archive/sweep.ts';
import type { Settings } from '../../../config/settings.ts';
import { type StillwatchError, toStillwatchError } from '../../../domain/errors.ts';
import type { Catalog } from '../../../ports/catalog.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Ledger } from '../../../ports/ledger.ts';
import { type ArchivePlace, openArchivePlace } from '../../archive-place.ts';
import { rulesText } from '../../keep-text.ts';
import { episodesToResume, type OpenEpisodeAt } from '../../open-episodes.ts';

export interface OpenArchive extends ArchivePlace {
  readonly catalog: Catalog;
  readonly ledger: Ledger;
  readonly book: LedgerBook;
  /** Episodes that were going on when the last process was killed, and go on. */
  readonly resume: readonly OpenEpisodeAt[];
  close(): Promise<void>;
}

export interface OpenArchiveParts {
  readonly settings: Pick<Settings, 'snapshotsDir' | 'zone' | 'keep'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onTrouble: (error: StillwatchError) => void;
}

/** Opens the catalogue; a damaged one is only an index, so it is set aside and built anew from the photos. */
const openCatalog = async (file: string, log: Log): Promise<Catalog> => {
  try {
    return await sqlCatalog({ file });
  } catch (thrown) {
    const error = toStillwatchError(thrown);
    if (error.code !== 'SW_CATALOG_DAMAGED') throw error;
    const aside = `${file}.damaged-${Date.now()}`;
    log.warn(`${error.code}: set aside as ${aside}, rebuilding from the photos`);
    await rename(file, aside);
    return sqlCatalog({ file });
  }
};

/** @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE, SW_CATALOG_NEWER, SW_LEDGER_DAMAGED */
export const openArchive = async (parts: OpenArchiveParts): Promise<OpenArchive> => {
  const { settings, clock, log, onTrouble } = parts;
  const tell = (thrown: unknown): void => onTrouble(toStillwatchError(thrown));
  const place = await openArchivePlace(settings.snapshotsDir, onTrouble);
  const { store, disk } = place;
  // A start on a full disk: the catalogue cannot be opened without a little room.
  if ((await disk.space()).free < LITTLE) await disk.releaseReserve();
  const catalog = await openCatalog(place.paths.catalog, log);
  const ledger = await sqlLedger({ file: place.paths.ledger });
  // Episodes that were going on when the last process was killed go on; everything else it left open ends with its reason.
  const resume = episodesToResume(await ledger.open(), clock.now().wall);
  const resumed = resume.map(({ open }) => open.id);
  const book = await ledgerBook({ ledger, zone: settings.zone, clock, resumed, onTrouble });
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
    async close() {
      await catalog.close();
      await ledger.close();
    },
  };
};
