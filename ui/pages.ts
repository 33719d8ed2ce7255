// Every page's component, for the server. The browser loads the one it shows (client.ts).

import type { Component } from 'svelte';
import type { PageData, PageName } from '../src/web/wire-pages.ts';
import Account from './pages/Account.svelte';
import Add from './pages/Add.svelte';
import Audit from './pages/Audit.svelte';
import Camera from './pages/Camera.svelte';
import Cameras from './pages/Cameras.svelte';
import Config from './pages/Config.svelte';
import Episode from './pages/Episode.svelte';
import Health from './pages/Health.svelte';
import Inbox from './pages/Inbox.svelte';
import InboxCamera from './pages/InboxCamera.svelte';
import Ledger from './pages/Ledger.svelte';
import Mask from './pages/Mask.svelte';
import Notifications from './pages/Notifications.svelte';
import Now from './pages/Now.svelte';
import Offline from './pages/Offline.svelte';
import Photos from './pages/Photos.svelte';
import Search from './pages/Search.svelte';
import Setup from './pages/Setup.svelte';
import Share from './pages/Share.svelte';
import Storage from './pages/Storage.svelte';
import System from './pages/System.svelte';
import Trouble from './pages/Trouble.svelte';
import Tune from './pages/Tune.svelte';
import Users from './pages/Users.svelte';

export type PageComponent<Name extends PageName = PageName> = Component<{ data: PageData[Name] }>;

export const PAGES = {
  account: Account,
  audit: Audit,
  health: Health,
  storage: Storage,
  users: Users,
  notifications: Notifications,
  cameras: Cameras,
  episode: Episode,
  inbox: Inbox,
  'inbox-camera': InboxCamera,
  ledger: Ledger,
  search: Search,
  now: Now,
  photos: Photos,
  share: Share,
  camera: Camera,
  setup: Setup,
  add: Add,
  tune: Tune,
  mask: Mask,
  system: System,
  offline: Offline,
  config: Config,
  trouble: Trouble,
} as unknown as Readonly<Record<PageName, PageComponent>>;
