// Keeps what is known of cameras that send by themselves, and tells the owner once when one falls silent or becomes dear.

import type { TimeZone } from '../domain/civil-time.ts';
import { isoText } from '../domain/civil-time.ts';
import { type Contact, type ContactEvent, contactState, newContact, stepContact, usedNow } from '../domain/contact.ts';
import { type ErrorFacts, StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import type { InboxCamera } from '../domain/inbox.ts';
import { type EpochMs, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContactBook } from '../ports/inbox.ts';

export interface Contacts {
  heard(camera: CameraId, event: ContactEvent): void;
  of(camera: CameraId): Contact;
  used(camera: CameraId, at: EpochMs): { readonly day: number; readonly month: number };
  /** Writes down what changed, and looks for silence, until `signal` aborts; then writes once more. Never throws. */
  run(signal: AbortSignal): Promise<void>;
}

export interface Quiet {
  readonly since: EpochMs;
  readonly facts: ErrorFacts;
}

export interface ContactsParts {
  readonly cameras: readonly InboxCamera[];
  readonly book: ContactBook;
  readonly zone: TimeZone;
  readonly clock: Clock;
  /** Something came from this camera. */
  readonly onHeard: (camera: CameraId) => void;
  readonly onAlert: (error: StillwatchError) => void;
  /** At each look: since when this camera is silent for longer than it ever is; undefined: it is not. */
  readonly onLooked: (camera: CameraId, quiet: Quiet | undefined) => void;
  readonly onTrouble: (error: StillwatchError) => void;
}

/** A kill loses at most this much counting; the pictures themselves are never at stake. */
const WRITE_EVERY = seconds(5);
/** Shares of a month's budget that are told, once each. */
const TOLD_AT = [80, 100] as const;

export const openContacts = async (parts: ContactsParts): Promise<Contacts> => {
  const { cameras, book, zone, clock, onHeard, onAlert, onTrouble } = parts;
  const known = new Map<CameraId, Contact>();
  for (const contact of await book.load()) known.set(contact.camera, contact);
  const quietTold = new Set<CameraId>();
  const budgetTold = new Map<CameraId, string>();
  let isChanged = false;

  const of = (camera: CameraId): Contact => known.get(camera) ?? newContact(camera);

  const save = async (): Promise<void> => {
    if (!isChanged) return;
    isChanged = false;
    try {
      await book.save([...known.values()]);
    } catch (thrown) {
      isChanged = true;
      onTrouble(toStillwatchError(thrown));
    }
  };

  const checkBudget = (camera: InboxCamera, at: EpochMs): void => {
    const budget = camera.limits.monthBudget;
    if (budget === undefined) return;
    const used = usedNow(of(camera.id), at, zone).month;
    const share = Math.floor((used / budget) * 100);
    const step = TOLD_AT.findLast((each) => share >= each);
    const key = `${of(camera.id).months.at(-1)?.period ?? ''} ${step}`;
    if (step === undefined || budgetTold.get(camera.id) === key) return;
    budgetTold.set(camera.id, key);
    const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;
    onAlert(
      new StillwatchError('SW_UPLOAD_BUDGET', {
        camera: camera.name,
        used: megabytes(used),
        share,
        budget: megabytes(budget),
      }),
    );
  };

  const checkSilence = (camera: InboxCamera, now: EpochMs): void => {
    const contact = of(camera.id);
    if (contact.lastAt === undefined || contactState(contact, now) !== 'quiet') {
      quietTold.delete(camera.id);
      parts.onLooked(camera.id, undefined);
      return;
    }
    const facts = { camera: camera.name, since: isoText(contact.lastAt, zone).slice(0, 16).replace('T', ' ') };
    parts.onLooked(camera.id, { since: contact.lastAt, facts });
    if (quietTold.has(camera.id)) return;
    quietTold.add(camera.id);
    onAlert(new StillwatchError('SW_INBOX_QUIET', facts));
  };

  return {
    heard(camera, event) {
      known.set(camera, stepContact(of(camera), event, zone));
      isChanged = true;
      if (event.type === 'bytes') onHeard(camera);
      const owner = cameras.find(({ id }) => id === camera);
      if (owner && event.type === 'bytes') checkBudget(owner, event.at);
    },
    of,
    used: (camera, at) => usedNow(of(camera), at, zone),
    async run(signal) {
      while (!signal.aborted) {
        const now = clock.now().wall;
        for (const camera of cameras) checkSilence(camera, now);
        await save();
        await clock.sleep(WRITE_EVERY, signal).catch(() => undefined);
      }
      await save();
    },
  };
};
