// Names the measurements and runs one: `npm run bench -- motion-cost --cameras 8`. Each prints a table of its own.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts' && !file.endsWith('-child.ts'))
  .map((file) => file.replace(/\.ts$/, ''));

const [name, ...options] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  console.error(`npm run bench -- <name> [options]\n\n${names.join('\n')}`);
  process.exitCode = 2;
} else {
  const { status } = spawnSync('npx', ['--no-install', 'tsx', `${folder}${name}.ts`, ...options], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
