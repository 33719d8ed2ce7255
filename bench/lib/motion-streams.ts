// The labelled test streams: composed once from the shared clips into a cache outside git.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const SHARED = resolve('../shared/clips');
export const STREAM_DIR: string = resolve('.cache/motion-streams');

const composed = (name: string): readonly string[] =>
  existsSync(STREAM_DIR)
    ? readdirSync(STREAM_DIR)
        .filter((file) => file.startsWith(`${name}_`) && file.endsWith('.mp4'))
        .toSorted()
        .map((file) => join(STREAM_DIR, file))
    : [];

/** The files of the named streams, every noise level and encoding; makes those that are missing (minutes each). */
export const motionStreams = (names: readonly string[]): readonly string[] => {
  const missing = names.filter((name) => composed(name).length === 0);
  if (missing.length > 0) {
    if (!existsSync(join(SHARED, 'compose.py'))) throw new Error('the shared clips are missing: ../shared/clips');
    mkdirSync(STREAM_DIR, { recursive: true });
    const made = spawnSync('/usr/bin/python3', [join(SHARED, 'compose.py'), SHARED, STREAM_DIR, ...missing], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    if (made.status !== 0) throw new Error(`composing ${missing.join(', ')} failed`);
  }
  // The H.265 variant of the cost stream stands beside the H.264 one; it is asked for by its own name.
  return names.flatMap((name) => composed(name));
};
