// One number of the heat map. It is a button, so that its sentence can be had by pointer, keyboard and touch.

import type { ComponentChildren } from "preact";

interface Props {
  sentence: string;
  /** Has the sentence shown. */
  say: () => void;
  /** The one cell that the tab key goes to; arrow keys go to the others. */
  stop?: boolean;
  children: ComponentChildren;
}

export function CellButton({ sentence, say, stop = false, children }: Props) {
  return (
    <button
      type="button"
      class="cell"
      tabIndex={stop ? 0 : -1}
      aria-label={sentence}
      onFocus={say}
      onPointerEnter={say}
      onClick={say}
      onKeyDown={walk}
    >
      {children}
    </button>
  );
}

const WAYS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrow keys move the focus, and the tab stop with it. */
function walk(event: KeyboardEvent & { currentTarget: HTMLButtonElement }): void {
  const way = WAYS[event.key];
  const from = event.currentTarget;
  const cell = from.closest("td");
  const row = cell?.closest("tr");
  const table = cell?.closest("table");
  if (!way || !cell || !row || !table) return;
  const next = table.rows[row.rowIndex + way[0]]?.cells[cell.cellIndex + way[1]];
  const to = next?.querySelector<HTMLButtonElement>("button.cell");
  event.preventDefault();
  if (!to) return;
  from.tabIndex = -1;
  to.tabIndex = 0;
  to.focus();
}
