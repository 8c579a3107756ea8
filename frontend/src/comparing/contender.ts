// The runs of a comparison and what each is drawn with: colour, dash and a short name, in the order of the page.

import { useEffect, useMemo } from "preact/hooks";
import { runPath } from "../api";
import { ownParts } from "../names";
import { Poll } from "../poll";
import type { DetailedRun, ShowAnswer } from "../schema";

export interface Contender {
  name: string;
  /** The part of the name that tells it from the others, not longer than fits beside a line. */
  short: string;
  color: string;
  dash: number[] | undefined;
  /** Null until it has been read. */
  run: DetailedRun | null;
  /** Why it could not be read, null where it could. */
  trouble: string | null;
}

/** Each differs from its neighbours by more than its colour. */
const STYLES: readonly { color: string; dash?: number[] }[] = [
  { color: "train" },
  { color: "val-text", dash: [6, 4] },
  { color: "metric-1" },
  { color: "metric-5", dash: [6, 4] },
  { color: "metric-2", dash: [2, 3] },
  { color: "text", dash: [8, 3, 2, 3] },
  { color: "muted" },
  { color: "warning", dash: [2, 3] },
];

/** More runs than this are more lines than an eye can follow. */
export const MOST = STYLES.length;

/** Characters beside the end of a line. */
const SHORT = 16;

export function contenders(names: readonly string[], read: readonly Read[]) {
  const starts = ownParts(names);
  const own = names.map((name) => name.slice(starts.get(name) ?? 0));
  const shared = sharedStart(own);
  return names.map((name, index): Contender => {
    const rest = own[index]?.slice(shared) ?? name;
    const short = rest.length > SHORT ? `…${rest.slice(1 - SHORT)}` : rest;
    const { color, dash } = STYLES[index % MOST] ?? { color: "text" };
    return { name, short, color, dash, run: null, trouble: null, ...read[index] };
  });
}

/** Characters that all begin with, up to the end of a word. */
function sharedStart([first = "", ...others]: readonly string[]): number {
  let same = 0;
  while (same < first.length && others.every((other) => other[same] === first[same])) same++;
  return first.slice(0, same).search(/[^_\-. ]*$/);
}

type Read = Pick<Contender, "run" | "trouble">;

/** Every run as its own page has it. */
export function useRuns(names: readonly string[]): Read[] {
  const polls = useMemo(
    () => names.map((name) => new Poll<ShowAnswer>(runPath(name))),
    [names.join("\n")],
  );
  useEffect(() => {
    const stops = polls.map((poll) => poll.start());
    return () => {
      for (const stop of stops) stop();
    };
  }, [polls]);
  return polls.map(({ answer, trouble }) => ({
    run: answer.value?.run ?? null,
    trouble: trouble.value?.error.message ?? null,
  }));
}
