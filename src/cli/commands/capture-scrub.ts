// Takes out of a camera's documents what says whose they are: the same real value becomes the same stand-in everywhere,
// so that the documents still fit together. Must not know files.

import { createHash } from 'node:crypto';

export interface Scrubber {
  /** A value to hide wherever it stands, with the kind of stand-in it gets. */
  hide(value: string | undefined, kind: 'serial' | 'name' | 'user' | 'host'): void;
  scrub(text: string): string;
}

const pattern = (value: string): RegExp => new RegExp(value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');

const MAC = /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi;
const IPV4 = /\b(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}\b/g;
const IPV6 =
  /\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}\b|\b(?:fe80|fd[0-9a-f]{2}|fc[0-9a-f]{2}|2[0-9a-f]{3})::?[0-9a-f:]*\b/gi;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const SECURITY = /<((?:[\w-]+:)?Security)\b[^>]*>[\s\S]*?<\/\1\s*>/gi;
const URL_LOGIN = /(\w+:\/\/)[^/\s@<"']*@/g;
/** Elements whose text is a place, a person or a key, in replies that are not asked for but may be echoed. */
const PRIVATE_ELEMENTS = /(<((?:[\w-]+:)?(?:Password|Passphrase|SSID|PSK|Key|Username|Email))\b[^>]*>)[^<]+(<\/\2>)/gi;
const PRIVATE_QUERY = /([?&](?:user|username|usr|pass|password|pwd|token|key|auth)=)[^&\s"'<]+/gi;
const LOCATION_SCOPE = /(onvif:\/\/www\.onvif\.org\/(?:location|name)\/)[^\s<"]+/gi;

export const scrubber = (): Scrubber => {
  const hidden = new Map<string, string>();
  const counts = new Map<string, number>();
  const next = (kind: string): number => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return count;
  };
  const standIn = (real: string, kind: string, make: (count: number) => string): string => {
    const key = `${kind} ${real.toLowerCase()}`;
    let made = hidden.get(key);
    if (made === undefined) {
      made = make(next(kind));
      hidden.set(key, made);
    }
    return made;
  };
  const values: { readonly find: RegExp; readonly put: string }[] = [];
  const two = (count: number): string => (count % 256).toString(16).padStart(2, '0');

  return {
    hide(value, kind) {
      if (value === undefined || value.trim().length < 3) return;
      const put = kind === 'host' ? 'camera.invalid' : `${kind}-${next(kind)}`;
      // A serial number is also found in scopes, where it is percent-encoded, and without its separators.
      for (const form of new Set([value, encodeURIComponent(value), value.replace(/[:\-\s]/g, '')])) {
        if (form.length >= 3) values.push({ find: pattern(form), put });
      }
    },
    scrub(text) {
      let out = text
        .replace(SECURITY, '<!-- security header taken out -->')
        .replace(URL_LOGIN, '$1')
        .replace(PRIVATE_QUERY, '$1hidden')
        .replace(PRIVATE_ELEMENTS, '$1hidden$3')
        .replace(LOCATION_SCOPE, '$1hidden')
        .replace(MAC, (mac) => {
          const made = standIn(mac.replace(/[:-]/g, ''), 'mac', (count) => `02:00:00:00:00:${two(count)}`);
          const spelled = mac.includes('-') ? made.replaceAll(':', '-') : made;
          return mac === mac.toUpperCase() ? spelled.toUpperCase() : spelled;
        })
        // Documentation addresses (RFC 5737, RFC 3849); loopback and "any" say nothing about anyone.
        .replace(IPV4, (ip) =>
          /^(?:127\.|0\.0\.0\.0$|255\.|239\.)/.test(ip) ? ip : standIn(ip, 'ip', (count) => `192.0.2.${count % 256}`),
        )
        .replace(UUID, (uuid) =>
          standIn(uuid, 'uuid', (count) => `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`),
        )
        .replace(MAIL, (mail) => standIn(mail, 'mail', (count) => `person-${count}@example.org`));
      for (const { find, put } of values) out = out.replace(find, put);
      return out.replace(IPV6, (ip) =>
        /^\d\d:\d\d:\d\d/.test(ip) || ip.startsWith('02:00') ? ip : standIn(ip, 'ip6', (count) => `2001:db8::${count}`),
      );
    },
  };
};

/** Name of the bundle's folder: make and model, and enough of a hash to tell two cameras of a kind apart. */
export const bundleName = (make: string | undefined, model: string | undefined, serial: string | undefined): string => {
  const slug = [make, model]
    .filter(Boolean)
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const mark = createHash('sha256')
    .update(`${serial ?? ''}|stillwatch capture`)
    .digest('hex')
    .slice(0, 6);
  return `${slug || 'camera'}-${mark}`;
};
