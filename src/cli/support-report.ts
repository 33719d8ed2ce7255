// What somebody who helps needs to know, with everything taken out that nobody else should: passwords, users, addresses.

import { redact } from '../domain/secret.ts';

/** Settings whose values say nothing of the owner's network or secrets. */
const SHOWN = new Set([
  'CALM_PERIOD',
  'PORT',
  'LONGEST_EPISODE',
  'TIME_ZONE',
  'STILLWATCH_LANG',
  'BIND',
  'PUBLIC_VIEW',
  'KEEP_DAYS',
  'KEEP_GB',
  'KEEP_PHOTOS',
  'KEEP_FREE',
]);
const HIDDEN = '•••';
/** A value shorter than this would take ordinary words and figures out of the log with it. */
const SHORTEST_SECRET = 3;

/** Every key that is set; values only of those that are harmless. */
export const shownSettings = (values: Readonly<Record<string, string | undefined>>): Record<string, string> => {
  const shown: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) shown[key] = SHOWN.has(key) ? value : `(set, ${value.length} characters)`;
  }
  return shown;
};

/** All the ways in which a value may stand in an address, a log line or a JSON text. */
const spellings = (value: string): readonly string[] => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
  Buffer.from(value).toString('base64').replace(/=+$/, ''),
];

/** `text` without any of `secrets`, however spelled, without logins in addresses and without IP and MAC addresses. */
export const withoutSecrets = (text: string, secrets: readonly string[]): string => {
  const wanted = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(spellings);
  // The longest first: a password may contain the user's name.
  const ordered = [...new Set(wanted)].sort((a, b) => b.length - a.length);
  let clean = redact(text);
  for (const secret of ordered) clean = clean.replaceAll(secret, HIDDEN);
  return clean
    .replace(/\b(?!127\.0\.0\.1\b|0\.0\.0\.0\b)(?:\d{1,3}\.){3}\d{1,3}\b/g, 'x.x.x.x')
    .replace(/\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi, 'xx:xx:xx:xx:xx:xx');
};
