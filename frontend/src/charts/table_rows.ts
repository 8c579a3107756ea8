import { type Picture, positionsOf } from "./picture";

export interface TableRow {
  position: number;
  /** Of each line the row of its value there; -1 where it has none. */
  rows: readonly number[];
}

/** A picture as a table: a row for each position, with what each line has exactly there. */
export function tableRows(picture: Picture): TableRow[] {
  const found = picture.lines.map(
    (line) => new Map(positionsOf(picture, line).map((position, row) => [position, row])),
  );
  return picture.epochs.map((position) => ({
    position,
    rows: found.map((rows) => rows.get(position) ?? -1),
  }));
}
