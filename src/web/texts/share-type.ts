// Texts of sharing: the button, and the page that somebody sees who was sent a link.

import type { ShareScope } from '../../domain/account.ts';

export interface ShareTexts {
  readonly button: string;
  /** What the link will show. */
  readonly shows: Readonly<Record<ShareScope['of'], string>>;
  readonly lasts: string;
  readonly days: (days: number) => string;
  readonly make: string;
  readonly made: string;
  readonly copy: string;
  readonly copied: string;
  readonly close: string;
  readonly all: string;
  readonly until: (moment: string) => string;
  readonly empty: string;
  readonly back: string;
  readonly gone: string;
  readonly goneNote: string;
  readonly foot: string;
}
