// Which rows of the Runs page are shown.

import type { Filter, Known } from "./filter_terms";
import type { TableRow } from "./schema";
import type { Level } from "./words";

/** What a chip counts: a level of health, or the runs that are training now. */
export type Kind = Level | "running";

export const KINDS: readonly Kind[] = [
  "critical",
  "warning",
  "info",
  "ok",
  "no_verdict",
  "running",
];

export function isKind({ state, health }: TableRow, kind: Kind): boolean {
  return kind === "running" ? state === "running" : health.level === kind;
}

/** The kinds written in the address, unknown ones ignored. */
export function readKinds(text: string | undefined): Kind[] {
  const chosen = (text ?? "").split(",");
  return KINDS.filter((kind) => chosen.includes(kind));
}

/** Rows that pass every test and are of any of the kinds; no kind means all. */
export function filterRows(
  rows: readonly TableRow[],
  { tests }: Filter,
  kinds: readonly Kind[],
  known: Known,
): TableRow[] {
  return rows.filter(
    (row) =>
      (kinds.length === 0 || kinds.some((kind) => isKind(row, kind))) &&
      tests.every((test) => test(row, known)),
  );
}
