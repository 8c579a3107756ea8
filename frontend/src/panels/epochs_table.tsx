import { useMemo, useState } from "preact/hooks";
import { Card } from "../components/card";
import { Download } from "../components/download";
import { Scroll } from "../components/scroll";
import { SortHeader } from "../components/sort_header";
import { csv } from "../csv";
import { count } from "../format";
import type { DetailedRun } from "../schema";
import { type Direction, OPPOSITE, sortBy } from "../sort";
import { capital } from "../words";
import { type Column, epochColumns } from "./epoch_columns";
import type { Panel, PanelProps } from "./panel";

export const epochsTable: Panel = { id: "epochs", place: "details", Content: EpochsTable };

/** Of longer tables only the rows in sight are on the page. */
const ALL_ROWS = 300;
/** As in course.css. */
const ROW_HEIGHT = 24;
/** Rows on the page of a long table: those in sight and as many beyond. */
const WINDOW = 60;

interface Order {
  /** A column's position; -1 is the epoch. */
  column: number;
  direction: Direction;
}

/** Every epoch with all that was logged of it. */
function EpochsTable({ run }: PanelProps) {
  const columns = useMemo(() => epochColumns(run), [run]);
  const [order, setOrder] = useState<Order>({ column: -1, direction: "ascending" });
  const [top, setTop] = useState(0);
  const { epoch } = run.series;
  const rows = useMemo(() => sorted(epoch, columns, order), [epoch, columns, order]);
  if (epoch.length === 0) return null;
  const title = `Every ${run.axis}`;
  const first = rows.length > ALL_ROWS ? Math.min(top, rows.length - WINDOW) : 0;
  const shown = rows.length > ALL_ROWS ? rows.slice(first, first + WINDOW) : rows;
  const header = (column: number, name: string) => (
    <SortHeader
      key={name}
      title={name}
      numeric
      direction={order.column === column ? order.direction : null}
      onClick={() => setOrder(next(order, column, columns[column]))}
    />
  );
  return (
    <Card
      id="epochs"
      title={title}
      kind="wide"
      tools={
        <>
          <span class="muted">{count(epoch.length, run.axis)}; ★ best, ▽ worst of a column</span>
          <div class="card-tools">
            <Download name={`${run.name}-${run.axis}s.csv`} text={() => tableCsv(run, columns)}>
              CSV
            </Download>
          </div>
        </>
      }
    >
      <div onScrollCapture={({ target }) => setTop(rowAbove((target as HTMLElement).scrollTop))}>
        <Scroll label="All values">
          <table class="numbers every-epoch" aria-rowcount={rows.length + 1}>
            <thead>
              <tr>
                {header(-1, run.axis)}
                {columns.map(({ title }, index) => header(index, title))}
              </tr>
            </thead>
            <tbody>
              <Spacer rows={first} />
              {shown.map((row, nth) => (
                <Row key={row} row={row} nth={first + nth} epoch={epoch[row]} columns={columns} />
              ))}
              <Spacer rows={rows.length - first - shown.length} />
            </tbody>
          </table>
        </Scroll>
      </div>
    </Card>
  );
}

/** Changes seldom, so that scrolling by a few rows draws nothing anew. */
const STEP = 10;

function rowAbove(scrolled: number): number {
  const row = Math.floor(scrolled / ROW_HEIGHT / STEP) * STEP;
  return Math.max(0, row - STEP);
}

function Spacer({ rows }: { rows: number }) {
  return rows > 0 ? <tr style={{ height: `${rows * ROW_HEIGHT}px` }} /> : null;
}

function sorted(epochs: readonly number[], columns: readonly Column[], order: Order): number[] {
  const values = columns[order.column]?.values ?? epochs;
  return sortBy([...epochs.keys()], (row) => values[row] ?? null, order.direction);
}

/** The best first where something is best; the other way at the second click. */
function next({ column, direction }: Order, clicked: number, of: Column | undefined): Order {
  if (column === clicked) return { column, direction: OPPOSITE[direction] };
  return { column: clicked, direction: of?.better === "higher" ? "descending" : "ascending" };
}

interface RowProps {
  row: number;
  nth: number;
  epoch: number | undefined;
  columns: readonly Column[];
}

function Row({ row, nth, epoch, columns }: RowProps) {
  return (
    <tr aria-rowindex={nth + 2}>
      <th scope="row" class="numeric">
        {epoch}
      </th>
      {columns.map((column) => (
        <Cell key={column.title} column={column} row={row} />
      ))}
    </tr>
  );
}

function Cell({ column, row }: { column: Column; row: number }) {
  const extreme = extremeWord(column, row);
  return (
    <td class={`numeric ${extreme ? `${extreme}-of` : ""}`}>
      {column.format(column.values[row])}
      {extreme && <span class="unseen"> {extreme}</span>}
    </td>
  );
}

function extremeWord({ best, worst }: Column, row: number): "best" | "worst" | null {
  if (row === best) return "best";
  return row === worst ? "worst" : null;
}

/** The values as they were read, with all their digits. */
function tableCsv({ series, axis }: DetailedRun, columns: readonly Column[]): string {
  const titles = [capital(axis), ...columns.map(({ title }) => title)];
  const rows = series.epoch.map((epoch, row) => [
    epoch,
    ...columns.map(({ values }) => values[row]),
  ]);
  return csv([titles, ...rows]);
}
