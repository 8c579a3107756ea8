// What stands in the Runs table from top to bottom: groups, and in each its runs.

import type { DataGroup, TableRow } from "../../schema";
import { mainLabel } from "../columns";

/** By what rows are put together; the address names it. */
export const WAYS = ["data", "folder", "model", "nothing"] as const;
export type Way = (typeof WAYS)[number];

export function readWay(text: string | undefined): Way {
  return WAYS.find((way) => way === text) ?? "data";
}

/** The first line of a group: what its runs share, and what is known of that. */
export interface Group {
  key: string;
  label: string;
  said: string;
  runs: number;
}

export type Item =
  | { key: string; group: Group; row?: never }
  | { key: string; row: TableRow; group?: never };

const KNOWN: Record<DataGroup["known"], string> = {
  images: "validation images proven the same",
  named: "same data file name; whether all validated the same images is not known",
  unknown: "not known whether they validated the same images, so they are not ranked",
};

/** Rows keep their order within a group; data groups that of the server, others that of their first row. */
export function itemsOf(
  rows: readonly TableRow[],
  way: Way,
  data: readonly DataGroup[],
  first: string | null,
): Item[] {
  const groups = together(rows, (row) => shared(row, way));
  if (way === "data") groups.sort(([a], [b]) => (a?.data ?? 0) - (b?.data ?? 0));
  return groups.flatMap((members) => {
    const lines = pinned(members, first).map((row): Item => ({ key: `run ${row.name}`, row }));
    const [head] = members;
    if (way === "nothing" || !head) return lines;
    const key = shared(head, way);
    const group: Group = { key: `group ${key}`, runs: lines.length, ...described(key, way, data) };
    return [{ key: group.key, group }, ...lines];
  });
}

function shared(row: TableRow, way: Way): string {
  if (way === "data") return String(row.data);
  if (way === "model") return row.model ?? "";
  return way === "folder" ? row.name.slice(0, row.name.lastIndexOf("/") + 1) : "";
}

function described(key: string, way: Way, data: readonly DataGroup[]) {
  if (way === "folder") return { label: key || "the logdir itself", said: "" };
  if (way === "model") return { label: key || "model not recorded", said: "" };
  const group = data[Number(key)];
  return { label: group?.label ?? "data unknown", said: KNOWN[group?.known ?? "unknown"] };
}

/** The baseline before the others of its group. */
function pinned(rows: readonly TableRow[], first: string | null): readonly TableRow[] {
  const found = rows.find(({ name }) => name === first);
  return found ? [found, ...rows.filter((row) => row !== found)] : rows;
}

/** The place of each run among all that were measured alike on the same data; alone, none has one. */
export function ranksOf(
  rows: readonly TableRow[],
  data: readonly DataGroup[],
): ReadonlyMap<string, number> {
  const ranked = rows.filter(
    (row) => data[row.data]?.known !== "unknown" && row.main_metric?.value != null,
  );
  const ranks = new Map<string, number>();
  for (const rivals of together(ranked, (row) => `${row.data} ${mainLabel(row.main_metric)}`)) {
    if (rivals.length < 2) continue;
    const values = rivals.map(mainValue);
    const places = new Map(values.sort((a, b) => a - b).map((value, at) => [value, at]));
    for (const row of rivals) {
      ranks.set(row.name, rivals.length - (places.get(mainValue(row)) ?? 0));
    }
  }
  return ranks;
}

/** Rows of the same key, in the order in which they first appear. */
function together(rows: readonly TableRow[], key: (row: TableRow) => string): TableRow[][] {
  const members = new Map<string, TableRow[]>();
  for (const row of rows) {
    const known = members.get(key(row));
    if (known) known.push(row);
    else members.set(key(row), [row]);
  }
  return [...members.values()];
}

function mainValue({ main_metric: main }: TableRow): number {
  return main?.value ?? 0;
}

/** Whether rows that stand below one another were measured on different data. */
export function mixed(rows: readonly TableRow[], way: Way): boolean {
  return way !== "data" && new Set(rows.map(({ data }) => data)).size > 1;
}
