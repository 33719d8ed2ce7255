// The pictograms: Lucide (ISC), only those that are used, as the inside of an SVG.

import camera from 'lucide-static/icons/camera.svg?raw';
import cameras from 'lucide-static/icons/cctv.svg?raw';
import left from 'lucide-static/icons/chevron-left.svg?raw';
import right from 'lucide-static/icons/chevron-right.svg?raw';
import now from 'lucide-static/icons/circle-dot.svg?raw';
import download from 'lucide-static/icons/download.svg?raw';
import photos from 'lucide-static/icons/images.svg?raw';
import mask from 'lucide-static/icons/layers.svg?raw';
import search from 'lucide-static/icons/search.svg?raw';
import send from 'lucide-static/icons/send.svg?raw';
import share from 'lucide-static/icons/share-2.svg?raw';
import system from 'lucide-static/icons/sliders-horizontal.svg?raw';
import star from 'lucide-static/icons/star.svg?raw';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import undo from 'lucide-static/icons/undo-2.svg?raw';

const inside = (svg: string): string => /<svg[^>]*>([\s\S]*)<\/svg>/.exec(svg)?.[1]?.replace(/\s+/g, ' ') ?? '';

const SOURCES = {
  camera,
  cameras,
  download,
  left,
  mask,
  now,
  photos,
  right,
  search,
  share,
  send,
  star,
  system,
  trash,
  undo,
};

export type IconName = keyof typeof SOURCES;

export const iconBody = (name: IconName): string => inside(SOURCES[name]);
