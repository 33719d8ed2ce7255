// One camera's tile: the calm ring, what the camera sees, and if it does not, why and what to do. Blind never looks calm.

import { assertNever } from '../../domain/assert-never.ts';
import type { TimeZone } from '../../domain/civil-time.ts';
import { errorText, type Language } from '../../domain/errors.ts';
import type { StoredStill } from '../../domain/still.ts';
import { between, type EpochMs } from '../../domain/units.ts';
import { type Html, html } from '../html.ts';
import { type CameraStatus, sceneOf, type Trouble } from '../status.ts';
import { TEXTS } from '../texts.ts';
import { stillMoment, zoneMoment } from '../time-text.ts';
import type { Scene } from '../wire.ts';

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
export type TileState = Scene | 'blind' | 'starting';

export const tileState = (camera: CameraStatus): TileState => {
  const scene = sceneOf(camera);
  if (scene) return scene;
  return camera.sight === 'blind' ? 'blind' : 'starting';
};

/** How much of the calm period is left, in hundredths. */
const remaining = (camera: CameraStatus, now: EpochMs): number => {
  if (!camera.episode || camera.calmPeriod <= 0) return 0;
  return Math.round(
    (100 * Math.min(Math.max(0, between(now, camera.episode.calmAt)), camera.calmPeriod)) / camera.calmPeriod,
  );
};

/** Drawn by shape as well as by colour: full circle, running arc, dashes, hatched disc. */
const ring = (camera: CameraStatus, state: TileState, now: EpochMs): Html => {
  const arc = state === 'moving' ? remaining(camera, now) : 100;
  return html`<svg class="ring" viewBox="0 0 64 64" width="64" height="64" aria-hidden="true" focusable="false">
    ${
      state === 'blind' &&
      html`<defs><pattern id="hatch-${camera.id}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="ring-hatch" x1="0" y1="0" x2="0" y2="7" /></pattern></defs>
    <circle class="ring-disc" cx="32" cy="32" r="27" fill="url(#hatch-${camera.id})" />`
    }
    <circle class="ring-track" cx="32" cy="32" r="27" />
    ${state !== 'blind' && html`<circle class="ring-arc" cx="32" cy="32" r="27" pathLength="100"${arc < 100 && html` stroke-dasharray="${arc} 100"`} transform="rotate(-90 32 32)" />`}
    ${state !== 'blind' && state !== 'moving' && html`<circle class="ring-point" cx="32" cy="32" r="6" />`}
  </svg>`;
};

const note = (camera: CameraStatus, state: TileState, language: Language): string => {
  const texts = TEXTS[language].camera;
  switch (state) {
    case 'calm':
      return texts.calmNote(Math.round(camera.calmPeriod / 1000));
    case 'moving':
      return texts.movingNote;
    case 'taking':
      return texts.takingNote;
    case 'starting':
      return texts.startingNote;
    case 'blind':
      return texts.blindNote;
    default:
      return assertNever(state);
  }
};

const troubleNote = (trouble: Trouble, lead: string | undefined, tail: string | undefined, language: Language): Html =>
  html`<div class="trouble">
    <p>${lead && html`<strong>${lead}</strong> `}${errorText(trouble.code, trouble.facts, language)}</p>
    <p class="code">${tail && html`<span>${tail}</span> `}<code>${trouble.code}</code></p>
  </div>`;

export const cameraTile = (tile: Tile, context: TileContext): Html => {
  const { camera, latest } = tile;
  const { language, zone, now } = context;
  const texts = TEXTS[language].camera;
  const state = tileState(camera);
  const at = (moment: EpochMs): string => zoneMoment(moment, zone, language).time;
  const secondsLeft = camera.episode ? Math.ceil(Math.max(0, between(now, camera.episode.calmAt)) / 1000) : 0;
  const retry = camera.trouble?.retryAt === undefined ? texts.noRetry : texts.retryAt(at(camera.trouble.retryAt));
  return html`<li class="camera camera-${state}" id="camera-${camera.id}" data-camera="${camera.id}" data-state="${state}"${
    state === 'moving' &&
    html` data-calm-at="${camera.episode?.calmAt ?? 0}" data-calm-period="${camera.calmPeriod}" data-to-calm="${texts.secondsToCalm('{seconds}')}"`
  }>
  ${ring(camera, state, now)}
  <div class="camera-text">
    <h3>${camera.name}${camera.isDemo && html` <span class="demo-mark">${TEXTS[language].demo.title}</span>`}</h3>
    <p class="state"><strong>${texts[state]}</strong>${
      state === 'moving'
        ? html` <span class="countdown">${texts.secondsToCalm(String(secondsLeft))}</span>`
        : state === 'blind' && html` <span>${texts.since(at(camera.since))}</span>`
    }</p>
    <p class="state-note">${note(camera, state, language)}</p>
    ${camera.trouble && state === 'blind' && troubleNote(camera.trouble, undefined, retry, language)}
    ${camera.missed && troubleNote(camera.missed, texts.missed(at(camera.missed.at)), undefined, language)}
    <p class="camera-facts">${latest ? texts.latest(stillMoment(latest, language).time) : texts.noPhoto}${tile.photosToday > 0 && ` · ${texts.photosToday(tile.photosToday)}`}</p>
  </div>
</li>`;
};

const toTile = (camera: CameraStatus, text: string): Html => html`<a href="/#camera-${camera.id}">${text}</a>`;

/** The whole site in one sentence; what is not seen comes first in weight, whatever else is well. */
export const stateSentence = (cameras: readonly CameraStatus[], context: TileContext): Html => {
  const texts = TEXTS[context.language];
  const { sentence } = texts;
  const only = cameras.length === 1 ? cameras[0] : undefined;
  if (cameras.length === 0) return html`<strong class="is-bad">${sentence.none}</strong>`;
  if (only) {
    const state = tileState(only);
    if (state === 'blind') {
      const since = zoneMoment(only.since, context.zone, context.language).time;
      return html`<strong class="is-bad">${sentence.blind(since)}</strong> · ${toTile(only, sentence.remedy)}`;
    }
    if (state === 'starting') return html`<strong class="is-waiting">${sentence.starting}</strong>`;
    return html`<strong class="is-good">${sentence.seeing}</strong> · ${texts.camera[state].toLowerCase()}`;
  }
  const count = (sight: CameraStatus['sight']): number => cameras.filter((camera) => camera.sight === sight).length;
  const [seeing, blind, starting] = [count('seeing'), count('blind'), count('starting')];
  if (seeing === cameras.length) return html`<strong class="is-good">${sentence.seeingAll(seeing)}</strong>`;
  const firstBlind = cameras.find((camera) => camera.sight === 'blind');
  return html`${blind > 0 && html`<strong class="is-bad">${sentence.blindSome(blind)}</strong> · `}${
    starting > 0 && html`<strong class="is-waiting">${sentence.startingSome(starting)}</strong> · `
  }${sentence.seeingSome(seeing, cameras.length)}${firstBlind && html` · ${toTile(firstBlind, sentence.remedy)}`}`;
};
