// The moon's phase as cameras write it: a word of English, German, Danish or French, or the sign itself.
// "Waxing" alone may be a crescent or gibbous: it says nothing.

import type { MoonPhase } from './delivery.ts';

const SIGNS: readonly (readonly [string, MoonPhase])[] = [
  ['🌑', 'new'],
  ['🌒', 'waxing-crescent'],
  ['🌓', 'first-quarter'],
  ['🌔', 'waxing-gibbous'],
  ['🌕', 'full'],
  ['🌖', 'waning-gibbous'],
  ['🌗', 'last-quarter'],
  ['🌘', 'waning-crescent'],
];

const WAXING = '(?:wax\\w*|zunehm\\w*|tiltag\\w*|voksen\\w*|croissante?)';
const WANING = '(?:wan\\w*|abnehm\\w*|aftag\\w*|d[ée]croissante?)';
const CRESCENT = '(?:crescent|sichel\\w*|segl|måneskive|croissant)';
const GIBBOUS = '(?:gibbous|dreiviertel\\w*|gibb?eu[sx]e?)';

const WORDS: readonly (readonly [RegExp, MoonPhase])[] = [
  [/(?:first|erstes?|første|premier) ?[- ]?(?:quarter|half|viertel|kvarter|quartier)/i, 'first-quarter'],
  [/(?:last|third|letztes?|drittes|sidste|dernier) ?[- ]?(?:quarter|half|viertel|kvarter|quartier)/i, 'last-quarter'],
  [new RegExp(`half ?wax|(?:${WAXING}) ?(?:half|halbmond|halvmåne)|halbmond ${WAXING}`, 'i'), 'first-quarter'],
  [new RegExp(`half ?wan|(?:${WANING}) ?(?:half|halbmond|halvmåne)|halbmond ${WANING}`, 'i'), 'last-quarter'],
  [new RegExp(`${WAXING}[- ]?(?:${GIBBOUS})|gibb?euse croissante`, 'i'), 'waxing-gibbous'],
  [new RegExp(`${WANING}[- ]?(?:${GIBBOUS})|gibb?euse décroissante`, 'i'), 'waning-gibbous'],
  [new RegExp(`(?:${WANING}|old|dernier)[- ]?(?:${CRESCENT})`, 'i'), 'waning-crescent'],
  [new RegExp(`(?:${WAXING}|new|premier)[- ]?(?:${CRESCENT})`, 'i'), 'waxing-crescent'],
  [/\bnew\b|neumond|nymåne|nouvelle/i, 'new'],
  [/\bfull\b|vollmond|fuldmåne|fullmåne|pleine/i, 'full'],
];

export const moonPhase = (text: string): MoonPhase | undefined =>
  SIGNS.find(([sign]) => text.includes(sign))?.[1] ?? WORDS.find(([pattern]) => pattern.test(text))?.[1];
