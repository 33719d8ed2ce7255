// The cameras: each with its ring, what it sees, and what is the matter.

import { TEXTS } from '../texts.ts';
import type { PageView, TileView } from '../wire-pages.ts';
import { tileView } from './camera.ts';
import { frameOf, type Visit } from './frame.ts';
import { type PhotoContext, photoView } from './photo.ts';
import { pushedViews } from './pushed.ts';

export const cameraTiles = async ({ deps, language, today }: Visit): Promise<readonly TileView[]> => {
  const status = deps.status();
  const context: PhotoContext = { language, status, today };
  const times = { language, zone: deps.zone, now: deps.clock.now().wall };
  const days = (await deps.catalog.days()).filter((row) => row.day === today);
  return Promise.all(
    status.cameras.map(async (camera) => {
      const [latest] = await deps.catalog.list({ camera: camera.id, coversOnly: true, limit: 1 });
      const photosToday = days.find((row) => row.camera === camera.id)?.covers ?? 0;
      return tileView({ camera, latest, photosToday }, latest ? photoView(latest, context) : null, times);
    }),
  );
};

export const camerasPage = async (visit: Visit): Promise<PageView<'cameras'>> => ({
  page: 'cameras',
  frame: frameOf(visit, { title: TEXTS[visit.language].nav.cameras, address: '/cameras', section: 'cameras' }),
  data: { tiles: await cameraTiles(visit), pushed: await pushedViews(visit) },
});
