// Which rows of the Runs page are shown.

import type { TableRow } from "./schema";
import { frameworkWord, LEVELS, type Level, ruleWord, stateWord, taskWord } from "./words";

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

export function isKind({ run }: TableRow, kind: Kind): boolean {
  return kind === "running" ? run.state === "running" : run.health.level === kind;
}

/** The kinds written in the address, unknown ones ignored. */
export function readKinds(text: string | undefined): Kind[] {
  const chosen = (text ?? "").split(",");
  return KINDS.filter((kind) => chosen.includes(kind));
}

/** Rows that hold every word of the text and are of any of the kinds; no kind means all. */
export function filterRows(
  rows: readonly TableRow[],
  text: string,
  kinds: readonly Kind[],
): TableRow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (kinds.length > 0 && !kinds.some((kind) => isKind(row, kind))) return false;
    if (words.length === 0) return true;
    const searched = searchedText(row);
    return words.every((word) => searched.includes(word));
  });
}

function searchedText({ run }: TableRow): string {
  return [
    run.name,
    run.headline,
    taskWord(run.task),
    run.framework,
    frameworkWord(run.framework),
    stateWord(run.state),
    LEVELS[run.health.level]?.word ?? run.health.level,
    run.health.rule ? ruleWord(run.health.rule) : "",
  ]
    .join("\n")
    .toLowerCase();
}
