import type { RefObject } from "preact";
import { isKind, KINDS, type Kind } from "../filter";
import { go } from "../place";
import type { TableRow } from "../schema";
import { LEVELS, RUNNING } from "../words";

interface Props {
  rows: readonly TableRow[];
  text: string;
  kinds: readonly Kind[];
  search: RefObject<HTMLInputElement | null>;
}

export function FilterBar({ rows, text, kinds, search }: Props) {
  const setText = (q: string) => go({ q }, "replace");
  const setKinds = (show: readonly Kind[]) => go({ show: show.join(",") }, "replace");
  const toggle = (kind: Kind) =>
    setKinds(kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind]);
  return (
    <search class="bar filter">
      <input
        ref={search}
        type="search"
        aria-label="Filter runs by name, headline, task or framework"
        aria-keyshortcuts="/"
        placeholder="Filter by name, headline, task, framework  ( / )"
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => {
          if (key !== "Escape") return;
          if (currentTarget.value) setText("");
          else currentTarget.blur();
        }}
      />
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
    </search>
  );
}

interface ChipProps {
  kind: Kind;
  count: number;
  chosen: boolean;
  toggle: () => void;
}

function KindChip({ kind, count, chosen, toggle }: ChipProps) {
  if (count === 0 && !chosen) return null;
  const { shape, word, many = word } = kind === "running" ? RUNNING : LEVELS[kind];
  return (
    <button type="button" class={`chip ${kind}`} aria-pressed={chosen} onClick={toggle}>
      <span class="shape" aria-hidden="true">
        {shape}
      </span>
      <b>{count}</b> {count === 1 ? word : many}
    </button>
  );
}
