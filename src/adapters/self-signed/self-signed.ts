// A key and a certificate of our own making: for the doors that cameras deliver to, which do not check who signed it, and for
// owners who want HTTPS and have no name. It keeps the line private all the same.

import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Secret } from '../../domain/secret.ts';
import { selfSigned } from './der.ts';

export interface OwnCertificate {
  readonly key: Secret;
  readonly certificate: string;
}

export type Hosts = readonly [string, ...string[]];

/** Ten years: a camera that pins it is not visited every year. */
const YEARS = 10;

const pem = (label: string, der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
};

const make = (hosts: Hosts, now: Date): { readonly key: string; readonly certificate: string } => {
  // P-256: small enough for a camera's processor, and known to every TLS 1.2 stack.
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const from = new Date(now.getTime() - 86_400_000);
  const until = new Date(now.getTime() + YEARS * 365 * 86_400_000);
  return {
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem('CERTIFICATE', selfSigned(keys, { hosts, from, until })),
  };
};

/** Those in `folder`, made at the first call. @param host names and addresses that this machine is known by, the first of all first */
export const ownCertificate = async (
  folder: string,
  host: string | Hosts,
  name: 'inbox-tls' | 'web-tls' = 'inbox-tls',
): Promise<OwnCertificate> => {
  const [keyFile, certificateFile] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  try {
    const [key, certificate] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certificateFile, 'utf8')]);
    return { key: new Secret(key), certificate };
  } catch {
    const made = make(typeof host === 'string' ? [host] : host, new Date());
    await mkdir(folder, { recursive: true, mode: 0o750 });
    await writeFile(`${keyFile}.tmp`, made.key, { mode: 0o600 });
    await writeFile(`${certificateFile}.tmp`, made.certificate, { mode: 0o640 });
    await rename(`${certificateFile}.tmp`, certificateFile);
    await rename(`${keyFile}.tmp`, keyFile);
    return { key: new Secret(made.key), certificate: made.certificate };
  }
};
