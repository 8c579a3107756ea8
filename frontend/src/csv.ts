// Text for spreadsheets.

type Cell = string | number | null | undefined;

export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((cells) => `${cells.map(written).join(",")}\r\n`).join("");
}

/** A stranger's text, such as a name of a class: a spreadsheet must neither split nor run it. */
function written(cell: Cell): string {
  if (typeof cell !== "string") return String(cell ?? "");
  const harmless = /^\s*[=+@＝＋－＠-]/.test(cell) ? `'${cell}` : cell;
  return `"${harmless.replace(/"/g, '""')}"`;
}
