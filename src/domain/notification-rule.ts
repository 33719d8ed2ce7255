// Who is told of what: a receiver's rule and the site's quiet hours against a notice. Pure; hours are the site's own.

import { civilTime, type TimeZone } from './civil-time.ts';
import type { CameraId } from './ids.ts';
import { NOTICE_TYPES, type Notice, type NoticeType, PHOTO_CAUSES, type PhotoCause, TEST_TYPE } from './notice.ts';
import { isLasting } from './still-change.ts';
import type { EpochMs } from './units.ts';

/** From a minute of the day up to another, that one not included; past midnight when it ends before it begins. */
export interface DayHours {
  readonly from: number;
  readonly until: number;
}

export interface NotificationRule {
  readonly types: readonly NoticeType[];
  /** undefined: every camera. */
  readonly cameras?: readonly CameraId[];
  /** Only what happens in one of these; undefined: at any hour. */
  readonly hours?: readonly DayHours[];
  /** Photos only when what changed is still there, or still gone. */
  readonly onlyLasting?: boolean;
  /** Only photos taken for one of these. */
  readonly causes: readonly PhotoCause[];
}

/** What is told of unless the owner chooses: the end of an episode says little that its photo does not. */
export const USUAL_TYPES: readonly NoticeType[] = NOTICE_TYPES.filter((type) => type !== 'episode.ended');

/** A photo that was planned is no news. */
export const USUAL_CAUSES: readonly PhotoCause[] = PHOTO_CAUSES.filter((cause) => cause !== 'scheduled');

/** What quiet hours silence. That a camera or the disk is in trouble is told at night too: that is when it matters. */
const QUIETENED: ReadonlySet<Notice['type']> = new Set(['photo.taken', 'episode.ended']);

const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;
const DAY_MINUTES = 24 * 60;

/** `22:00-07:00`; undefined: it is not that, or no time at all. */
export const parseDayHours = (text: string): DayHours | undefined => {
  const [, hour, minute, untilHour, untilMinute] = HOURS.exec(text) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  const from = Number(hour) * 60 + Number(minute);
  const until = untilHour === undefined ? DAY_MINUTES : Number(untilHour) * 60 + Number(untilMinute);
  return from === until ? undefined : { from, until };
};

export const isWithin = (at: EpochMs, { from, until }: DayHours, zone: TimeZone): boolean => {
  const [hour, minute] = civilTime(at, zone).time.split('-').map(Number);
  const now = (hour ?? 0) * 60 + (minute ?? 0);
  return from < until ? now >= from && now < until : now >= from || now < until;
};

export interface NotificationHours {
  readonly zone: TimeZone;
  /** undefined: none. */
  readonly quiet?: DayHours | undefined;
}

/** Is the receiver with this rule told of the notice? A test is always told. */
export const isTold = (rule: NotificationRule, notice: Notice, { zone, quiet }: NotificationHours): boolean => {
  const { type, at, camera } = notice;
  if (type === TEST_TYPE) return true;
  if (!rule.types.includes(type)) return false;
  if (camera !== undefined && rule.cameras && !rule.cameras.includes(camera)) return false;
  if (quiet && QUIETENED.has(type) && isWithin(at, quiet, zone)) return false;
  if (rule.hours && !rule.hours.some((hours) => isWithin(at, hours, zone))) return false;
  if (type !== 'photo.taken') return true;
  if (rule.onlyLasting && !isLasting(notice.verdict)) return false;
  return rule.causes.some((cause) => notice.causes?.includes(cause));
};
