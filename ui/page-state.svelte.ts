import type { PageView } from '../src/web/wire-pages.ts';

/** What the page is drawn from now. Replaced whole: the components find out what differs. */
export interface PageState {
  view: PageView;
}

export const pageState = (first: PageView): PageState => {
  let view = $state.raw(first);
  return {
    get view() {
      return view;
    },
    set view(next) {
      view = next;
    },
  };
};
