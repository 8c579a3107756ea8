// The Runs page: every run under the logdir, best first, each with what to do about it.

import { untracked } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { clock } from "../clock";
import { HelpButton } from "../components/help";
import { Refresh } from "../components/refresh";
import { ReportMenu } from "../components/report_menu";
import { TroubleBanner } from "../components/trouble";
import { filterRows, readKinds } from "../filter";
import { readFilter } from "../filter_terms";
import { count } from "../format";
import { useKeys } from "../keys";
import { go, openRun, place } from "../place";
import type { TableAnswer, TableRow } from "../schema";
import { sortBy } from "../sort";
import { listed, table } from "../table";
import { COLUMNS, type Context, NAME, sharedMetric, shownColumns } from "./columns";
import { FilterBar } from "./filter_bar";
import { BaselineNote, baselineOf, setBaseline, useAgainst } from "./runs/baseline";
import { Digest } from "./runs/digest";
import { itemsOf, mixed, ranksOf, readWay, type Way } from "./runs/items";
import { choose, chosen, compare, SelectionBar, toggle } from "./runs/selection";
import { Empty, Loading, ScanProgress, UnreadableFolders } from "./runs/states";
import { directionOf, RunsTable } from "./runs_table";

/** Where the page was left, to return there. */
let left: { run: string; scroll: number } | null = null;

function leaveFor(run: string): void {
  left = { run, scroll: window.scrollY };
  openRun(run);
}

export function RunsPage() {
  useEffect(() => table.start(), []);
  const answer = table.answer.value;
  return (
    <main>
      <header class="bar">
        <h1 tabIndex={-1}>RunLens</h1>
        {answer && (
          <span class="muted">
            <bdi>{answer.logdir}</bdi> · {count(answer.rows.length, "run")}
          </span>
        )}
        {answer && !answer.progress.complete && <ScanProgress progress={answer.progress} />}
        <span class="spring" />
        <ReportMenu />
        <Refresh poll={table} />
        <HelpButton />
      </header>
      <TroubleBanner poll={table} />
      {answer ? <Content answer={answer} /> : !table.trouble.value && <Loading />}
    </main>
  );
}

function Content({ answer }: { answer: TableAnswer }) {
  const { rows, notes, progress, unreadable, logdir } = answer;
  return (
    <>
      {notes.map((note) => (
        <p class="notice info" key={note}>
          {note}
        </p>
      ))}
      {rows.length > 0 && progress.complete && <Digest />}
      {rows.length > 0 ? (
        <Runs answer={answer} />
      ) : progress.complete ? (
        <Empty logdir={logdir} />
      ) : (
        <Loading />
      )}
      <UnreadableFolders folders={unreadable} open={rows.length === 0} />
    </>
  );
}

function Runs({ answer }: { answer: TableAnswer }) {
  const search = useRef<HTMLInputElement>(null);
  const { rows, data, logdir } = answer;
  const { q: text = "", show, by, sort } = place.value;
  const way = readWay(by);
  const baseline = baselineOf(answer);
  const { poll, differences } = useAgainst(baseline);
  const context = useMemo<Context>(
    () => ({ shared: sharedMetric(rows), baseline, differences, data }),
    [rows, baseline, differences, data],
  );
  const kinds = readKinds(show);
  const filter = useMemo(() => readFilter(text), [text]);
  const shown = useMemo(() => {
    const now = untracked(() => clock.now);
    return inChosenOrder(filterRows(rows, filter, kinds, { data, now }), context);
  }, [rows, filter, show, sort, context]);
  const items = useMemo(() => itemsOf(shown, way, data, baseline), [shown, way, data, baseline]);
  useEffect(() => {
    listed.value = items.flatMap(({ row }) => (row ? [row.name] : []));
  }, [items]);
  const ranks = useMemo(() => ranksOf(rows, data), [rows, data]);
  const picked = useMemo(
    () => shown.filter(({ name }) => chosen.value.has(name)),
    [shown, chosen.value],
  );
  const names = picked.map(({ name }) => name);
  const columns = useMemo(() => shownColumns(context), [context, place.value.columns]);
  const returning = useRef(left);
  left = null;
  useKeys({
    "/": () => {
      search.current?.focus();
      search.current?.select();
    },
    c: () => compare(names, baseline),
    e: unfoldExport,
    Escape: () => choose([]),
  });
  return (
    <>
      <FilterBar
        rows={rows}
        text={text}
        unknown={filter.unknown}
        kinds={kinds}
        way={way}
        shown={{ rows: picked.length > 0 ? picked : shown, columns, context }}
        search={search}
      />
      {baseline !== null && <BaselineNote answer={answer} baseline={baseline} poll={poll} />}
      <MixedNote rows={shown} way={way} sort={sort} />
      {shown.length > 0 ? (
        <RunsTable
          items={items}
          wish={[text, show, by, sort, baseline].join("\n")}
          columns={columns}
          context={context}
          ranks={way === "data" ? ranks : NO_RANKS}
          logdir={logdir}
          left={returning.current}
          open={leaveFor}
          keys={{ b: (run) => setBaseline(answer, run), x: toggle }}
        />
      ) : (
        <div class="empty">
          <p>None of {count(rows.length, "run")} matches.</p>
          <button type="button" onClick={() => go({ q: null, show: null }, "replace")}>
            Clear the filter
          </button>
        </div>
      )}
      <SelectionBar
        names={names}
        baseline={baseline}
        setBaseline={(name) => setBaseline(answer, name)}
      />
    </>
  );
}

const NO_RANKS: ReadonlyMap<string, number> = new Map();

/** Measured values that stand below one another are compared, whether they may be or not. */
const MEASURED = ["metric", "pr", "f1best", "against"];

function MixedNote({ rows, way, sort }: { rows: TableRow[]; way: Way; sort: string | undefined }) {
  const key = sort?.replace("-", "") ?? "metric";
  if (!MEASURED.includes(key) || !mixed(rows, way)) return null;
  return (
    <p class="notice info">
      These runs were measured on different validation data, or it is not known that it is the same:
      their order is no ranking. Group by data to see which can be ranked.
    </p>
  );
}

function inChosenOrder(rows: TableRow[], context: Context): TableRow[] {
  for (const column of [NAME, ...COLUMNS]) {
    const direction = directionOf(column);
    if (direction) return sortBy(rows, (row) => column.order(row, context), direction);
  }
  return rows;
}

function unfoldExport(): void {
  const menu = document.querySelector<HTMLDetailsElement>(".menu.export");
  if (!menu) return;
  menu.open = true;
  menu.querySelector("button")?.focus();
}
