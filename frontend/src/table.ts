import { signal } from "@preact/signals";
import { Poll } from "./poll";
import type { TableAnswer } from "./schema";

const SCANNING_MS = 1000;
const SETTLED_MS = 10_000;

/** The Runs page's data, kept while a run's page is open, so that the way back is instant. */
export const table = new Poll<TableAnswer>("./table", ({ progress }) =>
  progress.complete ? SETTLED_MS : SCANNING_MS,
);

/** The names of the runs as the Runs page showed them last, none before it was opened. */
export const listed = signal<readonly string[]>([]);
