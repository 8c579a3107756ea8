import { evidence, runMarks } from "../charts/marks";
import type { Picture } from "../charts/picture";
import type { DetailedRun } from "../schema";
import type { View } from "../view";

type Own = Pick<Picture, "lines" | "better" | "format"> & Partial<Picture>;

/** A chart of a run over its epochs, with its marks; the evidence of the shown finding takes the place of other bands. */
export function runPicture(run: DetailedRun, view: View, own: Own): Picture {
  const { spotlight, band } = evidence(run, view);
  return {
    axis: run.axis,
    epochs: run.series.epoch,
    gap: false,
    ...own,
    bands: spotlight ? band : (own.bands ?? []),
    marks: [...runMarks(run), ...(own.marks ?? [])],
    spotlight,
  };
}
