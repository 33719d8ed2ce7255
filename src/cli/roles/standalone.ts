// The standalone role's composition root: cameras, photos and gallery on one machine; one file under standalone/ per concern.
// The main process holds web, store and catalogue; cameras are watched in capture children.

import type { Server as HttpsServer } from 'node:https';
import { join } from 'node:path';
import { fsIdentities } from '../../adapters/camera-facts-fs/identities.ts';
import { fsReports } from '../../adapters/camera-facts-fs/reports.ts';
import type { Log } from '../../adapters/log/log.ts';
import { fsReadings } from '../../adapters/readings-fs/readings-fs.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { systemdNotify } from '../../adapters/systemd-notify/systemd-notify.ts';
import { thumbnailer } from '../../adapters/thumbnail/thumbnail.ts';
import { zipStream } from '../../adapters/zip/zip.ts';
import type { Contacts } from '../../archive/contacts.ts';
import { forgetReadings } from '../../archive/forget-readings.ts';
import { sweep } from '../../archive/sweep.ts';
import type { ConfigFile } from '../../config/config-file.ts';
import type { Settings } from '../../config/settings.ts';
import type { Camera } from '../../domain/camera.ts';
import { newContact } from '../../domain/contact.ts';
import { StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import { type Ms, seconds } from '../../domain/units.ts';
import type { WatchFact } from '../../ports/telemetry.ts';
import { loadAssets } from '../../web/assets.ts';
import { NOTIFY_PATH } from '../../web/notify-routes.ts';
import { buildWeb } from '../../web/server.ts';
import { statusFeed } from '../../web/status-feed.ts';
import { authOf, openAccounts, renewSetupKey } from '../account-place.ts';
import { isEverywhere } from '../bind-address.ts';
import { cameraClocks } from '../camera-clocks.ts';
import { cameraReports } from '../camera-reports.ts';
import { cameraTrials } from '../camera-trials.ts';
import { captureSupervisor } from '../capture-children.ts';
import { listenForCommands } from '../control.ts';
import { logFact } from '../fact-log.ts';
import { liveLooks } from '../live-looks.ts';
import { logTail } from '../log-tail.ts';
import { photoOrders } from '../photo-orders.ts';
import { mainDesk } from '../push-desk.ts';
import { troubleLines } from '../trouble-lines.ts';
import { version } from '../version.ts';
import { type RoleVitals, roleVitals } from '../vitals.ts';
import { openArchive } from './standalone/archive.ts';
import { clipStoreOf } from './standalone/clip-store.ts';
import { type DemoSwitch, demoSwitch } from './standalone/demo-switch.ts';
import type { InboxesParts } from './standalone/inboxes.ts';
import { startKeeping } from './standalone/keeping.ts';
import { type Listening, listen } from './standalone/listen.ts';
import { followSettings, liveRules } from './standalone/live-settings.ts';
import { notificationsOf } from './standalone/notifications.ts';
import { runningReport } from './standalone/support.ts';
import { fingerprint, followTls, type KeyPair, readPair } from './standalone/tls.ts';

/** Doors for mail and uploads are loaded by who has some: their clients take 20 MB. */
const openInboxes = async (parts: InboxesParts, signal: AbortSignal) =>
  (await import('./standalone/inboxes.ts')).openInboxes(parts, signal);

/** What is in flight when the process is told to stop gets this long to reach the store. */
const DRAIN_WITHIN: Ms = seconds(3);

export interface StandaloneOptions {
  readonly settings: Settings;
  /** Where the settings came from, to be followed; undefined: they stay as they are. */
  readonly config?: ConfigFile;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Take any free port when the wanted one is in use. */
  readonly isPortFlexible?: boolean;
  /** Told once the gallery answers. */
  readonly onListening: (
    address: Listening & { readonly scheme: 'http' | 'https'; readonly setupKey: string | undefined },
  ) => void;
}

/** The address cameras are told; what takes the place of `{host}` depends on the way to each camera. */
const notifyAt = (scheme: 'http' | 'https', bind: string, port: number): string =>
  `${scheme}://${isEverywhere(bind) ? '{host}' : bind.includes(':') ? `[${bind}]` : bind}:${port}${NOTIFY_PATH}`;

/** Runs until `signal` aborts and everything in flight is safe. @throws StillwatchError when it cannot start */
export const runStandalone = async (options: StandaloneOptions): Promise<void> => {
  const { settings, signal, config } = options;
  /** What may change while it runs. */
  const now = (): Settings => config?.settings ?? settings;
  const keep = liveRules(() => now().keep);
  const { zone, language } = settings;
  const clock = systemClock();
  const random = Math.random;
  const tail = logTail(options.log, clock);
  const { log } = tail;
  let vitals: RoleVitals | undefined;
  const troubles = troubleLines({ log, clock, zone, language, signal });
  const tellTrouble = (error: StillwatchError): void => {
    troubles.tell(error);
    vitals?.trouble(error);
  };

  const archive = await openArchive({
    settings,
    clock,
    log,
    signal,
    onTrouble: tellTrouble,
    onWritten: () => troubles.wrote(),
  });
  const { catalog, ledger, store, book } = archive;
  const feed = statusFeed(settings.cameras, clock.now().wall);
  const watched = roleVitals({ place: archive, catalog, status: () => feed.status(), rules: keep, clock });
  vitals = watched;

  const notifications = notificationsOf({
    archive,
    settings: now,
    status: () => feed.status(),
    vitals: watched,
    clock,
    random,
    log,
    onTrouble: tellTrouble,
  });
  const readings = fsReadings(archive.paths.readings);
  const identities = fsIdentities(archive.paths.identities);
  const known = await identities.all();
  const reports = fsReports(archive.paths.reports);
  const madeReports = await reports.all();
  for (const [camera, identity] of known) feed.tell({ type: 'identified', camera, at: clock.now().wall, identity });

  const looks = liveLooks(clock);
  const orders = photoOrders({ clock, onFact: (fact) => onFact(fact) });
  const accounts = await openAccounts(settings.snapshotsDir);
  await accounts.forgetExpired(clock.now().wall, settings.accounts);
  const tls = settings.web.tls && { tls: settings.web.tls, folder: archive.paths.data };
  const pair = tls && (await readPair(tls));
  const desk = mainDesk();
  let contacts: Contacts | undefined;
  let demo: DemoSwitch | undefined;
  const started = (): DemoSwitch => {
    if (!demo) throw new StillwatchError('SW_UNEXPECTED', { detail: 'the program is still starting' });
    return demo;
  };
  const cameras = (): readonly Camera[] => [...now().cameras, ...(demo?.cameras ?? [])];
  const senders = settings.inbox?.cameras.map(({ id, name }) => ({ id, name }));
  const web = buildWeb({
    ...(settings.inbox
      ? {
          inbox: {
            settings: settings.inbox,
            contactOf: (camera) => contacts?.of(camera) ?? newContact(camera),
            films: clipStoreOf(archive.paths.data),
          },
        }
      : {}),
    notify: desk,
    catalog,
    ledger,
    api: {
      ...archive,
      unshipped: async () => new Set((await archive.spool.pending()).map(({ facts }) => facts.id)),
      storage: {
        rules: () => keep,
        space: () => archive.disk.space(),
        plan: (rules, onGoing) =>
          sweep(archive, {
            rules,
            now: clock.now().wall,
            isClockSteady: true,
            isDryRun: true,
            onGoing: ({ still }) => onGoing(still),
          }),
      },
      clocks: cameraClocks({ clock, camera: (id) => cameras().find((camera) => camera.id === id) }),
      reports: cameraReports({
        clock,
        camera: (id) => cameras().find((camera) => camera.id === id),
        identity: (id) => feed.status().cameras.find((camera) => camera.id === id)?.identity,
        made: madeReports,
        keep: (id, report) =>
          void reports.put(id, report).catch((thrown: unknown) => tellTrouble(toStillwatchError(thrown))),
      }),
      zip: zipStream,
      supportReport: () => runningReport({ settings: now, vitals: watched, status: () => feed.status() }),
      notifier: notifications.notifier,
      takePhoto: (camera) => orders.take(camera),
      look: (camera) => looks.look(camera),
      readings,
      watched: (id) => cameras().find((camera) => camera.id === id),
      ...(config
        ? {
            config,
            demo: {
              isOn: () => demo?.isOn() ?? false,
              photos: async () => (await demo?.photos()) ?? 0,
              start: async () => started().start(),
              remove: async () => started().remove(),
            },
            trials: cameraTrials({
              clock,
              zone,
              cameras: () => now().cameras,
              spool: archive.spool,
              onAccepted: () => keeping.wakeShipper(),
            }),
          }
        : {}),
    },
    ...(pair && { tls: { ...pair, isCertified: settings.web.tls !== 'self-signed' } }),
    store,
    thumbnails: thumbnailer(),
    status: () => (senders ? { ...feed.status(), senders } : feed.status()),
    live: feed,
    vitals: watched,
    clock,
    zone,
    language,
    access: {
      get publicView() {
        return now().web.isPublic;
      },
      get loginToView() {
        return now().web.loginToView ?? false;
      },
    },
    auth: authOf(accounts, settings),
    assets: await loadAssets(),
    log,
    version,
    isDemo: settings.cameras.length > 0 && settings.cameras.every((camera) => camera.isDemo),
  });
  const address = await listen(web, { ...settings.web, isPortFlexible: options.isPortFlexible ?? false }).catch(
    async (thrown: unknown) => {
      await web.close();
      await accounts.close();
      await archive.close();
      throw thrown;
    },
  );
  const setupKey = await renewSetupKey(accounts, clock.now().wall);
  options.onListening({ ...address, scheme: pair ? 'https' : 'http', setupKey });
  if (tls && pair) {
    if (tls.tls === 'self-signed') log.info(`HTTPS with a certificate of its own, SHA-256 ${fingerprint(pair)}`);
    const onRenewed = (next: KeyPair): void => {
      (web.server as unknown as HttpsServer).setSecureContext(next);
      log.info('HTTPS: the renewed certificate is in force');
    };
    const onTrouble = (thrown: unknown): void => tellTrouble(toStillwatchError(thrown));
    void followTls({ ...tls, clock, first: pair, onRenewed, onTrouble }, signal);
  }

  // Before photos are handed on: of each that is, somebody may have to be told.
  notifications.start();
  const keeping = startKeeping(
    {
      archive,
      settings: { ...settings, keep },
      clock,
      random,
      log,
      onStored: (still) => {
        feed.stored(still);
        watched.stored(still);
        troubles.wrote();
        orders.stored(still.id);
        return notifications.notifier.stored(still);
      },
      onSwept: (stills) => watched.counters.swept(stills),
      onTrouble: tellTrouble,
    },
    signal,
  );
  const keeper = systemdNotify({
    environment: process.env,
    clock,
    pid: process.pid,
    onTrouble: (detail) => log.error(`systemd cannot be told that the program is alive: ${detail}`),
  });
  await keeper.ready(`${settings.cameras.length} cameras, ${pair ? 'https' : 'http'}://localhost:${address.port}/`);
  const alive = keeper.keepAlive(keeping.drained);
  const forgetting = forgetReadings({ readings, clock, onTrouble: tellTrouble }, signal);
  const accounting = book.run(keeping.drained);

  const onFact = (fact: WatchFact): void => {
    if (fact.type === 'identified')
      void identities
        .put(fact.camera, fact.identity)
        .catch((thrown: unknown) => tellTrouble(toStillwatchError(thrown)));
    logFact(log, fact, language);
    feed.tell(fact);
    watched.tell(fact);
    book.tell(fact);
    orders.tell(fact);
    notifications.notifier.tell(fact);
    if (fact.type === 'still-accepted') keeping.wakeShipper();
    if (fact.type === 'still-missed' && fact.code === 'SW_STORE_FULL') keeping.wakeSweeper();
  };
  const control = await listenForCommands({
    path: archive.paths.control,
    orders,
    catalog,
    cameras,
    tail,
  }).catch((thrown: unknown) => {
    tellTrouble(toStillwatchError(thrown));
    return undefined;
  });
  const inboxes =
    settings.inbox &&
    (await openInboxes(
      {
        inbox: settings.inbox,
        settings,
        archive,
        clock,
        random,
        log,
        onFact,
        onHandedOn: () => keeping.wakeShipper(),
        onHeard: (camera) => feed.heard(camera),
        onLooked: (camera, quiet) => notifications.notifier.heardOf(camera, quiet),
        onTrouble: tellTrouble,
      },
      signal,
      // A door that cannot be opened is told; cameras that are watched are watched all the same.
    ).catch((thrown: unknown) => tellTrouble(toStillwatchError(thrown))));

  contacts = inboxes?.contacts;

  const capture = captureSupervisor({
    orders,
    looks,
    resume: archive.resume,
    onDied: (cameras, resumed) => book.captureDied(cameras, resumed),
    onUnwatched: (camera) => {
      book.unwatched(camera);
      notifications.notifier.unwatched(camera);
      demo?.unwatched(camera);
    },
    onAlive: (child, said) => watched.captured(child, said),
    cameras: settings.cameras,
    spoolDir: archive.paths.spool,
    shelfDir: archive.paths.shelf,
    readingsDir: archive.paths.readings,
    zone,
    clock,
    random,
    known,
    notify: { at: notifyAt(pair ? 'https' : 'http', settings.web.bind, address.port), desk },
    onFact,
  });
  demo = demoSwitch({
    mark: join(settings.snapshotsDir, '.stillwatch', 'demo-camera'),
    catalog,
    capture,
    spool: archive.spool,
    clock,
    onChange: () => feed.setCameras(cameras(), clock.now().wall),
    onRemoved: () => keeping.wakeSweeper(),
  });
  const allCameras = { setCameras: () => feed.setCameras(cameras(), clock.now().wall) };
  if (config) {
    const onNotifications = (): void => notifications.configure();
    followSettings({ config, capture, feed: allCameras, onNotifications, clock, log }, signal);
  }
  if (config) await demo.resume().catch((thrown: unknown) => tellTrouble(toStillwatchError(thrown)));
  await capture.run(signal);
  await demo[Symbol.asyncDispose]();
  await inboxes?.close();
  await control?.[Symbol.asyncDispose]();
  await keeper.stopping();
  // The last photos were accepted while the children stopped: they are safe in the spool, and shown if time allows.
  await keeping.finish(DRAIN_WITHIN);
  await notifications.stop();
  await alive;
  await accounting;
  await forgetting;
  await web.close();
  await accounts.close();
  await archive.close();
};
