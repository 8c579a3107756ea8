import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { RunName, StateMark } from "../components/facts";
import { SortHeader } from "../components/sort_header";
import { go, place } from "../place";
import type { TableRow } from "../schema";
import { type Direction, keepOrder, OPPOSITE, sortBy } from "../sort";
import { frameworkWord, stageWord, taskWord } from "../words";
import { belonging, COLUMNS, type Column, NAME, sharedMetric } from "./columns";

type Header = Omit<Column, "cell">;

interface Props {
  rows: readonly TableRow[];
  logdir: string;
  open: (run: string) => void;
}

/** Two lines a run: the values, and the headline that says what to do. */
export function RunsTable({ rows, logdir, open }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const ordered = useSteadyOrder(rows, table);
  useSteadyFocus(table);
  const sameMetric = sharedMetric(rows) !== null;
  return (
    <table class={sameMetric ? "runs same-metric" : "runs"} ref={table}>
      <colgroup>
        {[NAME, ...COLUMNS].map(({ key }) => (
          <col key={key} class={`column-${key}`} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {[NAME, ...COLUMNS].map((column) => (
            <ColumnHeader key={column.key} column={column} rows={rows} />
          ))}
        </tr>
      </thead>
      {ordered.map((row) => (
        <RunRow key={row.run.name} row={row} logdir={logdir} sameMetric={sameMetric} open={open} />
      ))}
    </table>
  );
}

interface RowProps {
  row: TableRow;
  logdir: string;
  sameMetric: boolean;
  open: (run: string) => void;
}

/** Sorting and filtering move rows without drawing them again: the same element is left alone. */
function RunRow(props: RowProps) {
  const { row, logdir, sameMetric, open } = props;
  return useMemo(() => <DrawnRow {...props} />, [row, logdir, sameMetric, open]);
}

function DrawnRow({ row, logdir, sameMetric, open }: RowProps) {
  const { run, latest } = row;
  const belongs = belonging(run);
  return (
    <tbody>
      <tr>
        <th scope="row" rowSpan={2}>
          <div class="line">
            <button type="button" class="name" data-run={run.name} onClick={() => open(run.name)}>
              <RunName name={run.name} logdir={logdir} />
            </button>
            {latest && <span class="badge latest">latest</span>}
          </div>
          <div class="line-2">
            {taskWord(run.task)} · {frameworkWord(run.framework)}
            {run.stage !== null && ` · ${stageWord(run.stage)}`} · <StateMark run={run} />
          </div>
          {belongs && (
            <div class="line-2" title={belongs}>
              <bdi>{belongs}</bdi>
            </div>
          )}
        </th>
        {COLUMNS.map(({ key, numeric, cell }) => (
          <td key={key} class={numeric ? "numeric" : undefined}>
            {cell(row, sameMetric)}
          </td>
        ))}
      </tr>
      <tr>
        <td colSpan={COLUMNS.length} class="row-headline">
          {run.headline}
        </td>
      </tr>
    </tbody>
  );
}

/** The address says "metric" for the column's own direction and "-metric" for the opposite one. */
function directionOf(column: Header): Direction | null {
  const { sort } = place.value;
  if (sort === column.key) return column.first;
  return sort === `-${column.key}` ? OPPOSITE[column.first] : null;
}

/** A click sorts, a second one the other way round, a third returns to the server's order. */
function ColumnHeader({ column, rows }: { column: Header; rows: readonly TableRow[] }) {
  const { key, hint, numeric, first, title } = column;
  const direction = directionOf(column);
  const next = direction === null ? key : direction === first ? `-${key}` : null;
  return (
    <SortHeader
      title={title(rows)}
      hint={hint}
      numeric={numeric}
      direction={direction}
      onClick={() => go({ sort: next }, "replace")}
    />
  );
}

function inChosenOrder(rows: readonly TableRow[]): readonly TableRow[] {
  for (const column of [NAME, ...COLUMNS]) {
    const direction = directionOf(column);
    if (direction) return sortBy(rows, column.order, direction);
  }
  return rows;
}

/** New data do not move rows while the pointer is over them; a click on a header does. */
function useSteadyOrder(rows: readonly TableRow[], table: { current: HTMLElement | null }) {
  const [, redraw] = useState({});
  const held = useRef(false);
  const shown = useRef<{ sort: string | undefined; names: string[] }>({
    sort: undefined,
    names: [],
  });
  useLayoutEffect(() => {
    const element = table.current;
    if (!element) return;
    const hold = () => {
      held.current = true;
    };
    const release = () => {
      held.current = false;
      redraw({});
    };
    element.addEventListener("pointerenter", hold);
    element.addEventListener("pointerleave", release);
    return () => {
      element.removeEventListener("pointerenter", hold);
      element.removeEventListener("pointerleave", release);
    };
  }, [table]);
  const { sort } = place.value;
  const keep = held.current && shown.current.sort === sort;
  const ordered = keep
    ? keepOrder(rows, shown.current.names, ({ run }) => run.name)
    : inChosenOrder(rows);
  shown.current = { sort, names: ordered.map(({ run }) => run.name) };
  return ordered;
}

/** A row that moves takes its focus along, which moving an element in the document alone loses. */
function useSteadyFocus(table: { current: HTMLElement | null }): void {
  const before = document.activeElement;
  useLayoutEffect(() => {
    if (before instanceof HTMLElement && document.activeElement !== before) {
      if (table.current?.contains(before)) before.focus({ preventScroll: true });
    }
  });
}
