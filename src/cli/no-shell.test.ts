// What motionEye's CVE-2025-60787 teaches: a setting that reaches a shell is a command. Nothing here reaches one.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));

it('other programs are started with a list of arguments, never through a shell', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  const starters = files.flatMap((name) => {
    const text = readFileSync(join(source, name), 'utf8');
    const [, names] = /import \{([^}]*)\} from 'node:child_process'/.exec(text) ?? [];
    return names === undefined
      ? []
      : [{ name, names: names.split(',').map((one) => one.trim().replace(/^type /, '')), text }];
  });
  expect(starters.length).toBeGreaterThan(3);
  const harmless = new Set([
    '',
    'spawn',
    'spawnSync',
    'fork',
    'execFile',
    'execFileSync',
    'ChildProcess',
    'ForkOptions',
  ]);
  for (const { name, names, text } of starters) {
    expect(
      names.filter((one) => !harmless.has(one)),
      name,
    ).toEqual([]);
    expect(text, name).not.toMatch(/\bshell\s*:|['"](?:\/bin\/)?(?:ba)?sh['"]/);
  }
});
