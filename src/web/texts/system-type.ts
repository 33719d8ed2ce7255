// Texts of the System screens: health, storage, users, the audit log, and the page that leads to them.

import type { SystemEntry } from '../wire-pages.ts';

export interface SystemTexts {
  /** What each place is for. */
  readonly places: Readonly<Record<SystemEntry['place'], string>>;
}
