// What strangers send to the doors, damaged by the million: configuration, HTTP, pictures, forms, XML and FTP, in one process.
// Usage: tsx bench/door-fuzz.ts [thousands of inputs for each small parser, default 1000] [seed] [names, with commas].
// Exits 1 on an exception that is no refusal, an answer that must not be, a hang or growth. The corpus is kept for the next run.

import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { extendedPortOf, parseCommand, portOf, walk } from '../src/adapters/inbox-ftp/command.ts';
import { readMessage } from '../src/adapters/inbox-mail/message.ts';
import { jpegFacts } from '../src/adapters/onvif/jpeg.ts';
import { readXml, XmlRefusal, xmlText } from '../src/adapters/onvif/xml.ts';
import { settingsFromEnv } from '../src/config/legacy-env.ts';
import { loadConfig } from '../src/config/load.ts';
import { readYaml } from '../src/config/yaml-text.ts';
import { addressKind, innerAddress, parseBlock, parseIp } from '../src/domain/address-policy.ts';
import { isPrivateRange, parseRange, rangeSize } from '../src/domain/address-range.ts';
import { cameraExifFacts, exifReport } from '../src/domain/camera-exif.ts';
import { reportFromName, reportFromText } from '../src/domain/camera-report.ts';
import { jpegDamage, jpegHeader, jpegSize } from '../src/domain/jpeg.ts';
import { makerNoteReport } from '../src/domain/maker-note.ts';
import { formParts } from '../src/domain/multipart.ts';
import { ROLE_PERMISSIONS } from '../src/domain/permission.ts';
import { reportText } from '../src/domain/report-text.ts';
import { readSearchWords } from '../src/domain/search-words.ts';
import { readStillFacts, withStillFacts } from '../src/domain/still-facts.ts';
import { formatStillPath, parseStillPath } from '../src/domain/still-path.ts';
import { timeInText } from '../src/domain/text-time.ts';
import { epochMs } from '../src/domain/units.ts';
import { drawnPhoto } from '../src/testing/drawn-photo.ts';
import { draftOf, SOME_TIME } from '../src/testing/stills.ts';
import { GARDEN, watched, webStage, ZONE } from '../src/testing/web-stage.ts';
import { isLocalHost } from '../src/web/access-policy.ts';
import { sessionCookie } from '../src/web/auth/gate.ts';
import { safeNext } from '../src/web/auth/pages.ts';
import { originOf, sentBy } from '../src/web/auth/visitor.ts';
import { chooseLanguage, prefersJson } from '../src/web/language.ts';
import { uploadCredential } from '../src/web/uploads/credential.ts';
import { formatCursor, isNotModified, parseCursor } from '../src/web/visit.ts';
import { type FuzzTarget, fuzz } from './lib/fuzz.ts';

const inputs = Number(process.argv[2] ?? 1000) * 1000;
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const only = process.argv[4]?.split(',');

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`does not hold: ${what}`);
};

const photo = await drawnPhoto({ hour: 14, width: 64, height: 36 });
/** As our own program stores it. */
const stillWithFacts = withStillFacts(photo, draftOf({ width: 64, height: 36 }), { cameraName: 'Have', make: 'Tapo' });
/** As a trail camera sends it. */
const photoOfCamera = await sharp(photo)
  .withExif({
    IFD0: { Make: 'RECONYX', Model: 'HYPERFIRE 2', ImageDescription: 'TEMP 7 C\nBAT 87%' },
    IFD2: { DateTimeOriginal: '2026:11:23 14:32:07', OffsetTimeOriginal: '+01:00', BodySerialNumber: 'HP10042' },
  })
  .toBuffer();
/** 0xf1 0x01: a HyperFire's own block; its figures are within bounds. */
const makerNote = Buffer.alloc(160);
makerNote.set([0x01, 0xf1]);
for (const [at, value] of [
  [36, 4],
  [40, 7],
  [84, 8123],
] as const)
  makerNote.writeUInt16LE(value, at);
makerNote.write('HP10042', 42, 'utf16le');

/** Long enough to be taken for a picture where the parts of a message cannot be told apart. */
const base64 = Buffer.from(photo).toString('base64').slice(0, 700);

const OWNER = { kind: 'token', name: 'Anna', permissions: ROLE_PERMISSIONS.owner, cameras: 'all' } as const;

const search = { now: epochMs(1_795_000_000_000), zone: ZONE, cameras: [{ id: GARDEN, name: watched('Garden').name }] };
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

/** The web as it is, behind a socket: one connection that a stranger wrote these bytes into, with an owner's rights to reach far. */
let caller = 0;
const folder = mkdtempSync(join(tmpdir(), 'stillwatch-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const web = await webStage({
  // Another one each time, so that it is not the limit of one visitor that answers.
  identify: async () => ({ ...OWNER, id: String((caller = (caller + 1) % 65_536)) }),
});
const path = join(folder, 'web');
await web.app.listen({ path });
// What was asked is answered, though the asker says nothing more.
Object.assign(web.app.server, { httpAllowHalfOpen: true });
const overOneConnection = (bytes: Buffer): Promise<unknown> =>
  new Promise((resolve, reject) => {
    let status = 'silence';
    const line = connect({ path, allowHalfOpen: true });
    // What is neither answered nor hung up on is waiting for more of a body.
    line.setTimeout(100, () => line.destroy());
    line.on('data', (chunk) => {
      if (status === 'silence') status = chunk.toString('latin1', 0, 12);
      // A stream of live events would go on for ever.
      line.destroy();
    });
    line.on('end', () => line.destroy());
    line.on('error', () => undefined);
    line.once('close', () => {
      if (web.errors.length > 0 || status.startsWith('HTTP/1.1 5')) reject(new Error(web.errors.join() || status));
      // A shape tells the keys of an answer apart, not its figures.
      else resolve({ [status]: true });
    });
    line.end(bytes);
  });

const TARGETS: Readonly<Record<string, FuzzTarget>> = {
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
        uploadCredential(headers['path'] ?? '/upload/x', headers)?.user.length,
      ];
    },
    seeds: [
      `host: 192.168.1.20:10000\naccept: text/html, */*;q=0.8\naccept-language: da, en;q=0.7\ncookie: stillwatch=${'a'.repeat(43)}; lang=da`,
      'host: [::1]:80\norigin: https://evil.example\nsec-fetch-site: cross-site\nif-none-match: W/"a", "b"',
      `x-forwarded-for: 203.0.113.9, 10.0.0.1\nx-forwarded-proto: https\ncookie: __Host-stillwatch=${'b'.repeat(43)}`,
      'path: /upload/garden/key/a.jpg?name=b\nauthorization: Basic Z2FyZGVuOmtleQ==',
      'path: /upload/garden/a.jpg\nauthorization: Bearer key\nx-upload-key: key',
    ],
  },
  addresses: {
    read: (bytes) => {
      const text = bytes.toString('latin1').slice(0, 512);
      const ip = parseIp(text);
      const [block, range, next, cursor, place] = [
        parseBlock(text),
        parseRange(text),
        safeNext(text),
        parseCursor(text),
        parseStillPath(text),
      ];
      must(new URL(next, 'https://own.example').origin === 'https://own.example', 'after login only to own pages');
      if (cursor) must(parseCursor(formatCursor(cursor))?.id === cursor.id, 'a cursor is read as it is written');
      if (place) {
        must(
          !text.includes('..') && !text.startsWith('/') && !text.includes('\0'),
          'a photo’s path stays in its folder',
        );
        must(
          formatStillPath(place).toLowerCase().replace('.jpg', '') === text.toLowerCase().replace(/\.jpe?g$/, ''),
          'one path',
        );
      }
      if (range) must(rangeSize(range) >= 1 && rangeSize(range) <= 4096, 'a range has an end');
      return {
        address: ip && { kind: addressKind(ip), bits: innerAddress(ip).bits },
        isBlock: block !== undefined,
        isPrivate: range && isPrivateRange(range),
        next,
        cursor: cursor !== undefined,
        place: place && Object.values(place).map((each) => typeof each),
      };
    },
    seeds: [
      '10.0.0.0/8',
      '192.168.1.10-40',
      '::ffff:169.254.169.254',
      'fe80::1%eth0',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '/photos?day=2026-11-23',
      '//evil.example',
      '/\\evil.example',
      `1795000000000-${'a'.repeat(32)}`,
      '2026-11-23/14-32-07.jpg',
      'garden/2026-11-23/14-32-07-2.before.jpg',
    ],
  },
  ftp: {
    read: (bytes) => {
      const { verb, argument } = parseCommand(bytes.subarray(0, 4096));
      const folder = walk('/a/b', argument);
      must(folder.startsWith('/') && !folder.split('/').includes('..'), 'no folder above the first');
      const port = portOf(argument) ?? extendedPortOf(argument);
      must(port === undefined || (port >= 1024 && port <= 65_535), 'no port of the system');
      return [verb, folder.length > 1, port !== undefined];
    },
    seeds: ['STOR 2026/a.jpg\r\n', 'PORT 192,168,1,5,4,1\r\n', 'EPRT |1|192.168.1.5|1025|\r\n', 'CWD ../../etc\r\n'],
  },
  makerNote: { read: (bytes) => makerNoteReport(bytes), seeds: [makerNote, 'RECONYXH2', 'RECONYXUF'] },
  words: {
    read: (bytes) => readSearchWords(bytes.toString('utf8').slice(0, 200), search),
    seeds: ['garden last night', 'have i går aften kl 18-22', 'person 23 nov', 'favourite arrived 2026-11-23'],
    slowness: 10,
  },
  reports: {
    read: (bytes) => {
      const text = bytes.toString('utf8').slice(0, 4096);
      return [
        reportFromText(text),
        reportFromName(text.slice(0, 255)),
        reportText(bytes, 'a.txt') !== undefined,
        timeInText(text, { receivedAt: epochMs(SOME_TIME), zone: ZONE }) !== undefined,
      ];
    },
    seeds: [
      'Cam ID: Lake\nTemp: 7°C\nBattery: 87%\nSignal: 23\nSD: 1024/32768 MB\nDate: 23.11.2026 14:32:07',
      '<EventNotificationAlert><dateTime>2026-11-23T14:32:07+01:00</dateTime></EventNotificationAlert>',
      'LAKE_20261123_143207_7C_BAT87.JPG',
    ],
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
  form: {
    read: (bytes) => formParts(bytes)?.map(({ field }) => field?.length ?? -1),
    seeds: [
      '--x\r\nContent-Disposition: form-data; name="a"; filename="b.jpg"\r\nContent-Type: image/jpeg\r\n\r\nbytes\r\n--x--\r\n',
      '\n--x\nContent-Disposition: form-data; name=a\n\nwords\n--x\n\n',
    ],
    slowness: 4,
  },
  mail: {
    read: async (bytes) => {
      const { text, addresses, pictures } = await readMessage(bytes);
      return [text.length > 0, addresses.length, pictures.map(({ name }) => name !== undefined)];
    },
    seeds: [
      `From: cam@example.com\r\nTo: lake@example.com\r\nSubject: Motion\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<p>Temp: 7&deg;C &#229;</p>\r\n--x\r\nContent-Type: image/jpeg; name="a.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}\r\n--x--\r\n`,
      `Content-Type: multipart/mixed; boundary=y\n\n--x\nContent-Transfer-Encoding: base64\n\n${base64}\n--x--\n`,
    ],
    slowness: 200,
  },
  jpeg: {
    read: (bytes) => [jpegHeader(bytes).length, jpegSize(bytes), jpegDamage(bytes), typeof jpegFacts(bytes)],
    seeds: [photo, photoOfCamera],
    slowness: 10,
  },
  exif: {
    read: (bytes) => {
      const facts = cameraExifFacts(bytes);
      return [readStillFacts(bytes) !== undefined, Object.keys(exifReport(facts)), facts.time !== undefined];
    },
    seeds: [stillWithFacts, photoOfCamera],
    slowness: 10,
  },
  xml: {
    read: (bytes) => {
      try {
        const { root } = readXml(xmlText(bytes));
        return [root.local, root.attributes.size, root.children.map(({ local }) => local)];
      } catch (thrown) {
        if (thrown instanceof XmlRefusal) return thrown.detail.replaceAll(/\d+/g, '');
        throw thrown;
      }
    },
    seeds: [
      '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><a b="c">&amp;<![CDATA[x]]></a></s:Body></s:Envelope>',
      '\xef\xbb\xbf<a><!-- b --><c/></a>',
    ],
    slowness: 20,
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
      'inbox:\n  cameras:\n    lake: { key: { file: x }, quietFor: 2d }\n  http: { port: 8085 }\ndefaults:\n  schedule: [{ every: 30m }]\n',
    ],
    slowness: 100,
  },
  http: {
    read: overOneConnection,
    seeds: [
      'GET / HTTP/1.1\r\nHost: 192.168.1.20\r\nAccept: text/html\r\n\r\n',
      'GET /api/v1/stills?limit=2&camera=garden HTTP/1.1\r\nHost: 192.168.1.20\r\nIf-None-Match: "a"\r\n\r\n',
      'GET /snapshots/2026-11-23/14-32-07.jpg?w=480 HTTP/1.1\r\nHost: 192.168.1.20\r\nRange: bytes=0-\r\n\r\n',
      'POST /api/v1/selections HTTP/1.1\r\nHost: 192.168.1.20\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{"stills":["a"]}',
      'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
    ],
    slowness: 100,
  },
};

const chosen = Object.fromEntries(Object.entries(TARGETS).filter(([name]) => only?.includes(name) ?? true));
const corpusFile = fileURLToPath(new URL('corpus/doors.json', import.meta.url));
const isWell = await fuzz(chosen, { inputs, seed, corpusFile });
await web.app.close();
process.exitCode = isWell ? 0 : 1;
