// Makes that name themselves in their standing sentences, subjects or EXIF blocks.

/** Each as it is written, and where the word is also an ordinary one, what must stand beside it. */
const MAKES: readonly (readonly [string, RegExp])[] = [
  ['Reolink', /\breolink\b|\bKEEN Ranger\b/i],
  ['Hikvision', /\bhikvision\b|\bhik-?connect\b|\bDS-2[A-Z]{2}\w{3}/i],
  ['Dahua', /\bdahua\b/i],
  ['Arenti', /\barenti\b/i],
  ['Spypoint', /\bspypoint\b/i],
  ['Moultrie', /\bmoultrie\b/i],
  ['Bushnell', /\bbushnell\b/i],
  ['Browning', /\bbrowning (?:trail|strike|defender|dark|recon|command|patriot|spec)|\bBTC-\d/i],
  ['Reconyx', /\breconyx\b/i],
  ['Boly', /\bboly(?:guard|media)?\b/i],
  ['Suntek', /\bsuntek(?:cam)?\b|\bHC-?\d{3}[A-Z]{1,4}\b/i],
  ['Willfine', /\bwillfine\b/i],
  ['ICUserver', /\bicu ?(?:server|cam)\b/i],
  ['Secacam', /\bseca ?cam\b/i],
  ['Seissiger', /\bseissiger\b/i],
  ['Dörr', /\bd(?:ö|oe)rr\b/i],
  ['Covert', /\bcovert (?:scouting|wireless|code|blackhawk|cameras?)\b/i],
  ['Stealth Cam', /\bstealth ?cam\b/i],
  ['Cuddeback', /\bcuddeback\b/i],
  ['Tactacam', /\btactacam\b|\breveal (?:x|sk|cell)/i],
  ['Uovision', /\buovision\b/i],
  ['Ltl Acorn', /\bltl ?acorn\b/i],
  ['ScoutGuard', /\bscout ?guard\b/i],
  ['Minox', /\bminox\b/i],
  ['Burrel', /\bburrel\b/i],
  ['Spromise', /\bspromise\b/i],
  ['Swift', /\bswift (?:enduro|4g)\b/i],
  ['Instar', /\binstar (?:cam|in-)|\bIN-[5-9]\d{3}\b/i],
  ['Axis', /\baxis (?:communications|[mpq]\d{4})/i],
  ['Uniview', /\buniview\b/i],
];

/** The make that `text` names; undefined: none that is known. */
export const cameraMake = (text: string): string | undefined => MAKES.find(([, pattern]) => pattern.test(text))?.[0];
