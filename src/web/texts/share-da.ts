import type { ShareTexts } from './share-type.ts';

export const shareDa: ShareTexts = {
  button: 'Del',
  shows: {
    episode: 'Den, der har linket, ser billederne af denne ene hændelse og intet andet.',
    day: 'Den, der har linket, ser kameraets billeder fra denne ene dag og intet andet.',
    camera: 'Den, der har linket, ser alle billeder fra dette ene kamera, også nye, og intet andet.',
  },
  lasts: 'Linket virker i',
  days: (days) => (days === 1 ? '1 dag' : `${days} dage`),
  make: 'Lav linket',
  made: 'Linket vises kun denne ene gang. Du kan altid tage det tilbage under System.',
  copy: 'Kopiér',
  copied: 'Kopieret',
  close: 'Luk',
  all: 'Alle links',
  until: (moment) => `Delt med dig indtil ${moment}`,
  empty: 'Her er ikke længere nogen billeder.',
  back: 'Alle delte billeder',
  gone: 'Linket virker ikke længere',
  goneNote: 'Det er udløbet eller taget tilbage. Bed den, der sendte det, om et nyt.',
  foot: 'Delt med Stillwatch',
};
