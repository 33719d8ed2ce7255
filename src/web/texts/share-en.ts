import type { ShareTexts } from './share-type.ts';

export const shareEn: ShareTexts = {
  button: 'Share',
  shows: {
    episode: 'Whoever has the link sees the photos of this one happening, and nothing else.',
    day: 'Whoever has the link sees this camera’s photos of this one day, and nothing else.',
    camera: 'Whoever has the link sees all photos of this one camera, new ones too, and nothing else.',
  },
  lasts: 'The link works for',
  days: (days) => (days === 1 ? '1 day' : `${days} days`),
  make: 'Make the link',
  made: 'The link is shown this once. Take it back at any time under System.',
  copy: 'Copy',
  copied: 'Copied',
  close: 'Close',
  all: 'All links',
  until: (moment) => `Shared with you until ${moment}`,
  empty: 'There are no photos here any more.',
  back: 'All shared photos',
  gone: 'This link does not work any more',
  goneNote: 'It has run out or was taken back. Ask whoever sent it for a new one.',
  foot: 'Shared with Stillwatch',
};
