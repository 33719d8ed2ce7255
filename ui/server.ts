// Draws a page on the server: the same components as in the browser.

import { render } from 'svelte/server';
import { da } from '../src/web/texts/da.ts';
import { en } from '../src/web/texts/en.ts';
import type { PageView } from '../src/web/wire-pages.ts';
import App from './App.svelte';
import { PAGES } from './pages.ts';

/** @returns what goes into the page's `<div id="app">` */
export const draw = (view: PageView): string =>
  render(App, { props: { view, page: PAGES[view.page], texts: view.frame.language === 'da' ? da : en } }).body;
