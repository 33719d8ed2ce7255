import { open, readFile } from 'node:fs/promises';
import { cpus, freemem, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { Command } from 'commander';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { loadSettings } from '../../config/config-file.ts';
import { ENV_KEYS } from '../../config/legacy-env.ts';
import { toStillwatchError } from '../../domain/errors.ts';
import { openArchivePlace } from '../archive-place.ts';
import { rulesText } from '../keep-text.ts';
import { askRunning } from '../running-answer.ts';
import { shownSettings, withoutSecrets } from '../support-report.ts';
import { version } from '../version.ts';

/** The end of a log file that is worth reading. */
const LOG_BYTES = 64 * 1024;
/** Their values identify the owner's camera and network. */
const SECRET_KEYS = ['PASSWORD', 'USRNAME', 'CAMERA_IP', 'RTSP_MAIN', 'RTSP_SUB'];

const tail = async (file: string): Promise<string> => {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - LOG_BYTES);
    const buffer = Buffer.alloc(size - from);
    await handle.read(buffer, 0, buffer.length, from);
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
};

/** Each part by itself: a report is wanted most when something is broken. */
const part = async (work: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await work();
  } catch (thrown) {
    return { failed: toStillwatchError(thrown).message };
  }
};

const setValues = async (): Promise<Record<string, string | undefined>> => {
  const text = await readFile('.env', 'utf8').catch(() => '');
  const values: Record<string, string | undefined> = { ...parseEnv(text) };
  for (const key of Object.keys(ENV_KEYS)) values[key] = process.env[key] ?? values[key];
  return values;
};

const report = async (options: { readonly log?: string }): Promise<void> => {
  const values = await setValues();
  const secrets = SECRET_KEYS.flatMap((key) => values[key] ?? []);
  const [user, password] = [values['USRNAME'], values['PASSWORD']];
  if (user && password) secrets.push(`${user}:${password}`);
  const facts = {
    program: { version, node: process.versions.node, platform: `${process.platform} ${process.arch} ${release()}` },
    machine: { processors: cpus().length, memoryMb: Math.round(totalmem() / 1e6), freeMb: Math.round(freemem() / 1e6) },
    settings: shownSettings(values),
    archive: await part(async () => {
      const settings = loadSettings(process.cwd(), process.env);
      const { paths, spool, disk, favourites } = await openArchivePlace(settings.snapshotsDir);
      const space = await disk.space();
      const catalog = await sqlCatalog({ file: paths.catalog });
      try {
        const days = await catalog.days();
        return {
          disk: space,
          keep: rulesText(settings.keep, space.total),
          photos: await catalog.count(),
          newestDay: days[0]?.day,
          oldestDay: days.at(-1)?.day,
          retired: (await catalog.retired(1000)).length,
          waiting: (await spool.pending()).length,
          favourites: (await favourites.all()).size,
        };
      } finally {
        await catalog.close();
      }
    }),
    running: await part(async () => {
      const { body } = await askRunning(loadSettings(process.cwd(), process.env).web, '/readyz');
      return JSON.parse(body) as unknown;
    }),
    ...(options.log === undefined
      ? {}
      : { log: await part(async () => (await tail(resolve(options.log ?? ''))).split('\n')) }),
  };
  // Each text by itself: once all of it is JSON, a secret inside a log line is escaped twice.
  const clean = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? withoutSecrets(value, secrets) : value;
  process.stdout.write(`${JSON.stringify(facts, clean, 2)}\n`);
};

/** `stillwatch report-support` */
export const reportSupportCommand = (program: Command): void => {
  program
    .command('report-support')
    .description(
      'what somebody who helps needs to know, without passwords, users and addresses; read it before you send it',
    )
    .option('--log <file>', 'add the end of this log file')
    .action(report);
};
