// What every page has around it, for whoever asks: the state sentence, what may be done, the time it was made.

import type { FastifyRequest } from 'fastify';
import type { Language } from '../../domain/errors.ts';
import type { WebDeps } from '../deps.ts';
import { namedCameras } from '../status.ts';
import { zoneMoment } from '../time-text.ts';
import { requestLanguage } from '../visit.ts';
import type { FrameView, Section, SentencePart } from '../wire-pages.ts';
import { stateSentence } from './camera.ts';
import { pushedSentence } from './senders.ts';

export interface FrameWish {
  readonly title: string;
  readonly address: string;
  readonly section: Section | null;
  /** What is said after the state of the cameras. */
  readonly also?: readonly SentencePart[];
}

/** Who asks, in which language, at what time: what every page is made for. */
export interface Visit {
  readonly language: Language;
  readonly deps: WebDeps;
  readonly today: string;
  readonly request: FastifyRequest;
}

/** @param deps narrowed to what whoever asks can see */
export const visitOf = (request: FastifyRequest, deps: WebDeps): Visit => {
  const language = requestLanguage(request, deps.language);
  return { language, deps, request, today: zoneMoment(deps.clock.now().wall, deps.zone, language).day };
};

export const frameOf = (visit: Visit, wish: FrameWish): FrameView => {
  const { language, deps, request, today } = visit;
  const now = deps.clock.now().wall;
  const status = deps.status();
  const { cameras } = status;
  const senders = pushedSentence(visit);
  // A site where every camera sends by itself watches none, and lacks none.
  const isWatching = cameras.length > 0 || senders.length === 0;
  return {
    language,
    version: deps.version,
    isDemo: deps.isDemo,
    title: wish.title,
    address: wish.address,
    section: wish.section,
    sentence: [
      ...(isWatching ? stateSentence(cameras, { language, zone: deps.zone, now }) : []),
      ...senders,
      ...(wish.also ?? []),
    ],
    isLive: true,
    nowMs: now,
    asOf: zoneMoment(now, deps.zone, language).time,
    today,
    may: request.principal.permissions,
    isGuest: false,
    canLogIn: deps.auth !== undefined && request.principal.kind === 'visitor',
    hasManyCameras: namedCameras(status).length > 1,
  };
};

/** Around a page for somebody who is told nothing of the site: no cameras, no sentence, no live events. */
export const strangerFrame = (
  deps: WebDeps,
  wish: { readonly language: Language; readonly title: string; readonly address: string; readonly isGuest: boolean },
): FrameView => {
  const now = deps.clock.now().wall;
  const { time, day } = zoneMoment(now, deps.zone, wish.language);
  return {
    ...wish,
    version: wish.isGuest ? '' : deps.version,
    isDemo: false,
    section: null,
    sentence: [],
    isLive: false,
    nowMs: now,
    asOf: time,
    today: day,
    may: [],
    canLogIn: false,
    hasManyCameras: false,
  };
};
