// The runs as they are shown, as files for other programs.

import { csv } from "../../csv";
import { place } from "../../place";
import type { TableRow } from "../../schema";
import { type Column, type Context, titleOf } from "../columns";

type Value = string | number | null;
type Line = Record<string, Value>;

export interface Shown {
  rows: readonly TableRow[];
  columns: readonly Column[];
  context: Context;
}

/** Each format by the end of its file's name. */
export const FORMATS: Record<string, { title: string; text: (shown: Shown) => string }> = {
  csv: { title: "CSV", text: asCsv },
  json: { title: "JSON", text: (shown) => `${JSON.stringify(linesOf(shown), null, 2)}\n` },
  md: { title: "Markdown", text: asMarkdown },
};

function linesOf({ rows, columns, context }: Shown): Line[] {
  return rows.map((row) => {
    const line: Line = { Run: row.name };
    for (const column of columns) {
      Object.assign(
        line,
        column.exported?.(row, context) ?? {
          [titleOf(column, context)]: column.order(row, context),
        },
      );
    }
    return { ...line, Headline: row.headline, Next: row.step };
  });
}

function asCsv(shown: Shown): string {
  const lines = linesOf(shown);
  const titles = Object.keys(lines[0] ?? {});
  return csv([titles, ...lines.map((line) => titles.map((title) => line[title]))]);
}

function asMarkdown(shown: Shown): string {
  const lines = linesOf(shown);
  const titles = Object.keys(lines[0] ?? {});
  const row = (cells: Value[]) => `| ${cells.map(markdownCell).join(" | ")} |\n`;
  return (
    row(titles) +
    row(titles.map(() => "---")) +
    lines.map((line) => row(titles.map((title) => line[title] ?? null))).join("")
  );
}

/** What a stranger wrote stays one cell and no markup. */
function markdownCell(value: Value): string {
  return String(value ?? "")
    .replace(/[\\`*_[\]<>|]/g, "\\$&")
    .replace(/\s+/g, " ");
}

export function fileName(ending: string): string {
  return `runs${place.value.q ? "-filtered" : ""}.${ending}`;
}
