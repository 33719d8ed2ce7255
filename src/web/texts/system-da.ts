import type { SystemTexts } from './system-type.ts';

export const systemDa: SystemTexts = {
  places: { ledger: 'Alt, der bad om et billede, og hvad der blev af det.' },
};
