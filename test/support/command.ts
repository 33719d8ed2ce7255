// Runs one command of the program in a folder with a .env, as its owner does in a terminal.

import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withStillFacts } from '../../src/domain/still-facts.ts';
import { epochMs } from '../../src/domain/units.ts';
import { testJpeg } from '../../src/testing/jpegs.ts';
import { draftOf } from '../../src/testing/stills.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Outcome {
  /** Exit code, or the name of the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** A program and its arguments that ours is run under: `strace -f …`. */
  readonly under?: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told each time something is said to people. */
  readonly onTalk?: (stderr: string) => void;
}

export const command = (folder: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> => {
  const loader = fileURLToPath(import.meta.resolve('tsx'));
  const ours = [process.execPath, '--import', loader, join(root, 'src/cli/main.ts'), ...args];
  const [program = '', ...rest] = [...(options.under ?? []), ...ours];
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      cwd: folder,
      stdio: 'pipe',
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC', LANG: 'C.UTF-8', ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onTalk?.(stderr);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', stdout, stderr }));
    child.stdin.end(options.input ?? '');
  });
};

/** Every line of stdout as JSON. */
export const jsonLines = ({ stdout }: Outcome): readonly Record<string, unknown>[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** A site: a .env, and photos of the `.env` camera with their facts inside. Times are UTC. */
export const makeSite = async (
  folder: string,
  takenAt: readonly number[],
  env: Readonly<Record<string, string | number>> = {},
): Promise<readonly string[]> => {
  const lines = { CAMERA_IP: '127.0.0.1', USRNAME: 'admin', PASSWORD: 'canary-site-8c1', TIME_ZONE: 'UTC', ...env };
  await writeFile(
    join(folder, '.env'),
    Object.entries(lines)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  const picture = await testJpeg(7);
  const paths: string[] = [];
  for (const at of takenAt) {
    const iso = new Date(at).toISOString();
    const path = `${iso.slice(0, 10)}/${iso.slice(11, 19).replaceAll(':', '-')}.jpg`;
    const draft = draftOf({ camera: 'tapo' as never, takenAt: epochMs(at), offsetMinutes: 0 });
    const file = join(folder, 'snapshots', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, withStillFacts(picture, draft));
    paths.push(path);
  }
  return paths;
};
