// HTTPS served by the program itself: with certificate files, which are followed while it runs, or with one of its own.

import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { createSecureContext } from 'node:tls';
import { ownCertificate } from '../../../adapters/self-signed/self-signed.ts';
import type { TlsSettings } from '../../../config/settings.ts';
import { StillwatchError } from '../../../domain/errors.ts';
import { type Ms, seconds } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

export interface TlsParts {
  readonly tls: TlsSettings;
  /** Where a certificate of our own is kept. */
  readonly folder: string;
}

/** Renewals are weeks ahead; a minute is soon enough, and costs two small reads. */
const LOOK_EVERY: Ms = seconds(60);

/**
 * What a browser of this network may have in its address line: the machine's name, the same as mDNS has it, and its addresses. The
 * ones that a link made up for itself (fe80::/10) are not typed by anybody.
 */
export const ownNames = (
  host: string,
  interfaces: Readonly<Record<string, readonly { readonly address: string; readonly scopeid?: number }[] | undefined>>,
): readonly [string, ...string[]] => {
  const plain = host.replace(/\.local$/i, '');
  const addresses = Object.values(interfaces).flatMap((all = []) => all.map(({ address }) => address));
  const typed = addresses.filter((address) => !/^fe[89ab]/i.test(address));
  const others = [plain.includes('.') ? [] : [`${plain}.local`], 'localhost', '127.0.0.1', '::1', typed].flat();
  return [plain, ...new Set(others.filter((name) => name !== plain))];
};

/** @throws StillwatchError SW_TLS_FILES when they cannot be read or do not belong together */
export const readPair = async ({ tls, folder }: TlsParts): Promise<KeyPair> => {
  if (tls === 'self-signed') {
    const own = await ownCertificate(folder, ownNames(hostname(), networkInterfaces()), 'web-tls');
    return { key: own.key.reveal(), cert: own.certificate };
  }
  const files = `${tls.certificate}, ${tls.key}`;
  try {
    const [cert, key] = await Promise.all([readFile(tls.certificate, 'utf8'), readFile(tls.key, 'utf8')]);
    // Refuses a key of another certificate, and what is neither.
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    throw new StillwatchError('SW_TLS_FILES', { files, detail: code ?? message }, { cause: thrown });
  }
};

/** What a browser shows of it: SHA-256, two digits at a time. */
export const fingerprint = ({ cert }: KeyPair): string => new X509Certificate(cert).fingerprint256;

export interface FollowTls extends TlsParts {
  readonly clock: Clock;
  /** The pair that is in force. */
  readonly first: KeyPair;
  readonly onRenewed: (pair: KeyPair) => void;
  /** Told once for each new trouble; the pair before stays in force. */
  readonly onTrouble: (thrown: unknown) => void;
}

/** Puts renewed files in force until `signal` aborts: connections that are open stay. */
export const followTls = async (parts: FollowTls, signal: AbortSignal): Promise<void> => {
  let { cert, key } = parts.first;
  let told = '';
  while (!signal.aborted) {
    await parts.clock.sleep(LOOK_EVERY, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const pair = await readPair(parts);
      told = '';
      if (pair.cert === cert && pair.key === key) continue;
      ({ cert, key } = pair);
      parts.onRenewed(pair);
    } catch (thrown) {
      const text = String(thrown);
      if (text !== told) parts.onTrouble(thrown);
      told = text;
    }
  }
};
