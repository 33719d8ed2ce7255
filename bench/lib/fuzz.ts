// A fuzzer of our own: damages inputs, and keeps those that lead somewhere new. The first part of a run is guided by block
// coverage, which is exact and slow; the rest, at full speed, by the shape of what the parser answers.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StillwatchError } from '../../src/domain/errors.ts';
import { collect } from './collect.ts';
import { type BlockCoverage, blockCoverage } from './coverage.ts';

export interface FuzzTarget {
  /** What it answers; its shape guides the search. What must hold of every answer is thrown here when it does not. */
  readonly read: (bytes: Buffer) => unknown;
  readonly seeds: readonly (string | Uint8Array)[];
  /** How many times slower than a small one it is. */
  readonly slowness?: number;
}

export interface FuzzRun {
  /** Inputs for each small parser. */
  readonly inputs: number;
  readonly seed: number;
  /** A name to each parser's kept inputs, base64. */
  readonly corpusFile: string;
}

/** One input that needs more than this, twice in a row, is a hang. */
const HANG_MS = 1000;
const GROWTH_MB = 48;
const MOST_KEPT = 400;
const LONGEST = 64 * 1024;
/** What is saved for the next run is small: all that reach blocks of their own, and some of odd shapes. */
const LONGEST_SAVED = 2048;
const MOST_SHAPES_SAVED = 40;
/** Of a run's inputs, with coverage: counting makes each about ten times slower. */
const GUIDED = 0.02;
const BATCH = 256;

const PIECES = [
  '\0',
  '\r\n',
  '"',
  "'",
  ':',
  ';',
  ',',
  '=',
  '%00',
  '../',
  '/',
  '\\',
  '{',
  '[',
  '&a',
  '*a',
  '!!x',
  '|',
  '- ',
  '<',
  '>',
  '\ud800',
  '\ufeff',
  '__proto__',
  '99999999999999999999',
  '-1',
  '1e999',
  '::',
  '0x7f.1',
  'a'.repeat(300),
  '<![CDATA[',
  '<!DOCTYPE a>',
  '&#0;',
  '\xff\xd8',
  '\xff\xe1\xff\xff',
  '\xff\xda',
  '\xff\xff\xff\xff',
  '\0\0\0\0',
].map((text) => Buffer.from(text, text.startsWith('\xff') ? 'latin1' : 'utf8'));

/** xorshift32 (Marsaglia 2003): a run can be repeated from its seed. */
export const randomFrom = (seed: number): ((below: number) => number) => {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};

const damaged = (random: (below: number) => number, bytes: Buffer, other: Buffer): Buffer => {
  let out = bytes;
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = random(out.length + 1);
    const piece = PIECES[random(PIECES.length)] ?? Buffer.alloc(0);
    const kind = random(6);
    if (kind === 0) out = Buffer.concat([out.subarray(0, at), piece, out.subarray(at)]);
    else if (kind === 1) out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + random(8))]);
    else if (kind === 2) out = Buffer.concat([out.subarray(0, at), other.subarray(random(other.length + 1))]);
    else if (kind === 3) out = Buffer.concat([out, out.subarray(at, at + random(64))]);
    else if (out.length > 0) {
      out = Buffer.from(out);
      out[random(out.length)] = kind === 4 ? random(256) : (out[random(out.length)] ?? 0) ^ (1 << random(8));
    }
  }
  return out.subarray(0, LONGEST);
};

/** What an answer looks like, without its figures: a new one is a new way through the parser. */
const shape = (value: unknown, depth = 0): string => {
  if (value === null || typeof value !== 'object')
    return typeof value === 'string'
      ? `s${Math.min(3, value.length)}`
      : typeof value === 'number'
        ? `n${Math.sign(value)}${Math.min(9, Math.abs(value) | 0)}`
        : String(value);
  if (depth > 4) return '…';
  const items = Array.isArray(value)
    ? value.slice(0, 8).map((item) => shape(item, depth + 1))
    : Object.entries(value)
        .slice(0, 12)
        .map(([key, item]) => `${key.slice(0, 12)}:${shape(item, depth + 1)}`);
  return `(${items.join()})`;
};

class Fault extends Error {
  override name = 'Fault';
}

const answerShape = async (name: string, read: FuzzTarget['read'], bytes: Buffer): Promise<string> => {
  try {
    const answer = read(bytes);
    return shape(answer instanceof Promise ? await answer : answer);
  } catch (thrown) {
    // A refusal has a code; anything else is a fault of the parser.
    if (thrown instanceof StillwatchError) return thrown.code;
    throw new Fault(`${name}, input ${bytes.toString('base64').slice(0, 4000)}`, { cause: thrown });
  }
};

/** Of inputs that led to new blocks together, those that are enough to reach them all. */
const witnesses = async (
  run: (bytes: Buffer) => Promise<unknown>,
  coverage: BlockCoverage,
  inputs: readonly Buffer[],
  wanted: ReadonlySet<string>,
): Promise<readonly Buffer[]> => {
  if (wanted.size === 0 || inputs.length <= 1) return wanted.size === 0 ? [] : inputs;
  const half = inputs.slice(0, inputs.length / 2);
  coverage.take();
  for (const bytes of half) await run(bytes);
  const ran = coverage.take();
  const [here, there] = [new Set<string>(), new Set<string>()];
  for (const block of wanted) (ran.has(block) ? here : there).add(block);
  return [
    ...(await witnesses(run, coverage, half, here)),
    ...(await witnesses(run, coverage, inputs.slice(inputs.length / 2), there)),
  ];
};

interface Row {
  readonly inputs: number;
  readonly refused: number;
  readonly blocks: number;
  readonly shapes: number;
  readonly slowestMs: number;
  readonly growthMb: number;
  readonly seconds: number;
  readonly isBad: boolean;
}

const fuzzOne = async (
  name: string,
  { read, seeds, slowness = 1 }: FuzzTarget,
  kept: readonly Buffer[],
  { inputs, seed }: FuzzRun,
): Promise<{ readonly row: Row; readonly corpus: readonly Buffer[] }> => {
  const random = randomFrom(seed);
  const corpus = [...seeds.map((one) => Buffer.from(one)), ...kept];
  const next = (): Buffer => {
    const [from, other] = [corpus[random(corpus.length)], corpus[random(corpus.length)]];
    if (!from || !other) throw new TypeError(`${name} has no seeds`);
    return damaged(random, from, other);
  };
  const run = (bytes: Buffer): Promise<string> => answerShape(name, read, bytes);
  const count = Math.round(inputs / slowness);
  const startedAt = performance.now();
  const shapes = new Set<string>();

  const coverage = blockCoverage();
  const blocks = new Set<string>();
  const explorers = new Set<Buffer>();
  let done = 0;
  for (let batch = [...corpus]; done < count * GUIDED || done === 0; batch = Array.from({ length: BATCH }, next)) {
    coverage.take();
    for (const bytes of batch) shapes.add(await run(bytes));
    const fresh = new Set([...coverage.take()].filter((block) => !blocks.has(block)));
    const found = await witnesses(run, coverage, batch, fresh);
    for (const bytes of found) explorers.add(bytes);
    if (done > 0) corpus.push(...found);
    for (const block of fresh) blocks.add(block);
    done += batch.length;
  }
  coverage.stop();

  let [refused, slowestMs, before] = [0, 0, 0];
  const quarter = done + Math.floor((count - done) / 4);
  for (; done < count; done++) {
    const bytes = next();
    const start = performance.now();
    const found = await run(bytes);
    let took = performance.now() - start;
    if (took > HANG_MS / 10) {
      // A pause of the machine is not the parser's: it is read again.
      const again = performance.now();
      await run(bytes);
      took = Math.min(took, performance.now() - again);
    }
    slowestMs = Math.max(slowestMs, took);
    if (found.startsWith('SW_')) refused += 1;
    if (!shapes.has(found)) {
      shapes.add(found);
      if (corpus.length < MOST_KEPT) corpus.push(bytes);
    }
    if (done === quarter) {
      collect();
      before = process.memoryUsage().heapUsed;
    }
  }
  collect();
  const growthMb = before === 0 ? 0 : (process.memoryUsage().heapUsed - before) / 2 ** 20;
  const isBad = slowestMs > HANG_MS || growthMb > GROWTH_MB;
  const kin = corpus.slice(seeds.length).filter((one) => one.length < LONGEST_SAVED);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    row: { inputs: done, refused, blocks: blocks.size, shapes: shapes.size, slowestMs, growthMb, seconds, isBad },
    corpus: [
      ...kin.filter((one) => explorers.has(one)),
      ...kin.filter((one) => !explorers.has(one)).slice(0, MOST_SHAPES_SAVED),
    ],
  };
};

/** @returns whether no parser failed, hung or grew */
export const fuzz = async (targets: Readonly<Record<string, FuzzTarget>>, run: FuzzRun): Promise<boolean> => {
  const { corpusFile, seed } = run;
  const kept = (): Record<string, string[]> =>
    existsSync(corpusFile) ? (JSON.parse(readFileSync(corpusFile, 'utf8')) as Record<string, string[]>) : {};
  let isWell = true;
  console.log(`seed ${seed}\nparser         inputs   refused  blocks  shapes  slowest ms  growth MB  seconds`);
  for (const [name, target] of Object.entries(targets)) {
    const known = (kept()[name] ?? []).map((one) => Buffer.from(one, 'base64'));
    const { row, corpus } = await fuzzOne(name, target, known, run);
    isWell &&= !row.isBad;
    console.log(
      [
        name.padEnd(12),
        String(row.inputs).padStart(8),
        String(row.refused).padStart(9),
        String(row.blocks).padStart(7),
        String(row.shapes).padStart(7),
        row.slowestMs.toFixed(1).padStart(11),
        row.growthMb.toFixed(1).padStart(10),
        row.seconds.toFixed(0).padStart(8),
        row.isBad ? 'BAD' : '',
      ].join(' '),
    );
    // Read anew: another run may have added to it meanwhile.
    mkdirSync(dirname(corpusFile), { recursive: true });
    const all = { ...kept(), [name]: corpus.map((one) => one.toString('base64')) };
    writeFileSync(corpusFile, `${JSON.stringify(all, null, 1)}\n`);
  }
  return isWell;
};
