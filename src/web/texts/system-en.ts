import type { SystemTexts } from './system-type.ts';

export const systemEn: SystemTexts = {
  places: { ledger: 'Everything that asked for a photo, and what became of it.' },
};
