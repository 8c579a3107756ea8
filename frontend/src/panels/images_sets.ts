// The pictures of a section in sets: those of the same images are looked at together.

import { picturePath } from "../api";
import type { Item } from "../components/picture_pane";
import type { DetailedRun, Picture } from "../schema";

export type PictureSet = readonly Picture[];

export function setsOf(pictures: readonly Picture[]): PictureSet[] {
  const found = new Map<string, Picture[]>();
  for (const picture of pictures) {
    found.set(picture.same, [...(found.get(picture.same) ?? []), picture]);
  }
  return [...found.values()];
}

export function fullTitle({ title, label }: Picture): string {
  return label === null ? title : `${title}, ${label}`;
}

export function altOf(picture: Picture): string {
  return `${fullTitle(picture)} (${picture.id})`;
}

/** iteration 2, F1 0.690 */
export function labelOf({ title, label, measured }: Picture): string {
  return [label ?? title, measured].filter(Boolean).join(", ");
}

export function itemsOf(run: DetailedRun, set: PictureSet): Item[] {
  return set.map((picture) => ({
    label: labelOf(picture),
    src: picturePath(run.name, picture.id),
    alt: altOf(picture),
    written: run.time.updated,
  }));
}
