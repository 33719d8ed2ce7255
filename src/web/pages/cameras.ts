// The cameras: each with its ring, what it sees, and what is the matter.

import { TEXTS } from '../texts.ts';
import type { CameraCard } from '../wire-cameras.ts';
import type { PageView, TileView } from '../wire-pages.ts';
import { tileView } from './camera.ts';
import { shortFacts } from './camera-facts.ts';
import { frameOf, type Visit } from './frame.ts';
import { type PhotoContext, photoView } from './photo.ts';
import { pushedViews } from './pushed.ts';

const cameraCards = async (visit: Visit): Promise<readonly CameraCard[]> => {
  const { deps, language, today } = visit;
  const status = deps.status();
  const context: PhotoContext = { language, status, today };
  const times = { language, zone: deps.zone, now: deps.clock.now().wall };
  const days = (await deps.catalog.days()).filter((row) => row.day === today);
  return Promise.all(
    status.cameras.map(async (camera) => {
      const [latest] = await deps.catalog.list({ camera: camera.id, coversOnly: true, limit: 1 });
      const photosToday = days.find((row) => row.camera === camera.id)?.covers ?? 0;
      return {
        tile: tileView({ camera, latest, photosToday }, latest ? photoView(latest, context) : null, times),
        facts: shortFacts(camera, deps.api.watched(camera.id), latest, visit),
      };
    }),
  );
};

export const cameraTiles = async (visit: Visit): Promise<readonly TileView[]> =>
  (await cameraCards(visit)).map(({ tile }) => tile);

export const camerasPage = async (visit: Visit): Promise<PageView<'cameras'>> => ({
  page: 'cameras',
  frame: frameOf(visit, { title: TEXTS[visit.language].nav.cameras, address: '/cameras', section: 'cameras' }),
  data: { cards: await cameraCards(visit), pushed: await pushedViews(visit) },
});
