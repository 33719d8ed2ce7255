// What is shown of a camera: its tile, and the whole site in one sentence. What is not seen comes first, whatever else is well.

import type { TimeZone } from '../../domain/civil-time.ts';
import { errorText, type Language } from '../../domain/errors.ts';
import type { StoredStill } from '../../domain/still.ts';
import type { EpochMs } from '../../domain/units.ts';
import { type CameraStatus, sceneOf, type Trouble } from '../status.ts';
import { TEXTS } from '../texts.ts';
import { zoneMoment } from '../time-text.ts';
import type { PhotoView, SentencePart, TileView, TroubleNote } from '../wire-pages.ts';

export interface TileContext {
  readonly language: Language;
  readonly zone: TimeZone;
  readonly now: EpochMs;
}

export interface Tile {
  readonly camera: CameraStatus;
  readonly latest: StoredStill | undefined;
  readonly photosToday: number;
}

/** What a tile shows: `blind` and `starting` stand where a scene would. */
export const tileState = (camera: CameraStatus): TileView['state'] => {
  const scene = sceneOf(camera);
  if (scene) return scene;
  return camera.sight === 'blind' ? 'blind' : 'starting';
};

const noteOf = (trouble: Trouble, lead: string | null, tail: string | null, language: Language): TroubleNote => ({
  lead,
  text: errorText(trouble.code, trouble.facts, language),
  tail,
  code: trouble.code,
});

export const tileView = (tile: Tile, latest: PhotoView | null, context: TileContext): TileView => {
  const { camera } = tile;
  const { language, zone } = context;
  const texts = TEXTS[language].camera;
  const at = (moment: EpochMs): string => zoneMoment(moment, zone, language).time;
  const retry = camera.trouble?.retryAt === undefined ? texts.noRetry : texts.retryAt(at(camera.trouble.retryAt));
  return {
    id: camera.id,
    name: camera.name,
    isDemo: camera.isDemo,
    state: tileState(camera),
    since: at(camera.since),
    calmAtMs: camera.episode?.calmAt ?? 0,
    calmPeriodMs: camera.calmPeriod,
    trouble: camera.trouble && camera.sight === 'blind' ? noteOf(camera.trouble, null, retry, language) : null,
    missed: camera.missed ? noteOf(camera.missed, texts.missed(at(camera.missed.at)), null, language) : null,
    latest,
    photosToday: tile.photosToday,
  };
};

const said = (text: string, tone: SentencePart['tone'] = null, href: string | null = null): SentencePart => ({
  text,
  tone,
  href,
});

export const stateSentence = (cameras: readonly CameraStatus[], context: TileContext): readonly SentencePart[] => {
  const texts = TEXTS[context.language];
  const { sentence } = texts;
  const remedy = (camera: CameraStatus): SentencePart => said(sentence.remedy, null, `/#camera-${camera.id}`);
  const only = cameras.length === 1 ? cameras[0] : undefined;
  if (cameras.length === 0) return [said(sentence.none, 'bad')];
  if (only) {
    const state = tileState(only);
    if (state === 'blind') {
      const since = zoneMoment(only.since, context.zone, context.language).time;
      return [said(sentence.blind(since), 'bad'), remedy(only)];
    }
    if (state === 'starting') return [said(sentence.starting, 'waiting')];
    return [said(sentence.seeing, 'good'), said(texts.camera[state].toLowerCase())];
  }
  const count = (sight: CameraStatus['sight']): number => cameras.filter((camera) => camera.sight === sight).length;
  const [seeing, blind, starting] = [count('seeing'), count('blind'), count('starting')];
  if (seeing === cameras.length) return [said(sentence.seeingAll(seeing), 'good')];
  const firstBlind = cameras.find((camera) => camera.sight === 'blind');
  return [
    ...(blind > 0 ? [said(sentence.blindSome(blind), 'bad')] : []),
    ...(starting > 0 ? [said(sentence.startingSome(starting), 'waiting')] : []),
    said(sentence.seeingSome(seeing, cameras.length)),
    ...(firstBlind ? [remedy(firstBlind)] : []),
  ];
};
