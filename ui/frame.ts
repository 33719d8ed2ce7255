// What every component may ask for: the texts and the frame of the page it is on.

import { getContext, setContext } from 'svelte';
import type { Texts } from '../src/web/texts/type.ts';
import type { FrameView } from '../src/web/wire-pages.ts';

export interface Surroundings {
  readonly texts: Texts;
  readonly frame: FrameView;
}

const KEY = Symbol('surroundings');

export const surround = (surroundings: Surroundings): void => {
  setContext(KEY, surroundings);
};

export const surroundings = (): Surroundings => getContext<Surroundings>(KEY);
