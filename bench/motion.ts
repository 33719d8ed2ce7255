// The motion engine's whole bench: each part in turn, then one table of the figures it is held to and one file with all of it.
// A part that is not named keeps what the file had of it, with the machine it was measured on. The table also goes into the
// document beside the file, between its marks.
// Usage: npm run build && npm run bench -- motion [--only accuracy,nuisance,cost8,cost16,program16,levers,readings,bad-camera,clips]
//   [--json file]
// The parts that take their time: cost8 some 9 minutes, cost16 7, accuracy 5, nuisance 4.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { figuresText, type MotionParts, motionFigures } from './lib/motion-figures.ts';

const PARTS: Readonly<Record<string, { readonly bench: string; readonly options: readonly string[] }>> = {
  accuracy: { bench: 'motion-accuracy', options: [] },
  nuisance: { bench: 'motion-nuisance', options: [] },
  cost8: {
    bench: 'motion-cost',
    options: ['--cameras', '8', '--streams', 'mix00,mix05,mix20,mix05-hevc'],
  },
  cost16: {
    bench: 'motion-cost',
    options: ['--cameras', '16', '--streams', 'mix00,mix05,mix20', '--of', 'economy,motion'],
  },
  program16: { bench: 'motion-many', options: ['--cameras', '16', '--minutes', '4'] },
  levers: { bench: 'motion-levers', options: [] },
  readings: { bench: 'motion-readings', options: [] },
  'bad-camera': { bench: 'bad-camera', options: ['--rounds', '3'] },
  // Half an hour of encoding and looking at clips: only when it is asked for.
  clips: { bench: 'motion-clips', options: [] },
};

const { values } = parseArgs({
  options: {
    only: {
      type: 'string',
      default: Object.keys(PARTS)
        .filter((name) => name !== 'clips')
        .join(','),
    },
    json: { type: 'string', default: 'docs/reference/motion-bench.json' },
  },
});
/** Empty: the table alone, from what the file has. */
const wanted = values.only.split(',').filter((name) => name !== '');
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}`);
mkdirSync(resolve('.cache/bench'), { recursive: true });

interface Kept {
  readonly parts?: MotionParts;
}
const kept = existsSync(values.json) ? (JSON.parse(readFileSync(values.json, 'utf8')) as Kept) : {};
const parts: Record<string, unknown> = { ...kept.parts };
const document = values.json.replace(/\.json$/, '.md');
const MARKED = /(<!-- figures -->\n)[^]*?(\n<!-- end of figures -->)/;

/** After each part: what was measured is not lost with the next. */
const write = (): void => {
  writeFileSync(values.json, `${JSON.stringify({ ...kept, figures: motionFigures(parts), parts }, undefined, 2)}\n`);
  if (!existsSync(document)) return;
  const text = readFileSync(document, 'utf8');
  writeFileSync(
    document,
    text.replace(MARKED, (_, from: string, to: string) => `${from}\n${figuresText(parts)}\n${to}`),
  );
};
const failed: string[] = [];
const startedAt = performance.now();
for (const [index, name] of wanted.entries()) {
  const { bench = '', options = [] } = PARTS[name] ?? {};
  const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
  console.error(`\n[${index + 1} of ${wanted.length}] ${name}, after ${minutes} min`);
  const out = resolve(`.cache/bench/part-${name}.json`);
  const { status } = spawnSync('npx', ['--no-install', 'tsx', `bench/${bench}.ts`, ...options, '--out', out], {
    stdio: 'inherit',
  });
  if (status === 0) parts[name] = JSON.parse(readFileSync(out, 'utf8'));
  else failed.push(name);
  write();
}
write();
console.log(`\n${figuresText(parts)}`);
if (failed.length > 0) {
  console.error(`not measured: ${failed.join(', ')}`);
  process.exitCode = 1;
}
