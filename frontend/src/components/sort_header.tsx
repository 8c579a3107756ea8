import type { Direction } from "../sort";

interface Props {
  title: string;
  hint?: string | undefined;
  numeric?: boolean | undefined;
  direction: Direction | null;
  onClick: () => void;
}

/** A column's title that sorts by it. */
export function SortHeader({ title, hint, numeric, direction, onClick }: Props) {
  return (
    <th scope="col" class={numeric ? "numeric" : undefined} aria-sort={direction ?? "none"}>
      <button type="button" class="sort" title={hint} onClick={onClick}>
        {title}
        <span class="arrow" aria-hidden="true">
          {direction === "ascending" ? "▲" : direction === "descending" ? "▼" : ""}
        </span>
      </button>
    </th>
  );
}
