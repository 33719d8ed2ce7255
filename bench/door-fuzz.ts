// What strangers send to the doors, damaged by the million: configuration, HTTP, JPEG and form parsers, in one process.
// Usage: tsx --expose-gc bench/door-fuzz.ts [thousands of inputs for each small parser, default 1000] [seed] [names, with commas].
// Guided by what comes out: an input that leads to an answer of a new shape is changed further, and kept in
// bench/corpus/doors.json for the next run. Exits 1 on an exception that is no refusal, a hang or growth.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jpegFacts } from '../src/adapters/onvif/jpeg.ts';
import { settingsFromEnv } from '../src/config/legacy-env.ts';
import { loadConfig } from '../src/config/load.ts';
import { readYaml } from '../src/config/yaml-text.ts';
import { addressKind, innerAddress, parseBlock, parseIp } from '../src/domain/address-policy.ts';
import { cameraExifFacts } from '../src/domain/camera-exif.ts';
import { StillwatchError } from '../src/domain/errors.ts';
import { jpegDamage, jpegHeader, jpegSize } from '../src/domain/jpeg.ts';
import { formParts } from '../src/domain/multipart.ts';
import { readSearchWords } from '../src/domain/search-words.ts';
import { readStillFacts } from '../src/domain/still-facts.ts';
import { parseStillPath } from '../src/domain/still-path.ts';
import { epochMs } from '../src/domain/units.ts';
import { drawnPhoto } from '../src/testing/drawn-photo.ts';
import { GARDEN, watched } from '../src/testing/web-stage.ts';
import { isLocalHost } from '../src/web/access-policy.ts';
import { sessionCookie } from '../src/web/auth/gate.ts';
import { safeNext } from '../src/web/auth/pages.ts';
import { originOf, sentBy } from '../src/web/auth/visitor.ts';
import { chooseLanguage, prefersJson } from '../src/web/language.ts';
import { isNotModified, parseCursor } from '../src/web/visit.ts';

const thousands = Number(process.argv[2] ?? 1000);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const only = process.argv[4]?.split(',');
/** One input that needs more than this, twice in a row, is a hang. */
const HANG_MS = 1000;
const GROWTH_MB = 48;
const MOST_KEPT = 200;
const LONGEST = 64 * 1024;
const CORPUS = fileURLToPath(new URL('corpus/doors.json', import.meta.url));

let state = (seed * 2_654_435_761) >>> 0 || 1;
/** xorshift32 (Marsaglia 2003): a run can be repeated from its seed. */
const random = (below: number): number => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
};

interface Target {
  /** What it answers; its shape guides the search. */
  readonly read: (bytes: Buffer) => unknown;
  readonly seeds: readonly (string | Uint8Array)[];
  /** How many times slower than a small one it is. */
  readonly slowness?: number;
}

const photo = await drawnPhoto({ hour: 14, width: 64, height: 36 });
const camera = watched('Garden');
const search = {
  now: epochMs(1_795_000_000_000),
  zone: 'Europe/Copenhagen',
  cameras: [{ id: GARDEN, name: camera.name }],
};
const env = { file: '.env', environment: {}, cwd: '/srv', systemZone: 'UTC' };
const headerTrust = [parseBlock('127.0.0.1')].filter((block) => block !== undefined);

/** Header lines, as Node's own parser hands them on. */
const headersOf = (bytes: Buffer): Record<string, string> =>
  Object.fromEntries(
    bytes
      .toString('latin1')
      .split('\n')
      .slice(0, 40)
      .map((line) => [
        line.slice(0, Math.max(0, line.indexOf(':'))).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
  );

const TARGETS: Readonly<Record<string, Target>> = {
  headers: {
    read: (bytes) => {
      const headers = headersOf(bytes);
      return [
        sentBy(headers),
        originOf({ peer: '127.0.0.1', isEncrypted: false, headers }, headerTrust),
        sessionCookie(headers['cookie'], true),
        sessionCookie(headers['cookie'], false),
        prefersJson(headers['accept']),
        chooseLanguage(
          { asked: undefined, cookie: headers['cookie'], acceptLanguage: headers['accept-language'] },
          'en',
        ),
        isNotModified(headers['if-none-match'], '"a"'),
        isLocalHost(headers['host']),
      ];
    },
    seeds: [
      `host: 192.168.1.20:10000\naccept: text/html, */*;q=0.8\naccept-language: da, en;q=0.7\ncookie: stillwatch=${'a'.repeat(43)}; lang=da`,
      'host: [::1]:80\norigin: https://evil.example\nsec-fetch-site: cross-site\nif-none-match: W/"a", "b"',
      `x-forwarded-for: 203.0.113.9, 10.0.0.1\nx-forwarded-proto: https\ncookie: __Host-stillwatch=${'b'.repeat(43)}`,
    ],
  },
  addresses: {
    read: (bytes) => {
      const text = bytes.toString('latin1');
      const ip = parseIp(text);
      const address = ip && { kind: addressKind(ip), bits: innerAddress(ip).bits };
      const [block, next, cursor, place] = [parseBlock(text), safeNext(text), parseCursor(text), parseStillPath(text)];
      return { address, isBlock: block !== undefined, next, cursor, place };
    },
    seeds: [
      '10.0.0.0/8',
      '::ffff:169.254.169.254',
      'fe80::1%eth0',
      '/photos?day=2026-11-23',
      '//evil.example',
      `1795000000000-${'a'.repeat(32)}`,
      '2026-11-23/14-32-07.jpg',
      'garden/2026-11-23/14-32-07-2.before.jpg',
    ],
  },
  words: {
    read: (bytes) => readSearchWords(bytes.toString('utf8').slice(0, 200), search),
    seeds: ['garden last night', 'have i går aften kl 18-22', 'person 23 nov', 'favourite arrived 2026-11-23'],
    slowness: 10,
  },
  env: {
    read: (bytes) => settingsFromEnv({ ...env, text: bytes.toString('utf8') }).cameras.length,
    seeds: [
      'CAMERA_IP=192.168.1.50\nUSRNAME=admin\nPASSWORD="p # x"\nCALM_PERIOD=10\nPORT=10000',
      'RTSP_MAIN=rtsp://a/1\nRTSP_SUB=rtsp://a/2\nTRUST_PROXY=127.0.0.1,10.0.0.0/8\nKEEP_GB=200',
    ],
    slowness: 10,
  },
  yaml: {
    read: (bytes) => readYaml(bytes.toString('utf8')).problems.length,
    seeds: [
      'cameras:\n  garden:\n    address: 10.0.0.5 # mine\n    masks:\n      Tree: { polygon: [[0,0],[1,0],[1,1]] }\n',
      'a: &x [1, 2]\nb: *x\n<<: {c: 1}\n',
      '? - x\n: |\n  text\n--- \n!!binary aGk=\n',
    ],
    slowness: 50,
  },
  document: {
    read: (bytes) =>
      loadConfig({
        yml: { text: bytes.toString('utf8'), file: 'stillwatch.yml' },
        env: { ...env, text: undefined },
        readSecret: () => 'secret',
      }).problems.map(({ code }) => code),
    seeds: [
      'cameras:\n  garden:\n    address: 10.0.0.5\n    user: a\n    password: { file: x }\n    calmPeriod: 10s\nkeep:\n  days: 30\nweb:\n  port: 10000\n',
    ],
    slowness: 100,
  },
  jpeg: {
    read: (bytes) => [jpegHeader(bytes).length, jpegSize(bytes), jpegDamage(bytes), typeof jpegFacts(bytes)],
    seeds: [photo],
    slowness: 4,
  },
  exif: {
    read: (bytes) => [readStillFacts(bytes) !== undefined, Object.keys(cameraExifFacts(bytes))],
    seeds: [photo],
    slowness: 10,
  },
  form: {
    read: (bytes) => formParts(bytes)?.map(({ field }) => field?.length ?? -1),
    seeds: [
      '--x\r\nContent-Disposition: form-data; name="a"; filename="b.jpg"\r\nContent-Type: image/jpeg\r\n\r\nbytes\r\n--x--\r\n',
    ],
    slowness: 4,
  },
};

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
  '\ud800',
  '\ufeff',
  '__proto__',
  '99999999999999999999',
  '-1',
  '1e999',
  '\xff\xd8',
  '\xff\xe1\xff\xff',
  '\xff\xda',
  '::',
  '0x7f.1',
  'a'.repeat(300),
].map((text) => Buffer.from(text, text.startsWith('\xff') ? 'latin1' : 'utf8'));

const changed = (bytes: Buffer, other: Buffer): Buffer => {
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

const kept = existsSync(CORPUS) ? (JSON.parse(readFileSync(CORPUS, 'utf8')) as Record<string, string[]>) : {};
let isWell = true;
console.log(`seed ${seed}\nparser       inputs    refused  shapes  slowest ms  growth MB  seconds`);

for (const [name, { read, seeds, slowness = 1 }] of Object.entries(TARGETS)) {
  if (only && !only.includes(name)) continue;
  const corpus: Buffer[] = [
    ...seeds.map((one) => Buffer.from(one)),
    ...(kept[name] ?? []).map((one) => Buffer.from(one, 'base64')),
  ];
  const shapes = new Set<string>();
  const count = Math.round((thousands * 1000) / slowness);
  let [refused, slowest, before] = [0, 0, 0];
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) {
    const [from, other] = [corpus[random(corpus.length)], corpus[random(corpus.length)]];
    if (!from || !other) throw new TypeError('no corpus');
    const bytes = index < corpus.length ? (corpus[index] ?? from) : changed(from, other);
    const start = performance.now();
    let found: string;
    try {
      found = shape(read(bytes));
    } catch (thrown) {
      if (!(thrown instanceof StillwatchError)) {
        console.error(`${name} ${index}:`, thrown, bytes.toString('base64').slice(0, 4000));
        process.exit(1);
      }
      refused += 1;
      found = thrown.code;
    }
    let took = performance.now() - start;
    if (took > HANG_MS / 10) {
      // A pause of the machine is not the parser's: it is read again.
      const again = performance.now();
      try {
        read(bytes);
      } catch {
        // Refused before, refused again.
      }
      took = Math.min(took, performance.now() - again);
    }
    slowest = Math.max(slowest, took);
    if (!shapes.has(found)) {
      shapes.add(found);
      if (corpus.length < MOST_KEPT + seeds.length) corpus.push(bytes);
    }
    if (index === Math.floor(count / 4)) {
      globalThis.gc?.();
      before = process.memoryUsage().heapUsed;
    }
  }
  globalThis.gc?.();
  const growth = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  kept[name] = corpus
    .slice(seeds.length)
    .filter((one) => one.length < 2048)
    .map((one) => one.toString('base64'));
  const isBad = slowest > HANG_MS || (globalThis.gc !== undefined && growth > GROWTH_MB);
  isWell &&= !isBad;
  console.log(
    [
      name.padEnd(9),
      String(count).padStart(9),
      String(refused).padStart(10),
      String(shapes.size).padStart(7),
      slowest.toFixed(1).padStart(11),
      growth.toFixed(1).padStart(10),
      ((performance.now() - startedAt) / 1000).toFixed(0).padStart(8),
      isBad ? 'BAD' : '',
    ].join(' '),
  );
}
mkdirSync(new URL('corpus/', import.meta.url), { recursive: true });
writeFileSync(CORPUS, `${JSON.stringify(kept, null, 1)}\n`);
process.exit(isWell ? 0 : 1);
