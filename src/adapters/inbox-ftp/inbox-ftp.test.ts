import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cameraId } from '../../domain/ids.ts';
import { type FtpRule, INBOX_LIMITS } from '../../domain/inbox.ts';
import { Secret } from '../../domain/secret.ts';
import type { InboxDoor } from '../../ports/inbox.ts';
import { fakeClock } from '../../testing/fake-clock.ts';
import { ownCertificate } from '../self-signed/self-signed.ts';
import { inboxFtp } from './inbox-ftp.ts';

const folder = mkdtempSync(join(tmpdir(), 'stillwatch-ftp-'));
let tls: Awaited<ReturnType<typeof ownCertificate>>;
beforeAll(async () => {
  tls = await ownCertificate(folder, 'localhost');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const camera = { id: cameraId('forest'), name: 'Forest', key: new Secret('key-of-the-forest'), limits: INBOX_LIMITS };
const door: InboxDoor = {
  login: () => ({ state: 'welcome', camera }),
  loginByAddress: () => ({ state: 'unknown' }),
  byMailbox: () => undefined,
  deliver: async () => ({ state: 'noted' }),
  rename: async () => undefined,
  refuse: () => undefined,
};
const rule: FtpRule = {
  port: 0,
  passivePorts: [50_300, 50_999],
  publicAddress: '203.0.113.7',
  allowsActive: false,
  plain: 'anywhere',
};

/** What a client that is logged in is answered to `line`. */
const answers = async (given: Partial<FtpRule>, isPrivate: boolean, ...lines: string[]): Promise<readonly string[]> => {
  await using server = await inboxFtp({
    rule: { ...rule, ...given },
    bind: '127.0.0.1',
    door,
    clock: fakeClock(),
    tls,
    isPrivate: () => isPrivate,
  });
  const socket = connect(server.port, '127.0.0.1');
  const words = ['USER forest', 'PASS x', ...lines, 'QUIT'];
  const said: string[] = [];
  for await (const line of createInterface({ input: socket })) {
    said.push(line);
    const next = words.shift();
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
  }
  socket.destroy();
  return said.slice(3, 3 + lines.length);
};

describe('behind a router', () => {
  it('tells cameras from outside its public address, and those of its own network the one they came to', async () => {
    expect((await answers({}, false, 'PASV'))[0]).toMatch(/^227 .*\(203,0,113,7,\d+,\d+\)$/);
    expect((await answers({}, true, 'PASV'))[0]).toMatch(/^227 .*\(127,0,0,1,\d+,\d+\)$/);
  });

  it('keeps to its range of ports, by PASV and EPSV', async () => {
    const [passive = '', extended = ''] = await answers({}, false, 'PASV', 'EPSV');
    const [, high = 0, low = 0] = /,(\d+),(\d+)\)$/.exec(passive)?.map(Number) ?? [];
    for (const port of [high * 256 + low, Number(/\|\|\|(\d+)\|/.exec(extended)?.[1])]) {
      expect(port).toBeGreaterThanOrEqual(50_300);
      expect(port).toBeLessThanOrEqual(50_999);
    }
  });

  it('connects to nobody unless its owner allows it, and never to ports of the system', async () => {
    expect(await answers({}, false, 'PORT 127,0,0,1,200,10', 'EPRT |1|127.0.0.1|51210|')).toEqual([
      expect.stringMatching(/^502/),
      expect.stringMatching(/^502/),
    ]);
    const allowed = await answers(
      { allowsActive: true },
      false,
      'PORT 127,0,0,1,200,10',
      'PORT 127,0,0,1,0,22',
      'EPRT |2|::1|22|',
    );
    expect(allowed.map((line) => line.slice(0, 3))).toEqual(['200', '501', '501']);
  });

  it('wants TLS where plain text is not allowed', async () => {
    const server = await answers({ plain: 'no' }, true, 'PASV');
    expect(server[0]).toMatch(/^530/);
  });
});
