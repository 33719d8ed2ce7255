// The standalone role's composition root: cameras, photos and gallery on one machine.
// The main process holds web, store and catalogue; cameras are watched in capture children.

import { rename } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { relative } from 'node:path';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { sqlLedger } from '../../adapters/ledger-sql/ledger-sql.ts';
import { LOG_LEVELS, type Log, openLog } from '../../adapters/log/log.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemdNotify } from '../../adapters/systemd-notify/systemd-notify.ts';
import { thumbnailer } from '../../adapters/thumbnail/thumbnail.ts';
import { adopt } from '../../archive/adoption.ts';
import { ledgerBook } from '../../archive/ledger-book.ts';
import { shipper } from '../../archive/shipper.ts';
import { finishRetired, LITTLE } from '../../archive/sweep.ts';
import { sweeper } from '../../archive/sweeper.ts';
import { ENV_KEYS, loadEnvSettings } from '../../config/legacy-env.ts';
import type { Settings } from '../../config/settings.ts';
import { isoText } from '../../domain/civil-time.ts';
import { EXIT, StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import { type Ms, seconds } from '../../domain/units.ts';
import type { Catalog } from '../../ports/catalog.ts';
import { loadAssets } from '../../web/assets.ts';
import { buildWeb } from '../../web/server.ts';
import { statusFeed } from '../../web/status-feed.ts';
import { openArchivePlace } from '../archive-place.ts';
import { superviseCapture } from '../capture-children.ts';
import { logFact, logStored } from '../fact-log.ts';
import { gigabytes, rulesText, sweepText } from '../keep-text.ts';
import { episodesToResume } from '../open-episodes.ts';
import { printTrouble } from '../trouble.ts';
import { version } from '../version.ts';
import { type RoleVitals, roleVitals } from '../vitals.ts';

/** What is in flight when the process is told to stop gets this long to reach the store. */
const DRAIN_WITHIN: Ms = seconds(3);

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

const lanAddress = (): string | undefined =>
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

export interface StandaloneOptions {
  readonly settings: Settings;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Take any free port when the wanted one is in use. */
  readonly isPortFlexible?: boolean;
  /** Told once the gallery answers. */
  readonly onListening: (address: { readonly port: number; readonly lan: string | undefined }) => void;
}

const listen = async (web: ReturnType<typeof buildWeb>, options: StandaloneOptions): Promise<number> => {
  const { bind, port } = options.settings.web;
  const listenOn = async (wanted: number): Promise<number> => {
    await web.listen({ host: bind, port: wanted });
    const address = web.server.address();
    return typeof address === 'object' && address ? address.port : wanted;
  };
  try {
    return await listenOn(port);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE' && options.isPortFlexible) return listenOn(0);
    if (code === 'EADDRINUSE') throw new StillwatchError('SW_PORT_IN_USE', { port });
    throw thrown;
  }
};

/** Runs until `signal` aborts and everything in flight is safe. @throws StillwatchError when it cannot start */
export const runStandalone = async (options: StandaloneOptions): Promise<void> => {
  const { settings, log, signal } = options;
  const { zone, language, rootCamera } = settings;
  const clock = systemClock();
  const random = Math.random;
  let vitals: RoleVitals | undefined;
  const tellTrouble = (error: StillwatchError): void => {
    log.error(`${error.code}: ${error.text(language)}`);
    vitals?.trouble(error);
  };
  const place = await openArchivePlace(settings.snapshotsDir, tellTrouble);
  const { store, spool, disk } = place;
  // A start on a full disk: the catalogue cannot be opened without a little room.
  if ((await disk.space()).free < LITTLE) await disk.releaseReserve();
  const catalog = await openCatalog(place.paths.catalog, log);
  const ledger = await sqlLedger({ file: place.paths.ledger });
  // Episodes that were going on when the last process was killed go on; everything else it left open ends with its reason.
  const resume = episodesToResume(await ledger.open(), clock.now().wall);
  const resumed = resume.map(({ open }) => open.id);
  const book = await ledgerBook({ ledger, zone, clock, resumed, onTrouble: tellTrouble });
  log.info(rulesText(settings.keep, (await disk.space()).total));
  await disk.holdReserve().catch((thrown: unknown) => tellTrouble(toStillwatchError(thrown)));
  // Before anything new is shipped: see finishRetired.
  await finishRetired({ store, catalog }, signal).catch((thrown: unknown) => tellTrouble(toStillwatchError(thrown)));
  const feed = statusFeed(settings.cameras, clock.now().wall);
  const watched = roleVitals({ place, catalog, status: () => feed.status(), rules: settings.keep, clock });
  vitals = watched;
  const isDemo = settings.cameras.every((camera) => camera.isDemo);

  const web = buildWeb({
    catalog,
    store,
    thumbnails: thumbnailer(),
    status: () => feed.status(),
    live: feed,
    vitals: watched,
    clock,
    zone,
    language,
    access: { publicView: settings.web.isPublic },
    assets: await loadAssets(),
    log,
    version,
    isDemo,
  });
  const port = await listen(web, options).catch(async (thrown: unknown) => {
    await web.close();
    await catalog.close();
    await ledger.close();
    throw thrown;
  });
  options.onListening({
    port,
    lan: settings.web.bind === '0.0.0.0' || settings.web.bind === '::' ? lanAddress() : undefined,
  });

  const shipping = shipper({
    spool,
    store,
    catalog,
    rootCamera,
    clock,
    random,
    onStored: (still) => {
      logStored(log, still);
      feed.stored(still);
      watched.stored(still);
    },
    onTrouble: (error) => {
      tellTrouble(error);
      if (error.code === 'SW_STORE_FULL') sweeping.wake();
    },
  });
  const sweeping = sweeper({
    parts: { ...place, catalog },
    rules: settings.keep,
    clock,
    onSwept: (sum) => {
      watched.counters.swept(sum.stills);
      if (sum.stills > 0) log.info(`swept ${sweepText(sum)}`, { swept: sum.reasons });
      if (sum.firstFailure) tellTrouble(sum.firstFailure);
      if (sum.unmet.bytes > 0)
        log.warn(
          `the keep rules want ${gigabytes(sum.unmet.bytes)} more: only favourites, today’s or other photos are left`,
        );
      if (sum.stills > 0) shipping.wake();
    },
    onTrouble: tellTrouble,
    onClockJump: (jump, now) =>
      log.warn(`the system’s clock was set by ${Math.round(jump / 1000)} s; it is ${isoText(now.wall, zone)} now`),
  });
  const swept = sweeping.run(signal);
  const drained = new AbortController();
  const shipped = shipping.run(drained.signal);

  const adoptAll = async (): Promise<void> => {
    try {
      const sum = await adopt({ store, catalog, zone, rootCamera, signal });
      if (sum.recorded > 0)
        log.info(`${sum.recorded} photos found in ${settings.snapshotsDir} and added to the gallery`);
      if (sum.skipped > 0)
        log.warn(`${sum.skipped} files in ${settings.snapshotsDir} are no photos of ours and were left alone`);
    } catch (thrown) {
      if (!signal.aborted) tellTrouble(toStillwatchError(thrown));
    }
  };
  const adopting = adoptAll();
  const keeper = systemdNotify({
    environment: process.env,
    clock,
    pid: process.pid,
    onTrouble: (detail) => log.error(`systemd cannot be told that the program is alive: ${detail}`),
  });
  await keeper.ready(`${settings.cameras.length} cameras, http://localhost:${port}/`);
  const alive = keeper.keepAlive(drained.signal);
  const accounting = book.run(drained.signal);

  await superviseCapture(
    {
      resume,
      onDied: (cameras, resumed) => book.captureDied(cameras, resumed),
      cameras: settings.cameras,
      spoolDir: place.paths.spool,
      shelfDir: place.paths.shelf,
      zone,
      clock,
      random,
      onFact: (fact) => {
        logFact(log, fact, language);
        feed.tell(fact);
        watched.tell(fact);
        book.tell(fact);
        if (fact.type === 'still-accepted') shipping.wake();
        if (fact.type === 'still-missed' && fact.code === 'SW_STORE_FULL') sweeping.wake();
      },
    },
    signal,
  );
  await keeper.stopping();
  // The last photos were accepted while the children stopped: they are safe in the spool, and shown if time allows.
  const late = clock.sleep(DRAIN_WITHIN).then(() => drained.abort());
  await Promise.race([shipping.drain(), late]);
  drained.abort();
  await shipped;
  await adopting;
  await swept;
  await alive;
  await accounting;
  await web.close();
  await catalog.close();
  await ledger.close();
};

/** Aborts on the first SIGINT or SIGTERM; a second one ends the process at once. */
export const stopSignal = (): AbortSignal => {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(EXIT.interrupted);
      stopping.abort();
    });
  }
  return stopping.signal;
};

/** LOG_LEVEL and LOG_FORMAT choose how it starts; SIGUSR2 switches everything on, and off again. */
export const openProcessLog = (): Log => {
  const wanted = LOG_LEVELS.find((level) => level === process.env['LOG_LEVEL']) ?? 'info';
  const log = openLog(process.env['LOG_FORMAT'] === 'json' ? 'json' : 'people', process.stdout, wanted);
  process.on('SIGUSR2', () => {
    log.level = log.level === 'debug' ? (wanted === 'debug' ? 'info' : wanted) : 'debug';
    log.warn(`the log’s level is ${log.level} now`);
  });
  return log;
};

const introduce = (settings: Settings, port: number, lan: string | undefined): void => {
  const folder = relative(process.cwd(), settings.snapshotsDir) || '.';
  const phone = lan ? `    (on your phone: http://${lan}:${port}/)` : '';
  const known = Object.keys(ENV_KEYS).length;
  process.stdout.write(
    [
      `Stillwatch ${version} · Node ${process.versions.node} · photos in ./${folder}`,
      `Cameras: ${settings.cameras.map((camera) => camera.id).join(', ')} (${known} settings: docs/reference/config.md)`,
      `Open     http://localhost:${port}/${phone}`,
      settings.web.isPublic
        ? 'Viewing: anyone who reaches this address (PUBLIC_VIEW=1)'
        : 'Viewing: this private network without login; the internet not at all',
      '',
    ].join('\n'),
  );
};

/** The standalone role with the settings of the folder it runs in. @returns the exit code */
export const runFromEnvironment = async (): Promise<number> => {
  try {
    const settings = loadEnvSettings(process.cwd(), process.env);
    const signal = stopSignal();
    await runStandalone({
      settings,
      log: openProcessLog(),
      signal,
      onListening: ({ port, lan }) => introduce(settings, port, lan),
    });
    return EXIT.ok;
  } catch (thrown) {
    return printTrouble(thrown);
  }
};
