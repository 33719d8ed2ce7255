const WIDTHS = [320, 640, 1280];

/** The widths a photo can be had in, and the whole one. */
export const sourceSet = (photo: { readonly url: string; readonly width: number }): string => {
  const scaled = WIDTHS.filter((width) => width < photo.width).map((width) => `${photo.url}?w=${width} ${width}w`);
  return [...scaled, ...(photo.width > 0 ? [`${photo.url} ${photo.width}w`] : [])].join(', ');
};
