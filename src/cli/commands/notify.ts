import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { sqlOutbox } from '../../adapters/outbox-sql/outbox-sql.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { loadSettings } from '../../config/config-file.ts';
import type { Settings } from '../../config/settings.ts';
import { isoText, type TimeZone } from '../../domain/civil-time.ts';
import type { Language, StillwatchError } from '../../domain/errors.ts';
import { isCameraId } from '../../domain/ids.ts';
import { noticeBody, testNotice } from '../../domain/notice-words.ts';
import {
  afterOnlyTry,
  type Notification,
  newNotification,
  notificationTrouble,
  receiverUnknown,
} from '../../domain/notification.ts';
import { webhookOrigin } from '../../domain/webhook.ts';
import type { Outbox } from '../../ports/outbox.ts';
import { archivePaths } from '../archive-place.ts';
import { webhookChannel } from '../webhook-channel.ts';

const WORDS = {
  en: {
    waiting: 'waits',
    sent: 'arrived',
    'given-up': 'GIVEN UP',
    tries: 'tries',
    next: 'next',
    none: 'Nothing was sent yet.',
  },
  da: {
    waiting: 'venter',
    sent: 'kom frem',
    'given-up': 'OPGIVET',
    tries: 'forsøg',
    next: 'næste',
    none: 'Intet er sendt endnu.',
  },
} as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Only where somebody was told before, or is now: looking makes no file. */
const withOutbox = async <T>(
  { snapshotsDir }: Settings,
  work: (outbox: Outbox) => Promise<T>,
  otherwise: T,
): Promise<T> => {
  const file = archivePaths(snapshotsDir).outbox;
  if (!existsSync(file)) return otherwise;
  const outbox = await sqlOutbox({ file });
  try {
    return await work(outbox);
  } finally {
    await outbox.close();
  }
};

/** Without the body, which is the receiver's. */
const asJson = ({ receiver, id, type, at, state, tries, nextAt, last }: Notification, zone: TimeZone): object => ({
  receiver,
  id,
  type,
  at: isoText(at, zone),
  state,
  tries,
  nextTry: state === 'waiting' ? isoText(nextAt, zone) : null,
  lastTry: last ? isoText(last.at, zone) : null,
  status: last?.status ?? null,
  code: last?.code ?? null,
  detail: last?.detail ?? null,
});

const line = (one: Notification, zone: TimeZone, language: Language): string => {
  const words = WORDS[language];
  const when = isoText(one.at, zone).slice(0, 19);
  const tried = `${one.tries} ${words.tries}`;
  const next = one.state === 'waiting' ? `, ${words.next} ${isoText(one.nextAt, zone).slice(11, 19)}` : '';
  const why = one.last?.code ? `  ${one.last.code} ${one.last.detail}` : '';
  return `${when}  ${one.receiver.padEnd(12)} ${one.type.padEnd(13)} ${words[one.state]}, ${tried}${next}${why}`;
};

const log = async (options: { readonly receiver?: string; readonly limit: number; readonly json?: true }) => {
  const settings = loadSettings(process.cwd(), process.env);
  const { receiver, limit, json } = options;
  const query = { limit, ...(receiver === undefined ? {} : { receiver }) };
  const rows = await withOutbox(settings, (outbox) => outbox.list(query), []);
  if (json) return say(JSON.stringify({ notifications: rows.map((one) => asJson(one, settings.zone)) }));
  if (rows.length === 0) process.stderr.write(`${WORDS[settings.language].none}\n`);
  for (const one of rows) say(line(one, settings.zone, settings.language));
};

/** Straight from here, whether the program runs or not; what became of it stands in the same list. */
const test = async (name: string | undefined, options: { readonly json?: true }): Promise<void> => {
  const settings = loadSettings(process.cwd(), process.env);
  const { zone, language, notifications } = settings;
  const receivers = notifications?.receivers ?? [];
  const wanted = name === undefined ? receivers : receivers.filter((one) => one.name === name);
  if (wanted.length === 0) {
    throw receiverUnknown(
      name ?? '–',
      receivers.map((one) => one.name),
    );
  }
  const clock = systemClock();
  let first: StillwatchError | undefined;
  for (const receiver of wanted) {
    const at = clock.now().wall;
    const notice = testNotice(receiver.name, at, { link: notifications?.link ?? '' });
    const body = noticeBody(notice, zone);
    const drafted = newNotification(receiver.name, notice, body, at);
    const outcome = await webhookChannel(receiver).send(drafted, at, new AbortController().signal);
    const tried = afterOnlyTry(drafted, outcome, clock.now().wall);
    await withOutbox(settings, (outbox) => outbox.add(tried), false);
    const trouble = notificationTrouble(tried);
    first ??= trouble;
    if (options.json) say(JSON.stringify(asJson(tried, zone)));
    else if (trouble) process.stderr.write(`${trouble.code}: ${trouble.text(language)}\n`);
    else say(`ok  ${receiver.name}  ${webhookOrigin(receiver.webhook)}  HTTP ${tried.last?.status ?? '?'}`);
  }
  if (first) process.exitCode = first.exit;
};

const receiverArgument = (value: string): string => {
  if (!isCameraId(value)) throw new InvalidArgumentError('a receiver’s name is 1 to 40 of a–z, 0–9 and hyphens');
  return value;
};
const countArgument = (value: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError('a number from 1 to 9999');
  return Number(value);
};

/** `stillwatch notify` */
export const notifyCommand = (program: Command): void => {
  const notify = program.command('notify').description('who is told of what happens');
  notify
    .command('test')
    .description('send a test notification now')
    .argument('[receiver]', 'its name; default: all', receiverArgument)
    .option('--json', 'one JSON object for each')
    .action(test);
  notify
    .command('log')
    .description('what was told to whom and what waits, newest first')
    .option('--receiver <name>', 'one receiver', receiverArgument)
    .option('--limit <count>', 'so many', countArgument, 50)
    .option('--json', 'one JSON object')
    .action(log);
};
