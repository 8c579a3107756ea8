interface Props {
  asTable: boolean;
  set: (asTable: boolean) => void;
}

/** Turns a chart into its numbers and back, at the end of a card's head. */
export function TableButton({ asTable, set }: Props) {
  return (
    <div class="card-tools">
      <button type="button" class="quiet" aria-pressed={asTable} onClick={() => set(!asTable)}>
        View as table
      </button>
    </div>
  );
}
