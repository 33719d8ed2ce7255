// Asks the page's own address for what it is drawn from, and puts it in: what is the same stays, with its focus and its scroll.

import { tick } from 'svelte';
import type { Texts } from '../src/web/texts/type.ts';
import type { NewestView, PageMediaType, PageView } from '../src/web/wire-pages.ts';
import type { PageState } from './page-state.svelte.ts';
import { sourceSet } from './source-set.ts';

/** Milliseconds. A blind camera that comes and goes, or a burst of photos, is one refresh. */
const GATHER = 120;
const PAGE: PageMediaType = 'application/vnd.stillwatch.page+json';

const newestOf = ({ data }: PageView): NewestView | null => (data !== null && 'newest' in data ? data.newest : null);

/** Decodes the photo that is about to be the large one, so that it replaces the old one at once instead of piece by piece. */
const decodeFirst = async (photo: NewestView): Promise<void> => {
  const ahead = new Image();
  ahead.sizes = '(max-width: 900px) 100vw, 70vw';
  ahead.srcset = sourceSet(photo);
  ahead.src = `${photo.url}?w=1280`;
  await ahead.decode().catch(() => undefined);
};

const fetchView = async (state: PageState, texts: Texts): Promise<void> => {
  const answer = await fetch(state.view.frame.address, { headers: { accept: PAGE }, cache: 'no-store' });
  if (!answer.ok) return;
  const view = (await answer.json()) as PageView;
  if (view.page !== state.view.page) return;
  const before = newestOf(state.view)?.id;
  const newest = newestOf(view);
  const isNew = newest !== null && newest.id !== before;
  if (isNew) await decodeFirst(newest);
  state.view = view;
  await tick();
  const said = document.getElementById('said');
  if (isNew && said) said.textContent = texts.live.arrived(newest.time);
};

/** @returns asks for a refresh; those asked for while one runs become one more */
export const refresher = (state: PageState, texts: Texts): (() => void) => {
  let isRunning = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    while (isWanted) {
      await new Promise((resolve) => setTimeout(resolve, GATHER));
      isWanted = false;
      // A server that is away is the connection's to tell; it refreshes when it is back.
      await fetchView(state, texts).catch(() => undefined);
    }
    isRunning = false;
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
};
