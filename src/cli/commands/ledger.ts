import { type Command, InvalidArgumentError } from 'commander';
import { sqlLedger } from '../../adapters/ledger-sql/ledger-sql.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { loadSettings } from '../../config/config-file.ts';
import { civilTime, isDay, isoText, type TimeZone } from '../../domain/civil-time.ts';
import type { Language } from '../../domain/errors.ts';
import { isCameraId } from '../../domain/ids.ts';
import type { LedgerRow, LedgerSum } from '../../domain/ledger.ts';
import { later, ms } from '../../domain/units.ts';
import { archivePaths } from '../archive-place.ts';

interface LedgerOptions {
  readonly day?: string;
  readonly days: number;
  readonly camera?: string;
  readonly missed?: true;
  readonly limit: number;
  readonly json?: true;
}

const WORDS = {
  en: {
    open: 'waiting',
    photo: 'photo',
    merged: 'merged',
    missed: 'MISSED',
    triggers: 'triggers',
    accounted: 'accounted for',
  },
  da: {
    open: 'venter',
    photo: 'billede',
    merged: 'samlet',
    missed: 'MISTET',
    triggers: 'udløsninger',
    accounted: 'gjort rede for',
  },
} as const;

const sumLine = (sum: LedgerSum, language: Language): string => {
  const words = WORDS[language];
  const accounted = sum.photo + sum.merged + sum.missed;
  const reasons = Object.entries(sum.reasons).map(([code, count]) => `${code} ${count}`);
  const parts = (['photo', 'merged', 'missed', 'open'] as const).map((state) => `${words[state]} ${sum[state]}`);
  return [
    `${sum.day}  ${sum.camera.padEnd(12)} ${sum.triggers} ${words.triggers}, ${accounted} ${words.accounted}: ${parts.join(', ')}`,
    ...(reasons.length > 0 ? [`             ${reasons.join(', ')}`] : []),
  ].join('\n');
};

const rowLine = ({ at, camera, origin, outcome }: LedgerRow, zone: TimeZone, language: Language): string => {
  const word = WORDS[language][outcome.state];
  const why = outcome.state === 'missed' ? `  ${outcome.code}` : '';
  return `${isoText(at, zone).slice(0, 19)}  ${camera.padEnd(12)} ${origin.padEnd(8)} ${word}${why}`;
};

/** JSON that a script can rely on: one object, sums before rows. */
const asJson = (sums: readonly LedgerSum[], rows: readonly LedgerRow[], zone: TimeZone): string =>
  JSON.stringify({
    sums,
    triggers: rows.map(({ at, outcome, ...row }) => ({ ...row, at: isoText(at, zone), ...outcome })),
  });

const show = async (options: LedgerOptions): Promise<void> => {
  const { snapshotsDir, zone, language } = loadSettings(process.cwd(), process.env);
  const ledger = await sqlLedger({ file: archivePaths(snapshotsDir).ledger });
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  try {
    const now = systemClock().now().wall;
    const from = options.day ?? civilTime(later(now, ms(-(options.days - 1) * 86_400_000)), zone).day;
    const camera = options.camera !== undefined && isCameraId(options.camera) ? options.camera : undefined;
    const isWanted = (sum: { readonly day: string; readonly camera: string }): boolean =>
      (options.day === undefined || sum.day === options.day) && (camera === undefined || sum.camera === camera);
    const sums = (await ledger.sums(from)).filter(isWanted);
    const rows = await ledger.list({
      ...(options.day === undefined ? {} : { day: options.day }),
      ...(camera === undefined ? {} : { camera }),
      ...(options.missed ? { missedOnly: true } : {}),
      limit: options.limit,
    });
    if (options.json) say(asJson(sums, rows, zone));
    else {
      for (const sum of sums) say(sumLine(sum, language));
      if (rows.length > 0) say('');
      for (const row of rows) say(rowLine(row, zone, language));
    }
  } finally {
    await ledger.close();
  }
};

const dayArgument = (value: string): string => {
  if (!isDay(value)) throw new InvalidArgumentError('a day is written YYYY-MM-DD');
  return value;
};
const countArgument = (value: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(value)) throw new InvalidArgumentError('a number from 1 on');
  return Number(value);
};
const cameraArgument = (value: string): string => {
  if (!isCameraId(value)) throw new InvalidArgumentError('a camera’s id is 1 to 40 of a–z, 0–9 and hyphens');
  return value;
};

/** `stillwatch ledger` */
export const ledgerCommand = (program: Command): void => {
  program
    .command('ledger')
    .description('every trigger with its outcome: the photo, or the reason why there is none')
    .option('--day <day>', 'one day, YYYY-MM-DD', dayArgument)
    .option('--days <count>', 'sums of so many days back', countArgument, 7)
    .option('--camera <id>', 'one camera', cameraArgument)
    .option('--missed', 'only triggers without a photo')
    .option('--limit <count>', 'so many triggers, newest first', countArgument, 50)
    .option('--json', 'one JSON object')
    .action(show);
};
