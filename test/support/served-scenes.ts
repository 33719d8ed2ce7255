// Scenes behind web servers of their own: each is drawn once and served until the tests of the file are over.

import { systemClock } from '../../src/adapters/system/clock.ts';
import { thumbnailer } from '../../src/adapters/thumbnail/thumbnail.ts';
import { type WebStage, webStage } from '../../src/testing/web-stage.ts';
import type { Scene } from './screen-scenes.ts';

export interface Served {
  readonly stage: WebStage;
  readonly address: string;
}

export interface ServedScenes {
  serve(scene: Scene): Promise<Served>;
  close(): Promise<void>;
}

export const servedScenes = (): ServedScenes => {
  const served = new Map<Scene, Promise<Served>>();
  const start = async (scene: Scene): Promise<Served> => {
    const stage = await webStage({ clock: systemClock(), thumbnails: thumbnailer(), ...scene.options });
    await scene.fill(stage);
    return { stage, address: await stage.app.listen({ host: '127.0.0.1', port: 0 }) };
  };
  return {
    serve(scene) {
      const found = served.get(scene) ?? start(scene);
      served.set(scene, found);
      return found;
    },
    async close() {
      for (const one of served.values()) await (await one).stage.app.close();
    },
  };
};
