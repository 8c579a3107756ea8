// What the panels of one Run page share while it is open.

import { type Signal, signal } from "@preact/signals";
import type { DetailedRun, Finding } from "./schema";

/** First and last epoch, both included. */
export type Span = readonly [number, number];

export interface View {
  /** Names this page's charts, whose pointers move together. */
  readonly id: string;
  /** The epochs that the charts show; null is all. */
  readonly zoom: Signal<Span | null>;
  /** The row under the pointer. */
  readonly cursor: Signal<number | null>;
  /** The key of the finding whose evidence the charts show. */
  readonly shown: Signal<string | null>;
}

export interface KeyedFinding {
  key: string;
  finding: Finding;
}

let views = 0;

export function createView(): View {
  views += 1;
  return { id: `runlens-${views}`, zoom: signal(null), cursor: signal(null), shown: signal(null) };
}

/** Findings with keys that stay the same when a running training changes their numbers. */
export function keyed(findings: readonly Finding[]): KeyedFinding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const nth = seen.get(finding.rule) ?? 0;
    seen.set(finding.rule, nth + 1);
    return { key: `${finding.rule}-${nth}`, finding };
  });
}

export function shownFinding(run: DetailedRun, view: View): Finding | null {
  const shown = view.shown.value;
  return keyed(run.findings).find(({ key }) => key === shown)?.finding ?? null;
}
