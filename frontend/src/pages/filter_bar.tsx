import type { RefObject } from "preact";
import { Download } from "../components/download";
import { Menu } from "../components/menu";
import { Shape } from "../components/shape";
import { isKind, KINDS, type Kind } from "../filter";
import { EXAMPLES, searchedText } from "../filter_terms";
import { count } from "../format";
import { go } from "../place";
import type { TableRow } from "../schema";
import { LEVELS, RUNNING } from "../words";
import { COLUMNS, isChosen, titleOf, usualColumns } from "./columns";
import { FORMATS, fileName, type Shown } from "./runs/export";
import { WAYS, type Way } from "./runs/items";

interface Props {
  rows: readonly TableRow[];
  text: string;
  unknown: readonly string[];
  kinds: readonly Kind[];
  way: Way;
  /** What an export writes: the selected runs, or all that are shown. */
  shown: Shown;
  search: RefObject<HTMLInputElement | null>;
}

export function FilterBar({ rows, text, unknown, kinds, way, shown, search }: Props) {
  const setText = (q: string) => go({ q }, "replace");
  const setKinds = (show: readonly Kind[]) => go({ show: show.join(",") }, "replace");
  const toggle = (kind: Kind) =>
    setKinds(kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind]);
  return (
    <>
      <search class="bar filter">
        <input
          ref={search}
          type="search"
          aria-label="Filter runs by words and terms"
          aria-keyshortcuts="/"
          placeholder="Filter: name  model=yolo11n  map>0.5  ( / )"
          value={text}
          onFocus={() => rows.forEach(searchedText)}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={({ key, currentTarget }) => {
            if (key !== "Escape") return;
            if (currentTarget.value) setText("");
            else currentTarget.blur();
          }}
        />
        <FilterHelp />
        <div class="chips">
          <button
            type="button"
            class="chip"
            aria-pressed={kinds.length === 0}
            onClick={() => setKinds([])}
          >
            All <b>{rows.length}</b>
          </button>
          {KINDS.map((kind) => (
            <KindChip
              key={kind}
              kind={kind}
              count={rows.filter((row) => isKind(row, kind)).length}
              chosen={kinds.includes(kind)}
              toggle={() => toggle(kind)}
            />
          ))}
        </div>
        <div class="tools">
          <GroupBy way={way} />
          <ColumnsMenu shown={shown} />
          <ExportMenu shown={shown} />
        </div>
      </search>
      {unknown.length > 0 && (
        <p class="notice warning" role="status">
          {unknown.map((term) => (
            <span key={term}>
              <bdi class="path">{term}</bdi> is not understood
            </span>
          ))}
          <span class="muted">and left out; quotes make it a plain word.</span>
        </p>
      )}
    </>
  );
}

function FilterHelp() {
  return (
    <Menu label="?" name="How to filter" class="round">
      <table class="examples">
        <tbody>
          {EXAMPLES.map(([term, meaning]) => (
            <tr key={term}>
              <th scope="row">
                <code>{term}</code>
              </th>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Menu>
  );
}

function GroupBy({ way }: { way: Way }) {
  return (
    <label class="muted">
      Group by{" "}
      <select
        value={way}
        onChange={({ currentTarget }) => go({ by: currentTarget.value }, "replace")}
      >
        {WAYS.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </label>
  );
}

function ColumnsMenu({ shown: { context } }: { shown: Shown }) {
  const choose = (keys: readonly string[]) => {
    const columns = keys.join(",");
    usualColumns.value = columns;
    go({ columns }, "replace");
  };
  const keys = COLUMNS.filter(isChosen).map(({ key }) => key);
  return (
    <Menu label="Columns">
      {COLUMNS.map((column) => (
        <label key={column.key} class="line option" title={column.hint}>
          <input
            type="checkbox"
            checked={isChosen(column)}
            onChange={({ currentTarget: { checked } }) =>
              choose(checked ? [...keys, column.key] : keys.filter((key) => key !== column.key))
            }
          />
          {titleOf(column, context)}
        </label>
      ))}
    </Menu>
  );
}

function ExportMenu({ shown }: { shown: Shown }) {
  return (
    <Menu label="Export" class="export">
      <p class="muted">{count(shown.rows.length, "run")}, columns as shown</p>
      <p class="line">
        {Object.entries(FORMATS).map(([ending, { title, text }]) => (
          <Download key={ending} name={fileName(ending)} text={() => text(shown)}>
            {title}
          </Download>
        ))}
      </p>
    </Menu>
  );
}

interface ChipProps {
  kind: Kind;
  count: number;
  chosen: boolean;
  toggle: () => void;
}

function KindChip({ kind, count: runs, chosen, toggle }: ChipProps) {
  if (runs === 0 && !chosen) return null;
  const { shape, word, many = word } = kind === "running" ? RUNNING : LEVELS[kind];
  return (
    <button type="button" class={`chip ${kind}`} aria-pressed={chosen} onClick={toggle}>
      <Shape>{shape}</Shape>
      <b>{runs}</b> {runs === 1 ? word : many}
    </button>
  );
}
