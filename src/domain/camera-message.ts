// What a camera says about the scene, as it said it: topic and items stay text until a named rule gives them a meaning.

/** WS-Notification property operation; a message without one counts as `Changed`. */
export type PropertyOperation = 'Initialized' | 'Changed' | 'Deleted';

/** Name and value pairs, both verbatim but for outer white space. */
export type Items = Readonly<Record<string, string>>;

/** One event message (ONVIF Core, Message element), whichever channel brought it. */
export interface CameraMessage {
  /** With the prefixes the camera used: `tns1:RuleEngine/CellMotionDetector/Motion`. */
  readonly topic: string;
  readonly operation: PropertyOperation;
  /** The camera's own time, as text; it may be 1970, `0000-00-00` or hours off, so nothing is decided by it. */
  readonly utcTime: string;
  readonly source: Items;
  readonly key: Items;
  readonly data: Items;
}

/** What a claim is about. `pir`: a heat sensor; `input`: a wire into the camera; `other`: known to mean nothing for photos. */
export const CLAIM_KINDS = [
  'motion',
  'person',
  'vehicle',
  'animal',
  'face',
  'line',
  'zone',
  'pir',
  'package',
  'doorbell',
  'tamper',
  'input',
  'other',
] as const;
export type ClaimKind = (typeof CLAIM_KINDS)[number];

export interface Claim {
  readonly kind: ClaimKind;
  /** null: the message states no state, it tells of a moment. */
  readonly active: boolean | null;
}

/** Both lists as one, in the order of `CLAIM_KINDS`, each kind once. */
export const withClaims = (some: readonly ClaimKind[], more: readonly ClaimKind[]): readonly ClaimKind[] =>
  CLAIM_KINDS.filter((kind) => some.includes(kind) || more.includes(kind));

/** Both lists are in the order of `CLAIM_KINDS`. */
export const sameClaims = (a: readonly ClaimKind[], b: readonly ClaimKind[]): boolean =>
  a.length === b.length && a.every((kind, index) => kind === b[index]);

/** One line, for files and tables: `person vehicle`. */
export const claimsText = (claims: readonly ClaimKind[]): string => claims.join(' ');

/** What of `text` is a claim; words of a newer version are left out. */
export const parseClaims = (text: string): readonly ClaimKind[] => {
  const words = text.split(' ');
  return CLAIM_KINDS.filter((kind) => words.includes(kind));
};
