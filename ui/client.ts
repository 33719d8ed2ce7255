// Takes a drawn page over and keeps it up to date: listens to the live events, asks for what the page is drawn from when
// something changed, and lets the same components put in what differs. Without this script every page is complete, only not live.

import { hydrate } from 'svelte';
import type { PageName, PageView } from '../src/web/wire-pages.ts';
import App from './App.svelte';
import { onChanged } from './changed.ts';
import { moveCalm, runClock, setServerTime } from './clock.svelte.ts';
import { connect } from './events.ts';
import { pageState } from './page-state.svelte.ts';
import type { PageComponent } from './pages.ts';
import { refresher } from './refresh.ts';

const LOADERS: Readonly<Record<PageName, () => Promise<{ default: unknown }>>> = {
  episode: () => import('./pages/Episode.svelte'),
  account: () => import('./pages/Account.svelte'),
  audit: () => import('./pages/Audit.svelte'),
  health: () => import('./pages/Health.svelte'),
  storage: () => import('./pages/Storage.svelte'),
  users: () => import('./pages/Users.svelte'),
  cameras: () => import('./pages/Cameras.svelte'),
  inbox: () => import('./pages/Inbox.svelte'),
  'inbox-camera': () => import('./pages/InboxCamera.svelte'),
  ledger: () => import('./pages/Ledger.svelte'),
  search: () => import('./pages/Search.svelte'),
  now: () => import('./pages/Now.svelte'),
  share: () => import('./pages/Share.svelte'),
  offline: () => import('./pages/Offline.svelte'),
  notifications: () => import('./pages/Notifications.svelte'),
  photos: () => import('./pages/Photos.svelte'),
  camera: () => import('./pages/Camera.svelte'),
  setup: () => import('./pages/Setup.svelte'),
  add: () => import('./pages/Add.svelte'),
  tune: () => import('./pages/Tune.svelte'),
  mask: () => import('./pages/Mask.svelte'),
  config: () => import('./pages/Config.svelte'),
  system: () => import('./pages/System.svelte'),
  trouble: () => import('./pages/Trouble.svelte'),
};

/** Browsers allow it over HTTPS and on this machine only; elsewhere everything works but without a connection nothing is shown. */
const keepForOffline = (): void => {
  const version = new URL(import.meta.url).pathname.replace(/^.*\/|\.js$/g, '');
  navigator.serviceWorker?.register(`/sw.js?v=${version}`).catch(() => undefined);
};

const start = async (): Promise<void> => {
  const target = document.getElementById('app');
  const view = JSON.parse(document.getElementById('view')?.textContent ?? 'null') as PageView | null;
  if (!target || !view) return;
  const [page, texts] = await Promise.all([
    LOADERS[view.page]().then((loaded) => loaded.default as PageComponent),
    view.frame.language === 'da'
      ? import('../src/web/texts/da.ts').then(({ da }) => da)
      : import('../src/web/texts/en.ts').then(({ en }) => en),
  ]);
  const state = pageState(view);
  hydrate(App, {
    target,
    props: {
      get view() {
        return state.view;
      },
      page,
      texts,
    },
  });
  document.documentElement.classList.add('has-script');
  if (!view.frame.isGuest) keepForOffline();
  if (!view.frame.isLive) return;
  setServerTime(view.frame.nowMs);
  runClock();
  const refresh = refresher(state, texts);
  onChanged(refresh);
  connect({
    onClock: setServerTime,
    onCamera: (change) => {
      if (change.isOnlyCountdown && change.calmAtMs !== null) moveCalm(change.camera, change.calmAtMs);
      else refresh();
    },
    onStill: () => refresh(),
    onSender: () => refresh(),
    // After a break anything may have happened: the page itself is the truth.
    onBack: () => refresh(),
    onLost: (isLost) => {
      const note = document.getElementById('lost');
      if (note) note.hidden = !isLost;
      document.documentElement.classList.toggle('is-lost', isLost);
    },
  });
};

void start();
