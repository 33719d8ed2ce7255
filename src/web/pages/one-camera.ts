// One camera: what it sees now and how it is watched, what it can do by its own report, and its settings.

import { type Agreement, agreementOf } from '../../domain/agreement.ts';
import { later, type Ms, ms } from '../../domain/units.ts';
import type { CameraStatus } from '../status.ts';
import { TEXTS } from '../texts.ts';
import type { CameraData, CameraTab } from '../wire-cameras.ts';
import type { PageView } from '../wire-pages.ts';
import { tileView } from './camera.ts';
import { allFacts, identityFacts } from './camera-facts.ts';
import { frameOf, type Visit } from './frame.ts';
import { type PhotoContext, photoView } from './photo.ts';

const RECENT = 12;
const AGREEMENT_OVER: Ms = ms(14 * 86_400_000);
/** Seven hundred triggers a day; of a camera that cries more often the latest say enough. */
const TRIGGERS = 10_000;

const longAgreement = async (
  { id, events, motionBy }: CameraStatus,
  { deps }: Visit,
): Promise<Agreement | undefined> => {
  if (!events || motionBy === 'events') return undefined;
  const from = later(deps.clock.now().wall, ms(-AGREEMENT_OVER));
  return agreementOf(await deps.ledger.list({ camera: id, from, limit: TRIGGERS }));
};

export const oneCameraPage = async (
  visit: Visit,
  camera: CameraStatus,
  tab: CameraTab,
): Promise<PageView<'camera'>> => {
  const { deps, language, today, request } = visit;
  const context: PhotoContext = { language, status: deps.status(), today };
  const recent = await deps.catalog.list({ camera: camera.id, coversOnly: true, limit: RECENT });
  const [latest] = recent;
  const day = (await deps.catalog.days()).find((row) => row.day === today && row.camera === camera.id);
  const settings = deps.api.watched(camera.id);
  const tile = { camera, latest, photosToday: day?.covers ?? 0 };
  const data: CameraData = {
    tab,
    tile: tileView(tile, latest ? photoView(latest, context) : null, {
      language,
      zone: deps.zone,
      now: deps.clock.now().wall,
    }),
    facts: allFacts(camera, settings, latest, tab === 'live' ? await longAgreement(camera, visit) : undefined, visit),
    identity: request.principal.permissions.includes('configure') ? identityFacts(camera.identity, visit) : [],
    recent: recent.map((still) => photoView(still, context)),
  };
  const frame = frameOf(visit, {
    title: tab === 'live' ? camera.name : `${camera.name} · ${TEXTS[language].tabs[tab]}`,
    address: `/cameras/${camera.id}${tab === 'live' ? '' : `?tab=${tab}`}`,
    section: 'cameras',
  });
  return { page: 'camera', frame, data };
};
