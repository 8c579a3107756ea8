// The table of runs: groups, rows of two lines, and only as much of it as is near the screen.

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { SortHeader } from "../components/sort_header";
import { count } from "../format";
import { useKeys } from "../keys";
import { ownParts } from "../names";
import { go, place } from "../place";
import { type Direction, OPPOSITE } from "../sort";
import { type Column, type Context, NAME, titleOf, widthOf } from "./columns";
import { useHeld } from "./runs/held";
import type { Group, Item } from "./runs/items";
import { startsOf, useNear } from "./runs/near";
import { RunRow } from "./runs/run_row";
import { choose, chosen } from "./runs/selection";

interface Props {
  items: readonly Item[];
  /** Changes with every choice of the user that moves rows. */
  wish: string;
  columns: readonly Column[];
  context: Context;
  ranks: ReadonlyMap<string, number>;
  logdir: string;
  /** The run to return to, with the place where the page was left. */
  left: { run: string; scroll: number } | null;
  open: (run: string) => void;
  keys: { b: (run: string) => void; x: (run: string) => void };
}

/** Least width of the column of names, and width of the one of boxes to tick, in pixels. */
const NAME_WIDTH = 224;
const PICK_WIDTH = 34;

export function RunsTable(props: Props) {
  const { columns, context, ranks, logdir, open } = props;
  const table = useRef<HTMLTableElement>(null);
  const { items, waiting, show } = useHeld(props.items, props.wish, table);
  const width = columns.reduce(
    (sum, column) => sum + widthOf(column, context),
    PICK_WIDTH + NAME_WIDTH,
  );
  const heights = useHeights(table);
  const sideways = useSideways(table, width);
  const starts = useMemo(
    () => startsOf(items, ({ row }) => (row ? heights.run : heights.group)),
    [items, heights],
  );
  const lines = useMemo(() => startsOf(items, ({ row }) => (row ? 2 : 1)), [items]);
  const names = useMemo(() => items.flatMap(({ row }) => row?.name ?? []), [items]);
  const own = useMemo(() => ownParts(names), [names]);
  // Before the keys, which may lead the focus on.
  useSteadyFocus(table);
  const active = useActive(table, names, props);
  const [first, end] = useNear(starts, table);
  const at = useMemo(() => new Map(items.map(({ key }, index) => [key, index])), [items]);
  const drawn = indices(first, end, at.get(`run ${active}`) ?? -1);
  const picked = chosen.value;
  return (
    <div class={sideways ? "runs-box sideways" : "runs-box"}>
      {waiting > 0 && (
        <button type="button" class="waiting" onClick={show}>
          {waiting} new · show
        </button>
      )}
      <table
        class="runs"
        ref={table}
        style={{ minWidth: `${width}px` }}
        aria-rowcount={1 + (lines[items.length] ?? 0)}
      >
        <colgroup>
          <col style={{ width: `${PICK_WIDTH}px` }} />
          <col style={{ width: `${NAME_WIDTH}px` }} />
          {columns.map((column) => (
            <col key={column.key} style={{ width: `${widthOf(column, context)}px` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <td class="pick">
              <PickAll names={names} />
            </td>
            {[NAME, ...columns].map((column) => (
              <ColumnHeader key={column.key} column={column} context={context} />
            ))}
          </tr>
        </thead>
        {drawn.flatMap((index, nth) => {
          const item = items[index];
          const gap = (starts[index] ?? 0) - (starts[(drawn[nth - 1] ?? -1) + 1] ?? 0);
          const line = (lines[index] ?? 0) + 2;
          return [
            gap > 0 && <Gap key={`above ${index}`} height={gap} />,
            item?.group && (
              <GroupRow key={item.key} group={item.group} index={line} span={columns.length + 2} />
            ),
            item?.row && (
              <RunRow
                key={item.key}
                row={item.row}
                columns={columns}
                context={context}
                logdir={logdir}
                ownFrom={own.get(item.row.name) ?? 0}
                rank={ranks.get(item.row.name) ?? null}
                chosen={picked.has(item.row.name)}
                index={line}
                open={open}
              />
            ),
          ];
        })}
        <Gap
          height={(starts[items.length] ?? 0) - (starts[(drawn[drawn.length - 1] ?? -1) + 1] ?? 0)}
        />
      </table>
    </div>
  );
}

/** The items near the screen, and the one that has the focus wherever it is. */
function indices(first: number, end: number, active: number): number[] {
  const near = Array.from({ length: Math.max(0, end - first) }, (_, nth) => first + nth);
  if (active < 0 || (active >= first && active < end)) return near;
  return active < first ? [active, ...near] : [...near, active];
}

/** The room of items that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tbody aria-hidden="true">
      <tr style={{ height: `${height}px` }} />
    </tbody>
  );
}

interface GroupProps {
  group: Group;
  index: number;
  span: number;
}

function GroupRow({ group: { label, said, runs }, index, span }: GroupProps) {
  return (
    <tbody class="group">
      <tr aria-rowindex={index}>
        <th scope="rowgroup" colSpan={span}>
          <div>
            <bdi class="leaf">{label}</bdi> · {count(runs, "run")}
            {said && runs > 1 && <span class="muted"> · {said}</span>}
          </div>
        </th>
      </tr>
    </tbody>
  );
}

function PickAll({ names }: { names: readonly string[] }) {
  const { size } = chosen.value;
  const picked = size && names.filter((name) => chosen.value.has(name)).length;
  return (
    <label>
      <input
        type="checkbox"
        aria-label="Select all shown"
        checked={picked > 0 && picked === names.length}
        indeterminate={picked > 0 && picked < names.length}
        onChange={() => choose(picked === names.length ? [] : names)}
      />
    </label>
  );
}

type Header = Pick<Column, "key" | "title" | "hint" | "numeric" | "first" | "order">;

/** The address says "metric" for the column's own direction and "-metric" for the opposite one. */
export function directionOf(column: Pick<Column, "key" | "first">): Direction | null {
  const { sort } = place.value;
  if (sort === column.key) return column.first;
  return sort === `-${column.key}` ? OPPOSITE[column.first] : null;
}

/** A click sorts, a second one the other way round, a third returns to the server's order. */
function ColumnHeader({ column, context }: { column: Header; context: Context }) {
  const { key, hint, numeric, first } = column;
  const direction = directionOf(column);
  const next = direction === null ? key : direction === first ? `-${key}` : null;
  return (
    <SortHeader
      title={titleOf(column, context)}
      hint={hint}
      numeric={numeric}
      direction={direction}
      onClick={() => go({ sort: next }, "replace")}
    />
  );
}

/** Measured, because browsers have a least size of letters; until then as the style sheet says. */
function useHeights(table: { current: HTMLElement | null }) {
  const [heights, setHeights] = useState({ run: 68, group: 34 });
  useLayoutEffect(() => {
    const measure = () => {
      const run = heightOf(table.current, "tbody.run");
      const group = heightOf(table.current, "tbody.group");
      setHeights((now) => ({ run: run ?? now.run, group: group ?? now.group }));
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, [table]);
  return heights;
}

/** A narrow page scrolls the table, not itself; a wide one keeps the header in sight. */
function useSideways(table: { current: HTMLElement | null }, width: number): boolean {
  const [sideways, setSideways] = useState(false);
  useLayoutEffect(() => {
    const measure = () => {
      const room = table.current?.parentElement?.clientWidth ?? width;
      setSideways(room < width);
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, [table, width]);
  return sideways;
}

function heightOf(table: HTMLElement | null, what: string): number | undefined {
  return table?.querySelector(what)?.getBoundingClientRect().height;
}

/** The run whose row has the focus or had it last; keys lead to the next and the one before. */
function useActive(
  table: { current: HTMLElement | null },
  names: readonly string[],
  { left, keys, open }: Props,
): string | null {
  const [active, setActive] = useState(left?.run ?? null);
  const wanted = useRef(left?.run ?? null);
  const move = (by: number) => {
    const at = active === null ? -1 : names.indexOf(active);
    const next = names[Math.min(Math.max(0, at + by), names.length - 1)] ?? null;
    wanted.current = next;
    setActive(next);
    if (next === active) focusWanted(table.current, wanted, false);
  };
  const arrow = (by: number) =>
    rowOf(document.activeElement) === undefined ? undefined : () => move(by);
  const onActive = (act: (run: string) => void) => () => {
    if (active !== null) act(active);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    get ArrowDown() {
      return arrow(1);
    },
    get ArrowUp() {
      return arrow(-1);
    },
    Enter: onActive(open),
    x: onActive(keys.x),
    b: onActive(keys.b),
  });
  useLayoutEffect(() => {
    const follow = ({ target }: FocusEvent) => setActive((now) => rowOf(target) ?? now);
    const element = table.current;
    element?.addEventListener("focusin", follow);
    return () => element?.removeEventListener("focusin", follow);
  }, [table]);
  useLayoutEffect(() => {
    if (left) window.scrollTo(0, left.scroll);
  }, []);
  useLayoutEffect(() => focusWanted(table.current, wanted, left !== null));
  return active;
}

function rowOf(target: EventTarget | null): string | undefined {
  return target instanceof Element
    ? target.closest<HTMLElement>("tbody[data-run]")?.dataset.run
    : undefined;
}

/** Once the row that is wanted is drawn. */
function focusWanted(
  table: HTMLElement | null,
  wanted: { current: string | null },
  preventScroll: boolean,
): void {
  if (wanted.current === null) return;
  const rows = [...(table?.querySelectorAll<HTMLElement>("tbody[data-run]") ?? [])];
  const row = rows.find(({ dataset }) => dataset.run === wanted.current);
  row?.querySelector<HTMLElement>(".name")?.focus({ preventScroll });
  if (row) wanted.current = null;
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
