// Every word the web shows, in English and Danish. A text missing in one language does not compile.

import type { Language } from '../domain/errors.ts';
import type { StillKind } from '../domain/still.ts';
import type { Refusal } from './access-policy.ts';

export interface Texts {
  readonly locale: string;
  /** The language's own name for itself. */
  readonly self: string;
  readonly nav: Readonly<Record<'label' | 'now' | 'photos' | 'skip' | 'language', string>>;
  readonly sentence: {
    readonly seeing: string;
    readonly seeingAll: (cameras: number) => string;
    readonly starting: string;
    readonly startingSome: (cameras: number) => string;
    readonly seeingSome: (seeing: number, all: number) => string;
    readonly blind: (time: string) => string;
    readonly blindSome: (cameras: number) => string;
    readonly remedy: string;
    readonly none: string;
  };
  readonly camera: {
    readonly heading: (cameras: number) => string;
    readonly starting: string;
    readonly calm: string;
    readonly moving: string;
    readonly taking: string;
    readonly blind: string;
    readonly since: (time: string) => string;
    readonly secondsToCalm: (seconds: string) => string;
    readonly calmNote: (seconds: number) => string;
    readonly movingNote: string;
    readonly takingNote: string;
    readonly startingNote: string;
    readonly blindNote: string;
    readonly retryAt: (time: string) => string;
    readonly noRetry: string;
    readonly missed: (time: string) => string;
    readonly latest: (time: string) => string;
    readonly noPhoto: string;
    readonly photosToday: (photos: number) => string;
  };
  readonly photo: {
    readonly newest: string;
    readonly alt: (camera: string, day: string, time: string) => string;
    readonly altDemo: (camera: string, day: string, time: string) => string;
    readonly demo: string;
    readonly full: string;
    readonly recent: string;
    readonly all: string;
    readonly size: (width: number, height: number) => string;
    readonly takenAfterCalm: (seconds: string) => string;
    readonly kinds: Readonly<Record<StillKind, string>>;
  };
  readonly photos: {
    readonly title: string;
    readonly count: (photos: number) => string;
    readonly today: string;
    readonly yesterday: string;
    readonly older: string;
    readonly newer: string;
    readonly newest: string;
    readonly pages: string;
    readonly days: string;
    readonly dayBefore: (day: string) => string;
    readonly dayAfter: (day: string) => string;
    readonly emptyDay: string;
  };
  readonly empty: {
    readonly title: string;
    readonly watching: (seconds: number) => string;
    readonly waiting: string;
  };
  readonly demo: { readonly title: string; readonly note: string };
  readonly live: {
    readonly asOf: (time: string) => string;
    readonly reload: string;
    readonly lost: string;
    readonly arrived: (time: string) => string;
  };
  readonly trouble: {
    readonly notFound: string;
    readonly notFoundNote: string;
    readonly badRequest: string;
    readonly badRequestNote: string;
    readonly failed: string;
    readonly failedNote: string;
    readonly busy: string;
    readonly busyNote: string;
    readonly refused: string;
    readonly refusedNote: Readonly<Record<Refusal, string>>;
    readonly refusedRemedy: string;
    readonly toStart: string;
    readonly noLatest: string;
    readonly noSuchCamera: string;
  };
  readonly foot: { readonly version: (version: string) => string };
}

const en: Texts = {
  locale: 'en-GB',
  self: 'English',
  nav: { label: 'Main', now: 'Now', photos: 'Photos', skip: 'Skip to content', language: 'Language' },
  sentence: {
    seeing: 'The camera sees',
    seeingAll: (cameras) => `${cameras} of ${cameras} cameras see`,
    starting: 'Connecting to the camera',
    startingSome: (cameras) => (cameras === 1 ? '1 camera is connecting' : `${cameras} cameras are connecting`),
    seeingSome: (seeing, all) => `${seeing} of ${all} cameras see`,
    blind: (time) => `Blind since ${time}`,
    blindSome: (cameras) => (cameras === 1 ? '1 camera is blind' : `${cameras} cameras are blind`),
    remedy: 'What to do',
    none: 'No camera is set up',
  },
  camera: {
    heading: (cameras) => (cameras === 1 ? 'Camera' : 'Cameras'),
    starting: 'Connecting',
    calm: 'Calm',
    moving: 'Something moves',
    taking: 'Taking the photo',
    blind: 'Blind',
    since: (time) => `since ${time}`,
    secondsToCalm: (seconds) => `${seconds} s to calm`,
    calmNote: (seconds) => `A photo follows when something has moved and then been calm for ${seconds} s.`,
    movingNote: 'The photo is taken when the ring has run out. It starts again each time something moves.',
    takingNote: 'The scene is calm again. The photo is on its way.',
    startingNote: 'Nothing is known of the scene before the first picture.',
    blindNote: 'What happens in front of this camera is not seen.',
    retryAt: (time) => `Next try at ${time}.`,
    noRetry: 'No automatic retry.',
    missed: (time) => `A photo was missed at ${time}.`,
    latest: (time) => `Latest photo ${time}`,
    noPhoto: 'No photo yet',
    photosToday: (photos) => (photos === 1 ? '1 photo today' : `${photos} photos today`),
  },
  photo: {
    newest: 'Newest photo',
    alt: (camera, day, time) => `Photo from ${camera}, ${day}, ${time}`,
    altDemo: (camera, day, time) => `Demo photo from ${camera}, ${day}, ${time}`,
    demo: 'DEMO',
    full: 'Full size',
    recent: 'Before that',
    all: 'All photos',
    size: (width, height) => `${width} × ${height}`,
    takenAfterCalm: (seconds) => `taken ${seconds} s after calm`,
    kinds: {
      calm: 'Calm again',
      before: 'Before',
      peak: 'Most motion',
      manual: 'Taken by hand',
      scheduled: 'On schedule',
      uploaded: 'Sent by the camera',
      recovered: 'Fetched afterwards',
      adopted: 'Found in the folder',
    },
  },
  photos: {
    title: 'Photos',
    count: (photos) => (photos === 1 ? '1 photo' : `${photos} photos`),
    today: 'Today',
    yesterday: 'Yesterday',
    older: 'Older',
    newer: 'Newer',
    newest: 'Newest',
    pages: 'Pages',
    days: 'Days',
    dayBefore: (day) => `← ${day}`,
    dayAfter: (day) => `${day} →`,
    emptyDay: 'No photos were taken on this day.',
  },
  empty: {
    title: 'No photos yet',
    watching: (seconds) =>
      `The first one comes by itself: when something moves and the scene has then been calm for ${seconds} s.`,
    waiting: 'The first one comes when the camera is seen, something moves and the scene is calm again.',
  },
  demo: {
    title: 'DEMO',
    note: 'This is the simulated camera. The scene is drawn; everything from the video stream onwards is the real program.',
  },
  live: {
    asOf: (time) => `As of ${time}`,
    reload: 'Reload',
    lost: 'No connection to Stillwatch. What you see here may have changed.',
    arrived: (time) => `New photo, ${time}`,
  },
  trouble: {
    notFound: 'There is nothing here',
    notFoundNote: 'The page or photo does not exist, or it has been removed.',
    badRequest: 'That address is not understood',
    badRequestNote: 'Part of the address has a form that is not known here.',
    failed: 'Something went wrong',
    failedNote: 'Stillwatch goes on watching. The log has the details.',
    busy: 'Too many viewers',
    busyNote: 'Close other windows that show this page, and try again.',
    refused: 'Only for this network',
    refusedNote: {
      elsewhere: 'You are not on the network where Stillwatch runs, so the photos are not shown.',
      proxied:
        'The request came through a proxy, so Stillwatch cannot know whether you are on its own network. The photos are not shown.',
      host: 'You used a name that also exists on the internet. So that no foreign web page can read the photos through your browser, Stillwatch only answers to its address, to a local name, or to localhost.',
    },
    refusedRemedy:
      'On the same network, open Stillwatch by its IP address. To show the photos to everyone who can reach it, its owner sets PUBLIC_VIEW=1 and restarts it.',
    toStart: 'To the front page',
    noLatest: 'No photo has been taken yet.',
    noSuchCamera: 'There is no camera by that name.',
  },
  foot: { version: (version) => `Stillwatch ${version}` },
};

const da: Texts = {
  locale: 'da-DK',
  self: 'Dansk',
  nav: { label: 'Hovedmenu', now: 'Nu', photos: 'Billeder', skip: 'Gå til indholdet', language: 'Sprog' },
  sentence: {
    seeing: 'Kameraet ser',
    seeingAll: (cameras) => `${cameras} af ${cameras} kameraer ser`,
    starting: 'Forbinder til kameraet',
    startingSome: (cameras) => (cameras === 1 ? '1 kamera forbinder' : `${cameras} kameraer forbinder`),
    seeingSome: (seeing, all) => `${seeing} af ${all} kameraer ser`,
    blind: (time) => `Blind siden ${time}`,
    blindSome: (cameras) => (cameras === 1 ? '1 kamera er blindt' : `${cameras} kameraer er blinde`),
    remedy: 'Hvad gør jeg?',
    none: 'Intet kamera er sat op',
  },
  camera: {
    heading: (cameras) => (cameras === 1 ? 'Kamera' : 'Kameraer'),
    starting: 'Forbinder',
    calm: 'Ro',
    moving: 'Noget bevæger sig',
    taking: 'Tager billedet',
    blind: 'Blind',
    since: (time) => `siden ${time}`,
    secondsToCalm: (seconds) => `${seconds} s til ro`,
    calmNote: (seconds) => `Der kommer et billede, når noget har bevæget sig, og der så har været ro i ${seconds} s.`,
    movingNote: 'Billedet tages, når ringen er løbet ud. Den starter forfra, hver gang noget bevæger sig.',
    takingNote: 'Der er ro igen. Billedet er på vej.',
    startingNote: 'Intet vides om stedet før det første billede.',
    blindNote: 'Det, der sker foran dette kamera, bliver ikke set.',
    retryAt: (time) => `Næste forsøg kl. ${time}.`,
    noRetry: 'Ingen automatiske forsøg.',
    missed: (time) => `Et billede gik tabt kl. ${time}.`,
    latest: (time) => `Seneste billede ${time}`,
    noPhoto: 'Intet billede endnu',
    photosToday: (photos) => (photos === 1 ? '1 billede i dag' : `${photos} billeder i dag`),
  },
  photo: {
    newest: 'Nyeste billede',
    alt: (camera, day, time) => `Billede fra ${camera}, ${day}, ${time}`,
    altDemo: (camera, day, time) => `Demobillede fra ${camera}, ${day}, ${time}`,
    demo: 'DEMO',
    full: 'Fuld størrelse',
    recent: 'Før det',
    all: 'Alle billeder',
    size: (width, height) => `${width} × ${height}`,
    takenAfterCalm: (seconds) => `taget ${seconds} s efter ro`,
    kinds: {
      calm: 'Ro igen',
      before: 'Før',
      peak: 'Mest bevægelse',
      manual: 'Taget i hånden',
      scheduled: 'Efter plan',
      uploaded: 'Sendt af kameraet',
      recovered: 'Hentet bagefter',
      adopted: 'Fundet i mappen',
    },
  },
  photos: {
    title: 'Billeder',
    count: (photos) => (photos === 1 ? '1 billede' : `${photos} billeder`),
    today: 'I dag',
    yesterday: 'I går',
    older: 'Ældre',
    newer: 'Nyere',
    newest: 'Nyeste',
    pages: 'Sider',
    days: 'Dage',
    dayBefore: (day) => `← ${day}`,
    dayAfter: (day) => `${day} →`,
    emptyDay: 'Der blev ikke taget billeder den dag.',
  },
  empty: {
    title: 'Ingen billeder endnu',
    watching: (seconds) =>
      `Det første kommer af sig selv: når noget bevæger sig, og der så har været ro i ${seconds} s.`,
    waiting: 'Det første kommer, når kameraet ser, noget bevæger sig, og der er ro igen.',
  },
  demo: {
    title: 'DEMO',
    note: 'Dette er det simulerede kamera. Stedet er tegnet; alt fra videostrømmen og frem er det rigtige program.',
  },
  live: {
    asOf: (time) => `Kl. ${time}`,
    reload: 'Genindlæs',
    lost: 'Ingen forbindelse til Stillwatch. Det, du ser her, kan have ændret sig.',
    arrived: (time) => `Nyt billede, ${time}`,
  },
  trouble: {
    notFound: 'Her er ikke noget',
    notFoundNote: 'Siden eller billedet findes ikke, eller det er fjernet.',
    badRequest: 'Adressen kan ikke forstås',
    badRequestNote: 'En del af adressen har en form, der ikke kendes her.',
    failed: 'Noget gik galt',
    failedNote: 'Stillwatch holder stadig øje. Loggen har detaljerne.',
    busy: 'For mange ser med',
    busyNote: 'Luk andre vinduer med denne side, og prøv igen.',
    refused: 'Kun for dette netværk',
    refusedNote: {
      elsewhere: 'Du er ikke på det netværk, hvor Stillwatch kører, så billederne vises ikke.',
      proxied:
        'Forespørgslen kom gennem en proxy, så Stillwatch kan ikke vide, om du er på dets eget netværk. Billederne vises ikke.',
      host: 'Du brugte et navn, som også findes på internettet. For at ingen fremmed hjemmeside kan læse billederne gennem din browser, svarer Stillwatch kun på sin adresse, et lokalt navn eller localhost.',
    },
    refusedRemedy:
      'På samme netværk: åbn Stillwatch med dets IP-adresse. Skal alle, der kan nå det, se billederne, sætter ejeren PUBLIC_VIEW=1 og genstarter det.',
    toStart: 'Til forsiden',
    noLatest: 'Der er ikke taget noget billede endnu.',
    noSuchCamera: 'Der er intet kamera med det navn.',
  },
  foot: { version: (version) => `Stillwatch ${version}` },
};

export const TEXTS: Readonly<Record<Language, Texts>> = { en, da };
