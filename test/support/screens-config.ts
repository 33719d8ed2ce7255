// The editor of stillwatch.yml: in order, and with a mistake that was made by hand.

import { LIVED, OWNER, type Scene, type Screen } from './screen-scenes.ts';
import { siteOf } from './screens-camera.ts';

const YML = 'site:\n  zone: Europe/Copenhagen\ncameras:\n  # by the apple tree\n  garden:\n    address: 192.0.2.5\n';
const scene = (): Scene => ({ ...LIVED, options: { ...LIVED.options, identify: async () => OWNER, ...siteOf(YML) } });

export const CONFIG_SCREENS: readonly Screen[] = [
  { name: 'config', scene: scene(), path: '/system/config', shows: 'textarea' },
  {
    name: 'config-mistake',
    scene: scene(),
    path: '/system/config',
    shows: 'textarea',
    prepare: async (page) => {
      await page.locator('textarea').fill(YML.replace('address', 'adress'));
      await page.locator('.rows button').first().waitFor();
    },
  },
];
