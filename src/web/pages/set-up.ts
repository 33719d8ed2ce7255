// Setting up: the first owner, and adding a camera.

import type { Language } from '../../domain/errors.ts';
import type { WebDeps } from '../deps.ts';
import type { CameraStatus } from '../status.ts';
import { TEXTS } from '../texts.ts';
import type { SetupData } from '../wire-cameras.ts';
import type { PageView } from '../wire-pages.ts';
import { tileView } from './camera.ts';
import { frameOf, strangerFrame, type Visit } from './frame.ts';
import { photoView } from './photo.ts';

/** Whoever asks may be nobody yet: nothing of the site is told. */
export const setupPage = (deps: WebDeps, language: Language, data: SetupData): PageView<'setup'> => {
  const wish = { language, title: TEXTS[language].setup.title, address: '/setup', isGuest: false };
  return { page: 'setup', frame: strangerFrame(deps, wish), data };
};

export const addPage = async (visit: Visit, added: CameraStatus | undefined): Promise<PageView<'add'>> => {
  const { deps, language, today } = visit;
  const [latest] = added ? await deps.catalog.list({ camera: added.id, coversOnly: true, limit: 1 }) : [];
  const { demo } = deps.api;
  const tile = added && { camera: added, latest, photosToday: 0 };
  const times = { language, zone: deps.zone, now: deps.clock.now().wall };
  const photo = latest ? photoView(latest, { language, status: deps.status(), today }) : null;
  return {
    page: 'add',
    frame: frameOf(visit, {
      title: TEXTS[language].add.title,
      address: `/cameras/add${added ? `?camera=${added.id}` : ''}`,
      section: 'cameras',
    }),
    data: {
      added: tile ? tileView(tile, photo, times) : null,
      hasDemo: demo !== undefined,
      isDemoOn: demo?.isOn() ?? false,
      demoPhotos: demo?.isOn() ? await demo.photos() : 0,
    },
  };
};
