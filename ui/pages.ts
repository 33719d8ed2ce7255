// Every page's component, for the server. The browser loads the one it shows (client.ts).

import type { Component } from 'svelte';
import type { PageData, PageName } from '../src/web/wire-pages.ts';
import Cameras from './pages/Cameras.svelte';
import Episode from './pages/Episode.svelte';
import Ledger from './pages/Ledger.svelte';
import Now from './pages/Now.svelte';
import Photos from './pages/Photos.svelte';
import Search from './pages/Search.svelte';
import Share from './pages/Share.svelte';
import System from './pages/System.svelte';
import Trouble from './pages/Trouble.svelte';

export type PageComponent<Name extends PageName = PageName> = Component<{ data: PageData[Name] }>;

export const PAGES = {
  cameras: Cameras,
  episode: Episode,
  ledger: Ledger,
  search: Search,
  now: Now,
  photos: Photos,
  share: Share,
  system: System,
  trouble: Trouble,
} as unknown as Readonly<Record<PageName, PageComponent>>;
