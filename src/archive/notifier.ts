// Tells others what happened: hears what is stored and told, asks the rules who wants to know, and keeps what it promised to send.
// It never throws, and nobody waits for a receiver: a photo is safe and shown before anybody is told of it.

import type { TimeZone } from '../domain/civil-time.ts';
import { type Language, type StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { CameraId, EpisodeId } from '../domain/ids.ts';
import type { Notice } from '../domain/notice.ts';
import {
  episodeNotice,
  isNews,
  type NoticeSite,
  noticeBody,
  photoNotice,
  sightNotice,
  storeNotice,
  testNotice,
} from '../domain/notice-words.ts';
import {
  givenUp,
  type Notification,
  newNotification,
  notificationTrouble,
  receiverUnknown,
} from '../domain/notification.ts';
import { isTold } from '../domain/notification-rule.ts';
import type { Readiness } from '../domain/readiness.ts';
import type { NotificationSettings, Receiver } from '../domain/receiver.ts';
import type { DiskSpace } from '../domain/retention.ts';
import { ALL_SEE, type SightEvent, type Sights, stepSights } from '../domain/sight-watch.ts';
import type { StoredStill } from '../domain/still.ts';
import { between, type EpochMs, type Ms, ms, seconds } from '../domain/units.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { NotificationChannel } from '../ports/notification-channel.ts';
import type { Outbox, OutboxQuery } from '../ports/outbox.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import type { Quiet } from './contacts.ts';
import { type NotificationLane, notificationLane } from './notification-lane.ts';

export interface NotifierParts {
  /** Opened when somebody is to be told for the first time. */
  readonly outbox: () => Promise<Outbox>;
  readonly channel: (receiver: Receiver) => NotificationChannel;
  readonly catalog: Pick<Catalog, 'list'>;
  readonly cameraName: (camera: CameraId) => string;
  /** Whether photos are kept. */
  readonly keeps: () => Promise<Readiness['keeps']>;
  /** Of the disk they are kept on; undefined: it does not answer. */
  readonly space: () => Promise<DiskSpace | undefined>;
  readonly clock: Clock;
  readonly random: Random;
  readonly zone: TimeZone;
  readonly language: Language;
  /** Until it aborts there is sending. */
  readonly signal: AbortSignal;
  readonly onTrouble: (error: StillwatchError) => void;
  /** One try, or the end without one. */
  readonly onChanged: (notification: Notification) => void;
}

export interface ReceiverState {
  readonly receiver: Receiver;
  readonly waiting: number;
  /** It said that it wants nothing more. */
  readonly isGone: boolean;
}

export interface Notifier {
  /** Puts the owner's settings in force; what waits for a receiver that is still there goes on waiting. */
  configure(settings: NotificationSettings | undefined): void;
  /** A photo can be found from now on. Resolves when whoever is to be told of it will be, also after a kill. */
  stored(still: StoredStill): Promise<void>;
  tell(fact: WatchFact): void;
  /** A camera that sends by itself: whether it has been silent for too long. */
  heardOf(camera: CameraId, quiet: Quiet | undefined): void;
  unwatched(camera: CameraId): void;
  /** One try, now. @throws StillwatchError SW_RECEIVER_UNKNOWN */
  test(receiver: string): Promise<Notification>;
  receivers(): readonly ReceiverState[];
  /** Newest first; nothing where nobody was ever told of anything. */
  list(query: OutboxQuery): Promise<readonly Notification[]>;
  /** Resolves when everything heard so far is in the outbox. */
  settled(): Promise<void>;
  /** Looks after cameras that stay blind and a store that runs low, until `signal` aborts. */
  run(): Promise<void>;
}

/** Done with and still listed, of each receiver: a busy day. */
const MOST_KEPT = 200;
/** Pruned once in so many, so that the card is written less. */
const PRUNE_EVERY = 20;
/** Three, and those of an episode that was photographed by hand meanwhile. */
const MOST_OF_A_SET = 20;
const LOOK_EVERY: Ms = seconds(15);
/** The disk is asked at every fourth look: it fills in hours, not in seconds. */
const STORE_LOOKS = 4;
/** What waits for a receiver that is in no configuration any more. A mistake in it is usually mended sooner. */
const KEEP_ORPHANS: Ms = ms(2 * 86_400_000);

export const notifier = (parts: NotifierParts): Notifier => {
  const { clock, zone, language, signal, onTrouble } = parts;
  let settings: NotificationSettings | undefined;
  const lanes = new Map<string, { receiver: Receiver; lane: NotificationLane }>();
  /** What waits for somebody who is not there. */
  let orphans: readonly Notification[] = [];
  let sights: Sights = ALL_SEE;
  let isStoreLow = false;
  let finished = 0;
  let opened: Promise<Outbox | undefined> | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const wall = (): EpochMs => clock.now().wall;
  const complain = (thrown: unknown): undefined => {
    onTrouble(toStillwatchError(thrown));
    return undefined;
  };

  const site = (): NoticeSite => ({ zone, language, link: settings?.link ?? '', cameraName: parts.cameraName });

  /** A disk in trouble stops no notification: it is only not remembered. */
  const remember = async <T>(work: (outbox: Outbox) => Promise<T>, otherwise: T): Promise<T> => {
    try {
      const outbox = await opened;
      return outbox ? await work(outbox) : otherwise;
    } catch (thrown) {
      complain(thrown);
      return otherwise;
    }
  };

  const changed = async (one: Notification): Promise<void> => {
    parts.onChanged(one);
    const trouble = notificationTrouble(one);
    if (trouble) onTrouble(trouble);
    await remember((outbox) => outbox.update(one), undefined);
    if (one.state !== 'waiting' && finished++ % PRUNE_EVERY === 0) {
      await remember((outbox) => outbox.prune(MOST_KEPT), 0);
    }
  };

  const laneOf = (receiver: Receiver): NotificationLane =>
    notificationLane({
      channel: parts.channel(receiver),
      clock,
      random: parts.random,
      signal,
      onChanged: changed,
    });

  const draft = (receiver: string, notice: Notice): Notification =>
    newNotification(receiver, notice, noticeBody(notice, zone), wall());

  const announce = async (notice: Notice): Promise<void> => {
    for (const { receiver, lane } of lanes.values()) {
      if (lane.isGone || !isTold(receiver.rule, notice, { zone, quiet: settings?.quiet })) continue;
      const notification = draft(receiver.name, notice);
      if (await remember((outbox) => outbox.add(notification), true)) lane.add(notification);
    }
  };

  /** In the order in which things were heard. */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = writing.then(work).catch(complain);
    writing = done;
    return done;
  };

  const settled = async (): Promise<void> => {
    for (let seen: unknown; seen !== writing; ) {
      seen = writing;
      await seen;
    }
  };

  /** A catalogue that cannot be read costs the links to “before” and “peak”, not the notification. */
  const setOf = async (episode: EpisodeId): Promise<readonly StoredStill[]> => {
    try {
      return await parts.catalog.list({ episode, limit: MOST_OF_A_SET });
    } catch (thrown) {
      complain(thrown);
      return [];
    }
  };

  const see = (event: SightEvent): void => {
    const before = sights;
    const { next, news } = stepSights(sights, event, settings?.blindAfter ?? ms(0));
    sights = next;
    if (event.type === 'unwatched' && before.get(event.camera)?.isTold) {
      void inTurn(() => remember((outbox) => outbox.noteBlind(event.camera, undefined), undefined));
    }
    for (const one of news) {
      void inTurn(async () => {
        const since = one.type === 'camera.blind' ? one.blindness.since : undefined;
        await remember((outbox) => outbox.noteBlind(one.camera, since), undefined);
        await announce(sightNotice(one, site()));
      });
    }
  };

  /** What the last process left: notifications that wait, and who was told of which blind camera. */
  const takeUp = async (): Promise<void> => {
    const left = await remember((outbox) => outbox.waiting(), []);
    const blind = await remember((outbox) => outbox.blind(), new Map<CameraId, EpochMs>());
    const told = [...blind].map(([camera, since]) => {
      const known = sights.get(camera);
      return [camera, { code: 'SW_CAM_LOST', facts: {}, ...known, since, isTold: true }] as const;
    });
    sights = new Map([...sights, ...told]);
    orphans = left;
    adoptOrphans();
  };

  const adoptOrphans = (): void => {
    const rest: Notification[] = [];
    for (const one of orphans) {
      const found = lanes.get(one.receiver);
      if (found) found.lane.add(one);
      else rest.push(one);
    }
    orphans = rest;
  };

  const dropOrphans = (): void => {
    const old = orphans.filter(({ at }) => between(at, wall()) > KEEP_ORPHANS);
    if (old.length === 0) return;
    orphans = orphans.filter((one) => !old.includes(one));
    for (const one of old) void changed(givenUp(one, 'SW_NOTIFY_REMOVED', wall()));
  };

  const lookAtStore = async (): Promise<void> => {
    const { isTrue, troubles } = await parts.keeps();
    const isNew = !isTrue && !isStoreLow;
    isStoreLow = !isTrue;
    if (!isNew) return;
    const space = await parts.space();
    await inTurn(() => announce(storeNotice(troubles, space, wall(), site())));
  };

  return {
    configure(next) {
      settings = next;
      const wanted = next?.receivers ?? [];
      for (const [name, { receiver, lane }] of lanes) {
        if (wanted.includes(receiver)) continue;
        orphans = [...orphans, ...lane.close()];
        lanes.delete(name);
      }
      for (const receiver of wanted) {
        if (!lanes.has(receiver.name)) lanes.set(receiver.name, { receiver, lane: laneOf(receiver) });
      }
      if (lanes.size > 0 && !opened) {
        opened = parts.outbox().catch(complain);
        void inTurn(takeUp);
      } else adoptOrphans();
    },
    stored: (still) =>
      lanes.size === 0 || !isNews(still)
        ? Promise.resolve()
        : inTurn(async () => {
            const { episode } = still;
            await announce(photoNotice(still, episode === undefined ? [] : await setOf(episode), site()));
          }),
    tell(fact) {
      if (fact.type === 'episode-ended') void inTurn(() => announce(episodeNotice(fact, site())));
      // After what the last process left was taken up: else a camera that sees already would stay blind for ever.
      if (fact.type === 'blind' || fact.type === 'seeing') void inTurn(async () => see(fact));
    },
    heardOf(camera, quiet) {
      if (quiet) see({ type: 'blind', camera, at: quiet.since, code: 'SW_INBOX_QUIET', facts: quiet.facts });
      else see({ type: 'seeing', camera, at: wall() });
    },
    unwatched: (camera) => void inTurn(async () => see({ type: 'unwatched', camera })),
    async test(name) {
      const found = lanes.get(name);
      if (!found) throw receiverUnknown(name, [...lanes.keys()]);
      const tried = await found.lane.test(draft(name, testNotice(name, wall(), site())));
      parts.onChanged(tried);
      await remember((outbox) => outbox.add(tried), true);
      return tried;
    },
    receivers: () =>
      [...lanes.values()].map(({ receiver, lane }) => ({ receiver, waiting: lane.waiting, isGone: lane.isGone })),
    list: (query) => remember((outbox) => outbox.list(query), []),
    settled,
    async run() {
      for (let looks = 0; !signal.aborted; looks++) {
        // What nobody hears is not told: whoever comes later still has to be.
        if (lanes.size > 0) see({ type: 'tick', at: wall() });
        dropOrphans();
        if (lanes.size > 0 && looks % STORE_LOOKS === 0) await lookAtStore().catch(complain);
        await clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
      }
      await settled();
      const outbox = await opened;
      await outbox?.close().catch(complain);
    },
  };
};
