// Mutated replies through the reader of the live path: `tsx bench/onvif-fuzz.ts [count] [seed]`.
// Any exception but a refusal, any reply slower than a second and growing memory fail.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCapabilityAddresses, readDocument, readTopics, readUri } from '../src/adapters/onvif/document.ts';
import { readProfiles } from '../src/adapters/onvif/media.ts';
import { readXml, XmlRefusal, xmlText } from '../src/adapters/onvif/xml.ts';
import { epochMs, monoMs } from '../src/domain/units.ts';
import { activeCells } from '../src/motion/onvif-cells.ts';
import { believeUntil, type CameraWord, hear, SILENCE } from '../src/motion/onvif-state.ts';
import { collect } from './lib/collect.ts';

const count = Number(process.argv[2] ?? 1_000_000);
let state = Number(process.argv[3] ?? 20_261_123) >>> 0;
/** xorshift32 (Marsaglia 2003): the same mutations every time. */
const random = (below: number): number => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
};

const folder = fileURLToPath(new URL('../../shared/onvif/', import.meta.url));
const corpus = readdirSync(folder)
  .filter((name) => name.endsWith('.xml'))
  .map((name) => readFileSync(folder + name));
if (corpus.length === 0) throw new Error('the corpus ../shared/onvif is missing');

const PIECES = [
  '<',
  '>',
  '/>',
  '</',
  '&',
  '&amp;',
  '&#0;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '<?x',
  '<!DOCTYPE a>',
  '"',
  "'",
  '=',
  '\0',
  '\uFEFF',
  'true',
  '1e999',
  '-1',
  '__proto__',
  '<a>'.repeat(70),
  '99999999999999999999',
].map((text) => Buffer.from(text));

const mutate = (bytes: Buffer): Buffer => {
  let out = bytes;
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const at = random(out.length + 1);
    switch (random(6)) {
      case 0: {
        out = Buffer.from(out);
        if (at < out.length) out[at] = random(256);
        break;
      }
      case 1:
        out = Buffer.concat([out.subarray(0, at), PIECES[random(PIECES.length)] ?? Buffer.alloc(0), out.subarray(at)]);
        break;
      case 2:
        out = Buffer.concat([out.subarray(0, at), out.subarray(Math.min(out.length, at + random(40)))]);
        break;
      case 3:
        out = out.subarray(0, at);
        break;
      case 4: {
        const other = corpus[random(corpus.length)] ?? out;
        const from = random(other.length);
        out = Buffer.concat([out.subarray(0, at), other.subarray(from, from + random(400)), out.subarray(at)]);
        break;
      }
      default: {
        const end = Math.min(out.length, at + random(200));
        out = Buffer.concat([out.subarray(0, end), out.subarray(at, end), out.subarray(end)]);
      }
    }
  }
  return out;
};

let word: CameraWord = SILENCE;
const counts = { read: 0, refused: 0, messages: 0, begun: 0 };
let slowest = 0;
const memory: number[] = [];
const startedAt = performance.now();
for (let index = 0; index < count; index++) {
  const bytes = mutate(corpus[random(corpus.length)] ?? Buffer.alloc(0));
  const from = performance.now();
  try {
    const xml = readXml(xmlText(bytes));
    const document = readDocument(xml);
    counts.read += 1;
    const at = { mono: monoMs(index * 10), wall: epochMs(index * 10) };
    for (const message of document.messages) {
      counts.messages += 1;
      const heard = hear(word, message, at);
      word = heard.next;
      counts.begun += heard.claimed.filter(({ type }) => type === 'begin').length;
    }
    word = believeUntil(word, at).next;
    for (const frame of document.frames)
      for (const { packed, columns, rows } of frame.cells) activeCells(packed, columns, rows);
    readTopics(document.content, xml.namespaces);
    readCapabilityAddresses(document.content);
    readUri(document.content);
    readProfiles(document.content);
  } catch (error) {
    if (!(error instanceof XmlRefusal)) {
      console.error(`reply ${index}:`, error, bytes.toString('latin1').slice(0, 2000));
      process.exit(1);
    }
    counts.refused += 1;
  }
  let took = performance.now() - from;
  // On a shared machine a pause of ours is not the reader's: what looks slow is read again, and the best time counts.
  for (let again = 0; took > 100 && again < 3; again++) {
    const restart = performance.now();
    try {
      readDocument(readXml(xmlText(bytes)));
    } catch {
      // Refused before, refused again.
    }
    took = Math.min(took, performance.now() - restart);
  }
  slowest = Math.max(slowest, took);
  if (index % Math.ceil(count / 20) === 0) {
    collect();
    memory.push(process.memoryUsage().heapUsed);
  }
}
const mib = (bytes: number | undefined): string => ((bytes ?? 0) / 1024 / 1024).toFixed(1);
console.log(`${count} replies in ${((performance.now() - startedAt) / 1000).toFixed(0)} s: ${JSON.stringify(counts)}`);
console.log(
  `slowest ${slowest.toFixed(1)} ms; heap MiB over the run: ${memory.map(mib).join(' ')}; RSS ${mib(process.memoryUsage().rss)}`,
);
const middle = memory.slice(2, 6).reduce((most, one) => Math.max(most, one), 0);
const end = memory.slice(-4).reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
const isFlat = end < middle * 1.5 + 8 * 1024 * 1024;
console.log(isFlat ? 'memory flat' : 'memory grows');
process.exit(slowest < 1000 && isFlat ? 0 : 1);
