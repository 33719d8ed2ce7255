import { X509Certificate } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { ownCertificate } from '../../../adapters/self-signed/self-signed.ts';
import { seconds } from '../../../domain/units.ts';
import { fakeClock } from '../../../testing/fake-clock.ts';
import { temporaryFolders } from '../../../testing/temporary-folder.ts';
import { GARDEN, type WebStage, watched, webStage } from '../../../testing/web-stage.ts';
import { fingerprint, followTls, type KeyPair, ownNames, readPair } from './tls.ts';

const folders = temporaryFolders();

/** A certificate's files, as certbot would leave them. */
const filesIn = async (folder: string): Promise<{ certificate: string; key: string }> => {
  await ownCertificate(folder, 'cam.example.org', 'web-tls');
  return { certificate: join(folder, 'web-tls.crt'), key: join(folder, 'web-tls.key') };
};

const shownBy = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });

const ask = (port: number, path: string): Promise<{ status: number | undefined; headers: Record<string, unknown> }> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, rejectUnauthorized: false, headers: { host: 'localhost' } }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, headers: answer.headers });
    })
      .on('error', reject)
      .end();
  });

const serve = async (pair: KeyPair, isCertified: boolean): Promise<{ stage: WebStage; port: number }> => {
  const stage = await webStage({ cameras: [watched('Garden')], tls: { ...pair, isCertified } });
  await stage.app.listen({ host: '127.0.0.1', port: 0 });
  const address = stage.app.server.address();
  return { stage, port: typeof address === 'object' && address ? address.port : 0 };
};

describe('HTTPS by the program itself', () => {
  it('makes a certificate at the first start and keeps it', async () => {
    const folder = folders();
    const first = await readPair({ tls: 'self-signed', folder });
    expect(await readPair({ tls: 'self-signed', folder })).toEqual(first);
    const { stage, port } = await serve(first, false);
    expect(await shownBy(port)).toBe(fingerprint(first));
    const { status, headers } = await ask(port, '/photos');
    expect(status).toBe(200);
    expect(headers['strict-transport-security']).toBeUndefined();
    await stage.app.close();
  });

  it('names the machine as browsers of its network do: by name, by mDNS, and by address', async () => {
    const names = ownNames('porch', {
      lo: [{ address: '127.0.0.1' }, { address: '::1' }],
      eth0: [{ address: '192.168.1.20' }, { address: 'fd12::a:20' }, { address: 'fe80::1' }],
    });
    expect(names).toEqual(['porch', 'porch.local', 'localhost', '127.0.0.1', '::1', '192.168.1.20', 'fd12::a:20']);
    expect(ownNames('porch.local', {})).toEqual(['porch', 'porch.local', 'localhost', '127.0.0.1', '::1']);
    const { certificate } = await ownCertificate(folders(), names, 'web-tls');
    // As another's X.509 reader sees it.
    const read = new X509Certificate(certificate);
    for (const name of ['porch', 'porch.local', 'localhost']) expect(read.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1', '192.168.1.20', 'fd12::a:20']) {
      expect(read.checkIP(address), address).toBeDefined();
    }
    expect(read.checkIP('192.168.1.21')).toBeUndefined();
    expect(read.verify(read.publicKey)).toBe(true);
  });

  it('puts renewed files in force while it runs, and a broken renewal not', async () => {
    const folder = folders();
    const tls = await filesIn(folder);
    const first = await readPair({ tls, folder });
    const { stage, port } = await serve(first, true);
    expect((await ask(port, `/photos?camera=${GARDEN}`)).headers['strict-transport-security']).toMatch(
      /^max-age=\d{8}$/,
    );
    const clock = fakeClock();
    const troubles: string[] = [];
    const stop = new AbortController();
    let told: (() => void) | undefined;
    const following = followTls(
      {
        tls,
        folder,
        clock,
        first,
        onRenewed: (pair) => {
          (stage.app.server as unknown as { setSecureContext(next: KeyPair): void }).setSecureContext(pair);
          told?.();
        },
        onTrouble: (thrown) => {
          troubles.push(String(thrown));
          told?.();
        },
      },
      stop.signal,
    );
    const nextWord = async (): Promise<void> => {
      const word = new Promise<void>((resolve) => {
        told = resolve;
      });
      // What it reads from the disk comes back when it will: it sleeps again then.
      await expect.poll(() => clock.sleepers).toBe(1);
      await clock.advance(seconds(61));
      await word;
    };
    const other = await filesIn(folders());
    await copyFile(other.certificate, tls.certificate);
    await nextWord();
    expect(troubles).toHaveLength(1);
    expect(await shownBy(port)).toBe(fingerprint(first));
    await copyFile(other.key, tls.key);
    await nextWord();
    expect(await shownBy(port)).toBe(fingerprint(await readPair({ tls: other, folder })));
    expect(await shownBy(port)).not.toBe(fingerprint(first));
    stop.abort();
    await following;
    await stage.app.close();
  });

  it('says what is wrong with the files', async () => {
    const folder = folders();
    const tls = await filesIn(folder);
    await expect(readPair({ tls: { ...tls, key: join(folder, 'none') }, folder })).rejects.toMatchObject({
      code: 'SW_TLS_FILES',
    });
    await writeFile(tls.certificate, 'no certificate');
    await expect(readPair({ tls, folder })).rejects.toMatchObject({ code: 'SW_TLS_FILES' });
  });
});
