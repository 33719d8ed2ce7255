// Clients that are broken on purpose, one for each way to be so: what they send is refused with its reason or taken whole, what
// they hold is taken from them, and nobody else notices.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testJpeg } from '../src/testing/jpegs.ts';
import {
  type InboxSite,
  inboxPorts,
  keyOf,
  pictureHash,
  runClient,
  type StoredPhoto,
  startInbox,
  storedPhotos,
} from './support/inbox.ts';
import { eventually } from './support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-faults-'));
const photosDir = join(folder, 'snapshots');
let site: InboxSite;
let seed = 5000;

beforeAll(async () => {
  site = await startInbox(photosDir, await inboxPorts(), { burstWait: 300 });
});
afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
});

const newPicture = (): Promise<Uint8Array> => testJpeg(seed++, { width: 160, height: 120 });

const put = async (path: string, bytes: Uint8Array, camera = 'cam-0'): Promise<Response> =>
  fetch(`http://127.0.0.1:${site.ports.http}/upload/${camera}/${keyOf(camera)}/${path}`, {
    method: 'PUT',
    body: Buffer.from(bytes),
  });

const login = (): string => `
import ftplib, io, socket, ssl, smtplib
KEY = '${keyOf('cam-0')}'
def ftp(**more):
    f = ftplib.FTP(**more); f.connect('127.0.0.1', ${site.ports.ftp}); f.login('cam-0', KEY); return f
`;
const python = async (script: string): Promise<string> =>
  (await runClient(folder, 'python3', ['-c', login() + script])).out;

const file = async (name: string, bytes: Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};

const stored = (bytes: Uint8Array): Promise<StoredPhoto> =>
  eventually('the picture is in the store', async () =>
    (await storedPhotos(photosDir)).find((photo) => photo.picture === pictureHash(bytes)),
  );

interface Known {
  readonly report: Readonly<Record<string, unknown>>;
  readonly refusal: { readonly code: string; readonly detail: string } | null;
}
const known = async (camera: string): Promise<Known> => {
  const answer = await fetch(`http://127.0.0.1:${site.ports.web}/inbox`, { headers: { accept: 'application/json' } });
  const { items } = (await answer.json()) as { readonly items: readonly (Known & { readonly id: string })[] };
  const found = items.find(({ id }) => id === camera);
  if (!found) throw new Error(`no camera ${camera}`);
  return found;
};

/** Sends a byte every second until the other end has had enough. */
const dripUntilCut = (port: number, words: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let at = 0;
    const drip = setInterval(() => socket.write(words[at++ % words.length] ?? ' '), 1000);
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      resolve();
    });
  });

describe('a client that is broken on purpose', () => {
  it('and drips letters is cut off at every door, while others deliver', async () => {
    const { ftp, mail, http } = site.ports;
    const cut = Promise.all([
      dripUntilCut(ftp, 'USER cam-0'),
      dripUntilCut(mail, 'EHLO camera'),
      dripUntilCut(http, 'PUT /upload/x HTTP/1.1 x: y '),
    ]);
    const picture = await newPicture();
    expect((await put('meanwhile.jpg', picture)).status).toBe(201);
    await stored(picture);
    await cut;
  }, 240_000);

  it('and names its files in Latin-1 is understood', async () => {
    const picture = await newPicture();
    const path = await file('latin.jpg', picture);
    const out = await python(`
f = ftp(encoding='latin-1')
f.mkd('K\\xf8kken'); f.cwd('K\\xf8kken'); print(f.pwd())
print(f.storbinary('STOR \\xe6\\xf8\\xe5 20260102143207.jpg', open('${path}', 'rb')))
`);
    expect(out).toContain('226 Safe');
    expect((await stored(picture)).path).toBe('cam-0/2026-01-02/14-32-07.jpg');
  });

  it('and asks all it can think of is answered, and shown nothing', async () => {
    const picture = await newPicture();
    const path = await file('asks.jpg', picture);
    const out = await python(`
f = ftp()
for line in ['SYST', 'FEAT', 'HELP', 'STAT', 'MLST', 'ALLO 1000000', 'NOOP', 'OPTS UTF8 ON', 'CLNT camera', 'TYPE A', 'TYPE I', 'MODE S', 'STRU F', 'MKD a/b/c', 'CWD a/b/c', 'CDUP', 'PWD', 'SITE CHMOD 644 x']:
    print(line, f.sendcmd(line)[:3])
print('LIST', f.nlst(), list(f.mlsd()))
f.storbinary('STOR asks.jpg', open('${path}', 'rb'))
print('SIZE', f.size('asks.jpg') == ${picture.length})
print(f.sendcmd('SITE CHMOD 644 asks.jpg')[:3], f.rename('asks.jpg', 'b.jpg')[:3])
for bad in ['RETR asks.jpg', 'DELE asks.jpg', 'SITE EXEC ls']:
    try: print(bad, f.sendcmd(bad)[:3])
    except ftplib.all_errors as e: print(bad, str(e)[:3])
`);
    expect(out).not.toContain('Traceback');
    expect(out).toContain('PWD 257');
    expect(out).toContain('LIST [] []');
    expect(out).toContain('SIZE True');
    for (const refused of ['RETR asks.jpg 550', 'DELE asks.jpg 550', 'SITE EXEC ls 502'])
      expect(out).toContain(refused);
    await stored(picture);
  });

  it('and resumes its TLS session on the data line is taken', async () => {
    const picture = await newPicture();
    const path = await file('session.jpg', picture);
    const out = await python(`
class Reuse(ftplib.FTP_TLS):
    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p: conn = self.context.wrap_socket(conn, server_hostname=self.host, session=self.sock.session)
        return conn, size
for version in [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
    c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE; c.maximum_version = version
    f = Reuse(context=c); f.connect('127.0.0.1', ${site.ports.ftp}); f.login('cam-0', KEY); f.prot_p()
    print(f.storbinary('STOR s.jpg', open('${path}', 'rb'))); f.quit()
`);
    expect(out.match(/^226 /gm), out).toHaveLength(2);
    await stored(picture);
  });

  it('and appends piece by piece is taken when the last piece has come', async () => {
    const picture = await newPicture();
    const path = await file('appended.jpg', picture);
    const out = await python(`
data = open('${path}', 'rb').read(); third = len(data) // 3
f = ftp()
for at in range(3):
    piece = data[at * third:(at + 1) * third] if at < 2 else data[2 * third:]
    try: print(f.storbinary('APPE p.jpg', io.BytesIO(piece)))
    except ftplib.all_errors as e: print(str(e)[:3])
`);
    expect(out.split('\n').slice(0, 2)).toEqual(['426', '426']);
    expect(out).toContain('226 ');
    await stored(picture);
  });

  it('and closes politely in the middle of a film is told that it was cut', async () => {
    const film = Buffer.alloc(2000);
    film.writeUInt32BE(24, 0);
    film.write('ftypisom', 4);
    film.writeUInt32BE(90_000, 24);
    film.write('mdat', 28);
    const path = await file('cut.mp4', film);
    const out = await python(`
f = ftp()
try: f.storbinary('STOR cut.mp4', open('${path}', 'rb'))
except ftplib.all_errors as e: print(e)
`);
    expect(out).toContain('426');
  });

  it('and sends a bomb, half a picture or a lie is refused, with the reason where its owner looks', async () => {
    const picture = await newPicture();
    const bomb = Buffer.concat([
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      Buffer.from([0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 8, 2, 0, 0, 0, 0, 0, 0, 0]),
      Buffer.from('0000000049454e44ae426082', 'hex'),
    ]);
    for (const [name, bytes, status, code] of [
      ['bomb.jpg', bomb, 413, 'SW_UPLOAD_TOO_LARGE'],
      ['half.jpg', picture.subarray(0, picture.length / 2), 422, 'SW_UPLOAD_CUT'],
      ['lie.jpg', Buffer.from('MZ this is a program for another kind of machine'), 422, 'SW_UPLOAD_REFUSED'],
    ] as const) {
      const answer = await put(name, bytes);
      expect(answer.status, name).toBe(status);
      expect(await answer.json(), name).toMatchObject({ state: 'refused', code });
      expect((await known('cam-0')).refusal, name).toMatchObject({ code });
    }
    const ledger = await (await fetch(`http://127.0.0.1:${site.ports.web}/ledger?missed=1`)).text();
    for (const text of ['Camera 0', 'SW_UPLOAD_CUT', 'SW_UPLOAD_REFUSED']) expect(ledger).toContain(text);
  });

  it('and damages its base64 is told so; letters that do not belong there are overlooked', async () => {
    const [whole, damaged] = [await newPicture(), await newPicture()];
    const mail = (body: string): string =>
      `Subject: Alarm\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: image/jpeg; name="a.jpg"\r\nContent-Transfer-Encoding: base64\r\n\r\n${body}\r\n--b--\r\n`;
    const lines = (bytes: Uint8Array): readonly string[] =>
      Buffer.from(bytes)
        .toString('base64')
        .match(/.{1,76}/g) ?? [];
    const odd = await file('odd.eml', Buffer.from(mail(lines(whole).join(' \t\r\n\r\n'))));
    const cut = await file('cut.eml', Buffer.from(mail(lines(damaged).slice(0, -8).join('\r\n'))));
    const out = await python(`
for name in ['${odd}', '${cut}']:
    s = smtplib.SMTP('127.0.0.1', ${site.ports.mail}); s.login('cam-0', KEY)
    try: print('SENT', s.sendmail('a@b.example', ['c@d.example'], open(name, 'rb').read()))
    except smtplib.SMTPResponseException as e: print('REFUSED', e.smtp_code)
    s.close()
`);
    expect(out).toContain('SENT {}');
    expect(out).toContain('REFUSED 554');
    await stored(whole);
  });
});

describe('what is no JPEG', () => {
  it('is taken for what its bytes are: PNG, AVIF, and HEIC as cameras write it', async () => {
    const jpeg = await file('source.jpg', await newPicture());
    const heic = join(folder, 'a.heic');
    const made = spawnSync('heif-enc', ['-q', '70', jpeg, '-o', heic]);
    expect(made.status, String(made.stderr)).toBe(0);
    const image = sharp(await newPicture());
    for (const [name, bytes] of [
      ['20260607080901.jpg', await image.png().toBuffer()],
      ['20260607080902.dat', await image.avif().toBuffer()],
      ['20260607080903.jpg', readFileSync(heic)],
    ] as const) {
      const answer = await put(name, bytes, 'cam-1');
      expect(answer.status, `${name} ${await answer.text()}`).toBe(201);
      expect((await put(`again-${name}`, bytes, 'cam-1')).status, name).toBe(200);
    }
    await eventually('all three are photos', async () => {
      const paths = (await storedPhotos(photosDir)).map(({ path }) => path);
      return paths.filter((path) => path.startsWith('cam-1/2026-06-07/')).length === 3 || undefined;
    });
  });

  it('but words is a report: of the day, or an alarm whose picture comes with it', async () => {
    const day = await file('868020035314870-23112026154647-dr.txt', Buffer.from('CSQ:31\nTemp:24℃\nBattery:60%\n'));
    expect(
      await python(`print(ftp().storbinary('STOR 868020035314870-23112026154647-dr.txt', open('${day}', 'rb')))`),
    ).toContain('226');
    expect((await known('cam-0')).report).toMatchObject({ battery: 60, temperature: 24, signal: 100 });
    const picture = await newPicture();
    const form = new FormData();
    form.append(
      'event',
      new Blob(['<EventNotificationAlert><battery>x</battery></EventNotificationAlert>'], { type: 'application/xml' }),
      'linedetection.xml',
    );
    form.append('picture', new Blob([Buffer.from(picture)], { type: 'image/jpeg' }), 'linedetection.jpg');
    const url = `http://127.0.0.1:${site.ports.http}/upload/cam-0/${keyOf('cam-0')}`;
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(201);
    await stored(picture);
    const beat = await fetch(url, {
      method: 'POST',
      body: '<EventNotificationAlert><eventType>heartBeat</eventType></EventNotificationAlert>',
    });
    expect(await beat.json()).toEqual({ state: 'noted' });
  });
});

it('tells cameras of one account apart by folder, address and what their pictures say', async () => {
  const [byPath, byMail, bySerial, other] = await Promise.all([newPicture(), newPicture(), newPicture(), newPicture()]);
  expect((await put('yard/a.jpg', byPath)).status).toBe(201);
  const serial = await file('serial.jpg', bySerial);
  const written = spawnSync('exiftool', ['-q', '-overwrite_original', '-SerialNumber=SN-YARD-1', serial]);
  expect(written.status, String(written.stderr)).toBe(0);
  expect((await put('x.jpg', readFileSync(serial))).status).toBe(201);
  expect((await put('backyard/a.jpg', other)).status).toBe(201);
  const mail = await file('mail.jpg', byMail);
  const sent = spawnSync('swaks', [
    '--server',
    '127.0.0.1',
    '--port',
    String(site.ports.mail),
    '--from',
    'yard@cameras.example',
    '--to',
    'a@b.example',
    '--auth',
    'PLAIN',
    '--auth-user',
    'cam-0',
    '--auth-password',
    keyOf('cam-0'),
    '--attach',
    `@${mail}`,
  ]);
  expect(sent.status, String(sent.stdout)).toBe(0);
  for (const bytes of [byPath, byMail, bySerial]) expect((await stored(bytes)).facts.camera).toBe('yard');
  expect((await stored(other)).facts.camera).toBe('cam-0');
});
