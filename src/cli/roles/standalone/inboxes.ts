// Opens the doors that cameras deliver to, and what stands behind them.

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addressGuard } from '../../../adapters/address-guard/address-guard.ts';
import { avPictureReader } from '../../../adapters/av/picture-reader.ts';
import { httpFetch } from '../../../adapters/http-still/http-fetch.ts';
import { fsContactBook } from '../../../adapters/inbox-fs/inbox-fs.ts';
import { inboxFtp } from '../../../adapters/inbox-ftp/inbox-ftp.ts';
import { inboxImap } from '../../../adapters/inbox-mail/inbox-imap.ts';
import { inboxSmtp } from '../../../adapters/inbox-mail/inbox-smtp.ts';
import type { Log } from '../../../adapters/log/log.ts';
import { ownCertificate } from '../../../adapters/self-signed/self-signed.ts';
import { fsSpool } from '../../../adapters/spool-fs/spool-fs.ts';
import { uploadPictures } from '../../../adapters/upload-pictures/upload-pictures.ts';
import { burstSettler } from '../../../archive/burst-settler.ts';
import { type Contacts, openContacts, type Quiet } from '../../../archive/contacts.ts';
import { type Fetcher, fetcher } from '../../../archive/fetcher.ts';
import { inboxKeys } from '../../../archive/inbox-door.ts';
import { intake } from '../../../archive/intake.ts';
import type { Settings } from '../../../config/settings.ts';
import { StillwatchError, toStillwatchError } from '../../../domain/errors.ts';
import type { CameraId } from '../../../domain/ids.ts';
import { type HttpRule, type ImapRule, type InboxSettings, isPlainAllowed } from '../../../domain/inbox.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import type { InboxDoor } from '../../../ports/inbox.ts';
import type { WatchFact } from '../../../ports/telemetry.ts';
import { isPrivateAddress } from '../../../web/access-policy.ts';
import { buildUploadServer } from '../../../web/uploads/server.ts';
import { clipReader } from '../../clip-reader.ts';
import type { OpenArchive } from './archive.ts';
import { clipStoreOf } from './clip-store.ts';

export interface InboxesParts {
  readonly inbox: InboxSettings;
  readonly settings: Pick<Settings, 'zone'>;
  readonly archive: OpenArchive;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly onFact: (fact: WatchFact) => void;
  /** The spool has something new. */
  readonly onHandedOn: () => void;
  /** Something came from this camera. */
  readonly onHeard: (camera: CameraId) => void;
  readonly onLooked: (camera: CameraId, quiet: Quiet | undefined) => void;
  readonly onTrouble: (error: StillwatchError) => void;
}

export interface Inboxes {
  readonly contacts: Contacts;
  /** Closes the doors, then hands on what is waiting. */
  close(): Promise<void>;
}

const listenHttp = async (
  {
    rule,
    bind,
    tls,
  }: { readonly rule: HttpRule; readonly bind: string; readonly tls: { readonly key: string; readonly cert: string } },
  build: (tls: { readonly key: string; readonly cert: string } | undefined) => ReturnType<typeof buildUploadServer>,
): Promise<readonly ReturnType<typeof buildUploadServer>[]> => {
  const wanted = [
    ...(rule.port === undefined ? [] : [{ port: rule.port, tls: undefined }]),
    ...(rule.tlsPort === undefined ? [] : [{ port: rule.tlsPort, tls }]),
  ];
  const servers: ReturnType<typeof buildUploadServer>[] = [];
  for (const { port, tls: own } of wanted) {
    const server = build(own);
    try {
      await server.listen({ host: bind, port });
      servers.push(server);
    } catch (thrown) {
      await Promise.all([server, ...servers].map((each) => each.close()));
      const code = (thrown as NodeJS.ErrnoException).code;
      throw code === 'EADDRINUSE' || code === 'EACCES' ? new StillwatchError('SW_PORT_IN_USE', { port }) : thrown;
    }
  }
  return servers;
};

/** Reads the owner's mailbox now and then. */
const runMailbox = async (
  rule: ImapRule,
  {
    door,
    clock,
    onTrouble,
    onAlive,
  }: {
    readonly door: InboxDoor;
    readonly clock: Clock;
    readonly onTrouble: (error: StillwatchError) => void;
    readonly onAlive: (taken: number) => void;
  },
  signal: AbortSignal,
): Promise<void> => {
  const mailbox = inboxImap({ rule, door, clock });
  let isTold = false;
  while (!signal.aborted) {
    try {
      const taken = await mailbox.poll(signal);
      isTold = false;
      if (taken > 0) onAlive(taken);
    } catch (thrown) {
      // Said once, not at each look.
      if (!isTold && !signal.aborted) onTrouble(toStillwatchError(thrown));
      isTold = true;
    }
    await clock.sleep(rule.every, signal).catch(() => undefined);
  }
};

/** @throws StillwatchError SW_PORT_IN_USE, SW_STORE_FULL, SW_STORE_WRITE: then no door is open */
export const openInboxes = async (parts: InboxesParts, signal: AbortSignal): Promise<Inboxes> => {
  const { inbox, settings, archive, clock, random, log, onTrouble } = parts;
  const { zone } = settings;
  const data = archive.paths.data;
  const waiting = await fsSpool({ dir: join(data, 'inbox'), onTrouble });
  const contacts = await openContacts({
    cameras: inbox.cameras,
    book: fsContactBook(join(data, 'inbox.json')),
    zone,
    clock,
    onHeard: parts.onHeard,
    onLooked: parts.onLooked,
    onAlert: (error) => log.warn(`${error.code}: ${error.message}`),
    onTrouble,
  });
  const settler = burstSettler({
    waiting,
    spool: archive.spool,
    catalog: archive.catalog,
    reader: avPictureReader(),
    read: (file) => readFile(file),
    clock,
    burstGap: inbox.burstGap,
    burstWait: inbox.burstWait,
    nameOf: (id) => inbox.cameras.find((camera) => camera.id === id)?.name,
    told: () => archive.book.settled(),
    onHandedOn: parts.onHandedOn,
    onTrouble,
  });
  const taking = intake({
    cameras: inbox.cameras,
    zone,
    clock,
    waiting,
    read: (file) => readFile(file),
    catalog: archive.catalog,
    pictures: uploadPictures(),
    clips: clipReader(),
    clipStore: clipStoreOf(data),
    hash: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    telemetry: { tell: parts.onFact },
    contacts,
    settler,
  });
  await taking.resume();
  const door: InboxDoor = { ...inboxKeys(inbox.cameras, clock), ...taking };

  const fetchers = new Map<CameraId, Fetcher>();
  const running: Promise<unknown>[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  for (const { id, fetch: rule } of inbox.cameras) {
    if (!rule) continue;
    const source = httpFetch(rule, addressGuard({ allow: rule.allow ?? [] }));
    const each = fetcher({
      camera: id,
      fetch: (stop) => source.fetch(stop),
      forget: () => source.forget(),
      every: rule.every,
      door,
      clock,
      random,
      onTrouble,
    });
    fetchers.set(id, each);
    running.push(each.run(signal));
    closers.push(async () => source[Symbol.asyncDispose]());
  }

  const closeDoors = async (): Promise<void> => {
    await Promise.all(closers.map((close) => close().catch(() => undefined)));
  };
  try {
    const tls = inbox.tls ?? (await ownCertificate(data, inbox.host ?? 'stillwatch.local'));
    const common = { bind: inbox.bind, door, clock, tls, isPrivate: isPrivateAddress };
    if (inbox.http) {
      const rule = inbox.http;
      const servers = await listenHttp(
        { rule, bind: inbox.bind, tls: { key: tls.key.reveal(), cert: tls.certificate } },
        (own) =>
          buildUploadServer({
            door,
            clock,
            mostBytes: Math.max(
              ...inbox.cameras.map(({ limits }) => Math.max(limits.pictureBytes, limits.clipBytes)),
              1024,
            ),
            tls: own,
            mayBePlain: (peer) => isPlainAllowed(rule.plain, isPrivateAddress(peer)),
            onCall: ({ id }) => {
              fetchers.get(id)?.call();
              return fetchers.has(id);
            },
          }),
      );
      closers.push(...servers.map((server) => () => server.close()));
    }
    if (inbox.ftp) {
      const ftp = await inboxFtp({ ...common, rule: inbox.ftp });
      closers.push(async () => ftp[Symbol.asyncDispose]());
    }
    if (inbox.mail) {
      const mail = await inboxSmtp({ ...common, rule: inbox.mail });
      closers.push(async () => mail[Symbol.asyncDispose]());
    }
  } catch (thrown) {
    await closeDoors();
    throw thrown;
  }
  if (inbox.imap) {
    const onAlive = (taken: number): void =>
      log.info(`${taken} messages taken from the mailbox at ${inbox.imap?.host}`);
    running.push(runMailbox(inbox.imap, { door, clock, onTrouble, onAlive }, signal));
  }
  const settled = new AbortController();
  const settling = settler.run(settled.signal);
  running.push(contacts.run(signal));
  const doors = [inbox.http && 'HTTP', inbox.ftp && 'FTP', inbox.mail && 'e-mail', inbox.imap && 'mailbox'].filter(
    Boolean,
  );
  log.info(`${inbox.cameras.length} cameras may deliver: ${doors.join(', ') || 'none of the doors is open'}`);

  return {
    contacts,
    async close() {
      await closeDoors();
      await Promise.all(running);
      settled.abort();
      await settling;
      // What waits is durable; handed on now it is in the gallery before the program ends.
      await settler.settle(true).catch((thrown: unknown) => onTrouble(toStillwatchError(thrown)));
    },
  };
};
