// Addresses as owners type them: a host with a port, the path of a stream, a full URL. Nothing here ever repeats a password.

import { isIP } from 'node:net';
import type { StreamAddress } from '../domain/camera.ts';
import { type Credentials, Secret } from '../domain/secret.ts';

/** `host` and optional port, as a URL writes them; undefined: it is no such thing. */
export const hostAndPort = (text: string): string | undefined => {
  if (isIP(text) === 6) return `[${text}]`;
  const [, host = '', port] = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const isName = /^[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9.])?$/i.test(host) && !/^[\d.]+$/.test(host);
  const isAddress = isIP(host) === 4 || (host.startsWith('[') && isIP(host.slice(1, -1)) === 6);
  const isPort = port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
  return (isName || isAddress) && isPort ? text : undefined;
};

export const isFullUrl = (value: string): boolean => /^rtsps?:\/\//i.test(value);

/**
 * One stream's address from a path or a full URL; credentials inside a URL are taken out of it and win.
 * undefined: it is neither.
 */
export const streamAddress = (
  value: string,
  host: string | undefined,
  credentials: Credentials | undefined,
): StreamAddress | undefined => {
  if (!isFullUrl(value)) {
    if (/^[a-z][a-z0-9+.-]*:\/\/|\s/i.test(value)) return undefined;
    const url = `rtsp://${host ?? ''}/${value.replace(/^\/+/, '')}`;
    return credentials ? { url, credentials } : { url };
  }
  try {
    const url = new URL(value);
    if (!url.hostname) return undefined;
    const own = url.username
      ? { user: decodeURIComponent(url.username), password: new Secret(decodeURIComponent(url.password)) }
      : credentials;
    url.username = '';
    url.password = '';
    return own ? { url: url.href, credentials: own } : { url: url.href };
  } catch {
    return undefined;
  }
};

/** A stream's path or full URL without user or password in it. */
export const isPlainStream = (value: string): boolean => {
  const address = streamAddress(value, 'host', undefined);
  return address !== undefined && address.credentials === undefined && URL.canParse(address.url);
};
