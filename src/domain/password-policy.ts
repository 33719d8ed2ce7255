// What a password must be: long, and not one that everybody tries. Length is what counts (NIST SP 800-63B 5.1.1.2,
// ASVS 2.1): no rule asks for a digit or a sign.

import { ACCOUNT_POLICY } from './account.ts';

/** Longer ones cost the hash nothing, but a request must end somewhere. ASVS 2.1.2 asks for 64 at least. */
export const LONGEST_PASSWORD = 256;

export type PasswordFault = 'short' | 'long' | 'common' | 'monotonous' | 'guessable';

/**
 * Stems of the passwords of 12 characters and more that lead the published lists, as the part that is left when digits,
 * signs and repetitions at the ends are taken off.
 */
const COMMON =
  'password passw0rd p@ssw0rd p@ssword passwort adgangskode kodeord qwerty qwertyuiop qwertzuiop qwertyuiopasdfgh asdfghjkl azertyuiop zxcvbnm 1qaz2wsx 1q2w3e4r5t6y 1q2w3e4r5t qazwsxedc qazwsxedcrfv q1w2e3r4t5y6 iloveyou letmein welcome welcometo admin administrator superadmin supersecret secret changeme changethis default football baseball basketball liverpool manchester arsenal chelsea princess sunshine dragon monkey superman batman starwars pokemon trustno1 whatever computer internet abcdefgh abcdefghijkl abcd1234 aaaaaa master michael jennifer charlie jordan ashley bailey shadow samsung google microsoft camera cameras surveillance security overvågning snapshot'.split(
    ' ',
  );
const STEMS: ReadonlySet<string> = new Set(COMMON);

/** Fewer different characters than this in twelve is a pattern. */
const LEAST_DIFFERENT = 5;
const ROWS = ['abcdefghijklmnopqrstuvwxyzæøå', 'qwertyuiopåasdfghjklæøzxcvbnm', '012345678901234567890123456789'];
const SITE_WORDS = ['stillwatch'];

const reversed = (text: string): string => Array.from(text).toReversed().join('');

/** True when `text` is a piece of an alphabet, a keyboard or the digits, in either direction. */
const isRow = (text: string): boolean => ROWS.some((row) => row.includes(text) || reversed(row).includes(text));

/**
 * undefined: good enough. `known`: words that belong to the owner, such as the account's name.
 * @param shortest characters; the owner may ask for more than ours (ASVS 2.1.1), never for fewer
 */
export const passwordFault = (
  password: string,
  known: readonly string[] = [],
  shortest: number = ACCOUNT_POLICY.passwordLength,
): PasswordFault | undefined => {
  const characters = Array.from(password);
  if (characters.length < shortest) return 'short';
  if (characters.length > LONGEST_PASSWORD) return 'long';
  const lower = password.toLowerCase();
  if (new Set(lower).size < LEAST_DIFFERENT) return 'monotonous';
  if (isRow(lower)) return 'monotonous';
  const stem = lower.replace(/^[\d\W_]+|[\d\W_]+$/gu, '');
  const whole = lower.replace(/[\W_]+$/u, '');
  if (STEMS.has(stem) || STEMS.has(whole) || STEMS.has(lower)) return 'common';
  // `passwordpassword`, `football football`
  const parts = lower.split(/[\d\W_]+/u).filter((part) => part !== '');
  if (parts.length > 0 && parts.every((part) => STEMS.has(part) || STEMS.has(part.slice(0, part.length / 2)))) {
    return 'common';
  }
  const left = [...known, ...SITE_WORDS]
    .filter((word) => word.length > 2)
    .reduce((text, word) => text.replaceAll(word.toLowerCase(), ''), lower);
  return left !== lower && left.replace(/[\d\W_]+/gu, '').length < 4 ? 'guessable' : undefined;
};
